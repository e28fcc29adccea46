"""Parts of a device have materials of their own, and both engines see the same."""

import micromagneticmodel as mm
import numpy as np
import pytest
from scipy import constants

import runs.native as nc
from geometries import Stripe
from runs import CurrentPulses, FieldRamp, Numerics, Protocol, Relax, Rest, RunSpec, simulate
from runs.system import build_system

# Soft parts have cells that are coarse for them.
pytestmark = pytest.mark.filterwarnings("ignore:the cell is")
FILM = {"name": "film", "Ms": 6e5, "A": 1.2e-11, "Ku": 5e5, "D": 1e-3, "alpha": 0.1, "P": 0.6, "beta": 0.05}
GATE = {"name": "gate", "x": (24e-9, 40e-9), "Ku": -4e5, "A": 0.8e-11, "D": -2e-3, "alpha": 0.3, "easy_axis": (1, 0, 1)}
TOP = {"name": "top", "x": (0, 16e-9), "z": (1e-9, 2e-9), "Ms": 4e5, "Ku": 0}


def spec_of(parts, engine="native", steps=None, **changes):
    stripe = Stripe(
        length=64e-9,
        width=16e-9,
        thickness=2e-9,
        cell=(4e-9, 4e-9, 1e-9),
        walls=[{"position": 30e-9, "kind": "neel", "width": 5e-9}],
        parts=parts,
        **changes.pop("device", {}),
    )
    steps = steps or [CurrentPulses(amplitude=1e12, width=0.1e-9, period=0.1e-9)]
    protocol = Protocol(steps=steps, sampling_interval=0.05e-9)
    return RunSpec(**({"device": stripe, "material": FILM, "protocol": protocol, "engine": engine} | changes))


def shaken(spec, term=None):
    """The system with random moments, with one energy term if it is named."""
    system = build_system(spec, drive=False)
    m = np.random.default_rng(1).normal(size=system.m.array.shape)
    system.m.array = system.m.norm.array * m / np.linalg.norm(m, axis=-1, keepdims=True)
    if term is not None:
        system.energy = next(each for each in system.energy if each.name == term)
    return system


def field_of(system):
    return nc.compute(system.energy.effective_field, system).array


def test_without_parts_every_parameter_is_one_number():
    system = build_system(spec_of([]), drive=True)
    assert not system.m.mesh.subregions
    parameters = [system.energy.exchange.A, system.energy.uniaxialanisotropy.K, system.energy.dmi.D]
    parameters += [system.dynamics.damping.alpha, system.dynamics.zhangli.u]
    assert all(isinstance(value, float) for value in parameters)


def test_what_parts_share_stays_one_number():
    system = build_system(spec_of([{"name": "soft", "x": (0, 20e-9), "Ku": 4e5}]), drive=True)
    assert system.energy.exchange.A == 1.2e-11
    assert system.energy.uniaxialanisotropy.K == {"default": 5e5, "part_soft": 4e5}
    assert isinstance(system.dynamics.zhangli.u, float)


def test_a_part_that_is_all_of_the_device_is_its_material():
    whole = spec_of([{"name": "all", "material": FILM | {"Ku": 3e5}}])
    plain = spec_of([], material=FILM | {"Ku": 3e5})
    np.testing.assert_array_equal(field_of(shaken(whole)), field_of(shaken(plain)))


def test_each_cell_has_the_saturation_of_its_part():
    spec = spec_of([GATE, TOP])
    norm = build_system(spec, drive=False).m.norm.array[..., 0]
    expected = np.full((16, 4, 2), 6e5)
    expected[:4, :, 1] = 4e5
    np.testing.assert_allclose(norm, expected)


def test_inside_a_part_the_fields_are_those_of_its_material():
    spec = spec_of([GATE])
    gate = spec.device.parts[0].material_in(spec.material)
    for term in ("exchange", "uniaxialanisotropy", "dmi"):
        mixed = field_of(shaken(spec, term))
        body, inside = (field_of(shaken(spec_of([], material=each), term)) for each in (spec.material, gate))
        # Two cells that have no neighbour in the other material.
        np.testing.assert_allclose(mixed[7:9], inside[7:9], rtol=1e-12)
        np.testing.assert_allclose(mixed[:5], body[:5], rtol=1e-12)
        np.testing.assert_allclose(mixed[11:], body[11:], rtol=1e-12)


def test_the_exchange_across_a_border_is_the_harmonic_mean():
    # H = 2 A_ab (m_b - m_a) / (mu0 Ms d^2) of the only pair that is not parallel.
    spec = spec_of([{"name": "soft", "x": (32e-9, 64e-9), "A": 0.4e-11}], material=FILM | {"D": 0})
    system = shaken(spec, "exchange")
    m = np.zeros(system.m.array.shape)
    m[:8, ..., 2], m[8:, ..., 0] = 6e5, 6e5
    system.m.array = m
    mean = 2 * 1.2e-11 * 0.4e-11 / 1.6e-11
    field = 2 * mean / (constants.mu_0 * 6e5 * (4e-9) ** 2)
    np.testing.assert_allclose(field_of(system)[7], np.broadcast_to([field, 0, -field], (4, 2, 3)), rtol=1e-6)


def test_each_part_damps_with_its_own_alpha():
    spec = spec_of([GATE])
    system = build_system(spec, drive=False)
    assert system.dynamics.damping.alpha == {"default": 0.1, "part_gate": 0.3}


def test_both_forms_of_the_dmi_can_meet():
    bulk = {"name": "bulk", "x": (32e-9, 64e-9), "material": FILM | {"dmi": "bulk", "D": 2e-3}}
    terms = {term.name: term for term in build_system(spec_of([bulk]), drive=False).energy.get(type=mm.DMI)}
    assert terms["dmi_interfacial"].D == {"default": 1e-3, "part_bulk": 0.0, "entire:part_bulk": 0.5e-3}
    assert terms["dmi_bulk"].D == {"default": 0.0, "part_bulk": 2e-3, "entire:part_bulk": 1e-3}


@pytest.mark.slow
@pytest.mark.oommf
def test_oommf_has_the_same_energy_and_field_of_every_term(tmp_path):
    import oommfc as oc

    spec = spec_of([GATE, TOP])
    options = {"dirname": str(tmp_path), "n_threads": 1, "verbose": 0}
    for name in ("exchange", "uniaxialanisotropy", "dmi", "demag"):
        system = shaken(spec, name)
        native, energy = field_of(system), nc.compute(system.energy.energy, system)
        reference = oc.compute(system.energy.effective_field, system, **options).array
        np.testing.assert_allclose(native, reference, atol=1e-9 * np.abs(reference).max(), err_msg=name)
        assert energy == pytest.approx(oc.compute(system.energy.energy, system, **options), rel=1e-9), name


@pytest.mark.slow
@pytest.mark.oommf
def test_both_engines_move_a_wall_through_parts():
    hard = {"name": "hard", "x": (40e-9, 64e-9), "Ku": 6e5, "alpha": 0.3, "D": 0.5e-3}
    light = {"name": "light", "x": (0, 20e-9), "z": (1e-9, 2e-9), "Ms": 5e5, "A": 1e-11}
    pulse = CurrentPulses(amplitude=2e12, width=0.2e-9, period=0.2e-9, polarity="negative")
    steps = [Relax(), pulse, FieldRamp(to=(0, 0, 2e4), duration=0.1e-9), Rest(duration=0.1e-9)]
    reference, native = (simulate(spec_of([hard, light], engine, steps)) for engine in ("oommf", "native"))
    assert np.ptp(native["mz"].values) > 0.05, "the wall hardly moved, so that this compares nothing"
    for name in ("mx", "my", "mz"):
        np.testing.assert_allclose(native[name], reference[name], atol=2e-3)
    np.testing.assert_allclose(native["energy"], reference["energy"], rtol=1e-3)


@pytest.mark.slow
def test_oommf_is_refused_a_beta_that_differs():
    part = {"name": "other", "x": (0, 20e-9), "material": FILM | {"beta": 0.1}}
    with pytest.raises(ValueError, match=r"beta is 0\.05 and 0\.1 under terminal 'current'.*use engine 'native'"):
        spec_of([part], "oommf")
    terms = list(build_system(spec_of([part]), drive=True).dynamics.get(type=mm.ZhangLi))
    assert sorted(term.beta for term in terms) == [0.05, 0.1]
    assert simulate(spec_of([part], numerics=Numerics(demagnetisation=False)))["mz"].size == 3
