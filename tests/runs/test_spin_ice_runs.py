"""Spin ices as runs: the system that is built, its id, and two islands against the dipole formula."""

import micromagneticmodel as mm
import numpy as np
import pytest
from pydantic import ValidationError
from scipy import constants

from geometries import SpinIce
from runs import Protocol, Relax, Rest, RunSpec, simulate
from runs.system import build_system

SOFT = {"name": "soft", "Ms": 8e5, "A": 1.3e-11, "alpha": 0.1}
RELAX = Protocol(steps=[Relax(), Rest(duration=1e-12)], sampling_interval=1e-12)
SQUARE = {
    "lattice": {"kind": "square", "columns": 2, "rows": 1, "lattice_constant": "180 nm"},
    "island": {"length": "120 nm", "width": "40 nm"},
    "thickness": "10 nm",
    "cell": ("5 nm", "5 nm", "10 nm"),
}


def ice_spec(engine="native", **keys):
    return RunSpec(device=SpinIce(**SQUARE | keys), material=SOFT, protocol=RELAX, engine=engine)


def test_the_system_has_each_islands_magnetisation_direction_and_bias():
    spec = ice_spec(
        disorder={"saturation_magnetisation": 0.05, "seed": 3},
        initial_spins={"kind": "given", "values": [1, -1, 1, -1, 1, -1, 1]},
        ports=[{"name": "in", "role": "held", "sites": [1], "field": "100 kA/m"}],
    )
    system = build_system(spec, drive=False)
    islands, labels = spec.device.islands(spec.material), spec.device.labels().values
    for island, spin in enumerate([1, -1, 1, -1, 1, -1, 1]):
        moment = system.m.array[labels == island + 1]
        expected = spin * float(islands.saturation_magnetisation[island]) * np.append(islands.axis[island], 0)
        np.testing.assert_allclose(moment, np.broadcast_to(expected, moment.shape), atol=1e-6)
    assert not system.m.array[labels == 0].any()
    (bias,) = system.energy.get(type=mm.Zeeman)
    np.testing.assert_allclose(
        bias.H.array[labels == 2], np.broadcast_to((-1e5, 0, 0), (np.sum(labels == 2), 3)), atol=1
    )
    assert system.name == "spin_ice"


def test_the_id_is_pinned_and_tells_ices_apart():
    # If this fails, stored runs are lost to their owners: raise SCHEMA_VERSION and say so in the changelog.
    assert ice_spec("oommf").run_id == "b80471da7ca920e7"
    others = [{"disorder": {"width": 0.02, "seed": seed}} for seed in (1, 2)] + [{"margin": "30 nm"}, {}]
    assert len({ice_spec("oommf", **keys).run_id for keys in others}) == 4


def test_a_device_is_read_by_its_kind():
    spec = ice_spec()
    assert RunSpec.model_validate_json(spec.model_dump_json()) == spec
    content = spec.model_dump(mode="json")
    with pytest.raises(ValidationError, match="'track' is no kind of device"):
        RunSpec.model_validate(content | {"device": content["device"] | {"kind": "track"}})
    with pytest.raises(ValidationError, match=r"device\n.*thinner than two cells"):
        RunSpec.model_validate(content | {"device": content["device"] | {"island": {"length": 1e-7, "width": 8e-9}}})


def pair(engine, spins):
    """Two islands side by side, far apart for their size."""
    rows = [{"x": x, "y": 0, "angle": "90 deg", "length": "60 nm", "width": "20 nm"} for x in (0, "240 nm")]
    ice = SpinIce(
        lattice={"kind": "table", "islands": rows},
        thickness="5 nm",
        cell=("5 nm", "5 nm", "5 nm"),
        margin="5 nm",
        initial_spins={"kind": "given", "values": spins},
    )
    return RunSpec(device=ice, material=SOFT, protocol=RELAX, engine=engine)


@pytest.mark.parametrize("engine", ["native", pytest.param("oommf", marks=pytest.mark.oommf)])
def test_a_pair_of_islands_is_coupled_as_dipoles_are(engine):
    energies = {}
    for spins in [(1, 1), (1, -1), (-1, -1)]:
        spec = pair(engine, spins)
        run = simulate(spec)
        labels = spec.device.labels().values
        moments = [run.m.values[-1][labels == island + 1].mean(axis=0) for island in range(2)]
        # A relaxed island stays on its side, a little splayed at its ends.
        np.testing.assert_allclose([moment @ (0, 1, 0) for moment in moments], spins, atol=0.02)
        energies[spins] = float(run.energy[-1])
    cells = np.sum(labels == 1) * 5e-9**3
    moment = 8e5 * cells * abs(moments[0][1])
    coupling = constants.mu_0 * moment**2 / (4 * np.pi * 240e-9**3)
    # Next order of the multipoles: charges about 50 nm apart weaken it by (9/8) (50/240)^2, 5 %; here it is 3.3 %.
    assert energies[1, 1] - energies[1, -1] == pytest.approx(2 * coupling, rel=0.05)
    assert energies[1, 1] == pytest.approx(energies[-1, -1], rel=1e-6)
