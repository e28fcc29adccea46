"""Skyrmion tracks in both engines: what varies from cell to cell, currents along a bend, and a driven skyrmion."""

import numpy as np
import pytest

import runs.native as nc
from analysis import drift, find_skyrmions
from geometries import SkyrmionTrack
from runs import RunSpec, simulate
from runs.system import build_system

NM = 1e-9
FILM = {"name": "film", "Ms": 5.8e5, "A": 1.5e-11, "Ku": 8e5, "D": 3.2e-3, "alpha": 0.3, "P": 0.4, "beta": 0.3,
        "spin_hall_angle": 0.1}  # fmt: skip
GRAINS = {"size": "15 nm", "anisotropy_spread": 0.02, "axis_spread": "2 deg", "seed": 3}


def spec_of(engine="native", duration="60 ps", material=FILM, amplitude="2e11 A/m^2", **fields):
    plain = {
        "path": {"kind": "straight", "length": "96 nm"},
        "width": "56 nm",
        "thickness": "1 nm",
        "cell": ("2 nm", "2 nm", "1 nm"),
        "skyrmions": [{"position": ("40 nm", "28 nm"), "radius": "9 nm", "width": "4.2 nm"}],
    }
    current = {"do": "constant current", "amplitude": amplitude, "duration": duration}
    protocol = {"steps": [current], "sampling_interval": "20 ps"}
    device = SkyrmionTrack.model_validate(plain | fields)
    return RunSpec(device=device, material=material, protocol=protocol, engine=engine)


def test_gradient_and_grains_are_fields_of_the_anisotropy():
    spec = spec_of(grains=GRAINS, anisotropy_gradient={"last": 0.9})
    term = build_system(spec, drive=True).energy.uniaxialanisotropy
    constant, axes = spec.device.local_anisotropy(spec.material)
    np.testing.assert_array_equal(term.K.array[..., 0], constant)
    np.testing.assert_array_equal(term.u.array, axes)
    assert build_system(spec_of(), drive=True).energy.uniaxialanisotropy.K == 8e5


def test_the_torque_follows_a_bend():
    bend = {"kind": "curved", "lead": "60 nm", "radius": "60 nm", "angle": "90 deg"}
    for kind in ("heavy_metal", "in_plane"):
        metal = {"kind": kind, "name": "metal", "along_path": True}
        spec = spec_of(path=bend, skyrmions=[], terminals=[metal])
        dynamics = build_system(spec, drive=True).dynamics
        paths, magnet = spec.device.current_paths(), spec.device.mask()[:, :, 0]
        if kind == "heavy_metal":
            term = dynamics.slonczewski
            # sigma = z x J.
            along = np.stack([term.mp.array[:, :, 0, 1], -term.mp.array[:, :, 0, 0]], axis=-1) * term.J.array[:, :, 0]
            np.testing.assert_allclose(along[magnet], 2e11 * paths[magnet])
            assert (term.J.array >= 0).all()
        else:
            u = dynamics.zhangli.u.array[:, :, 0, :2]
            np.testing.assert_allclose(u[magnet] / u[0, magnet[0].argmax(), 0], paths[magnet])


@pytest.mark.parametrize("dmi", ["interfacial", "bulk"])
@pytest.mark.parametrize("strength", [3e-3, -3e-3])
@pytest.mark.parametrize("background", [1, -1])
@pytest.mark.parametrize("kind", ["skyrmion", "skyrmionium"])
def test_the_helicity_that_is_left_open_has_the_lowest_energy(dmi, strength, background, kind):
    film = FILM | {"D": strength, "dmi": dmi}
    energies = []
    for turn in (None, 0.0, np.pi / 2, np.pi, -np.pi / 2):
        texture = {"position": ("48 nm", "28 nm"), "radius": "16 nm", "width": "3 nm", "kind": kind, "helicity": turn}
        spec = spec_of(material=film, skyrmions=[texture], background=background)
        system = build_system(spec, drive=False)
        energies.append(nc.compute(system.energy.dmi.energy, system))
    assert energies[0] == pytest.approx(min(energies), rel=1e-9)
    assert sorted(energies)[2] - energies[0] > 0.5 * abs(energies[0])


def test_oommf_refuses_a_negative_anisotropy_that_varies():
    below = FILM | {"Ku": -1e5}
    with pytest.raises(ValueError, match="reads the absolute value of what varies in space; use engine 'native'"):
        spec_of(engine="oommf", material=below, anisotropy_gradient={"last": 0.9})
    assert spec_of(engine="native", material=below, anisotropy_gradient={"last": 0.9}).device.shape == (48, 28, 1)


def test_what_cannot_start_is_refused_before_anything_runs():
    close = [{"position": ("30 nm", "28 nm"), "radius": "9 nm"}, {"position": ("50 nm", "28 nm"), "radius": "9 nm"}]
    with pytest.raises(ValueError, match="overlap: their centres are 20 nm apart; put them at least 28"):
        spec_of(skyrmions=close)
    with pytest.raises(ValueError, match="so that nothing would vary"):
        spec_of(material=FILM | {"Ku": 0.0}, grains=GRAINS)


@pytest.mark.slow
def test_a_spin_orbit_torque_moves_a_skyrmion():
    found = find_skyrmions(simulate(spec_of(duration="100 ps")))
    assert found.sizes["skyrmion"] == 1
    assert not found.sizes["event"]
    assert (found.charge == -1).all()
    np.testing.assert_allclose(found.unaccounted_charge, 0, atol=1e-9)
    assert drift(found).speed.item() > 10


BEND = {"kind": "curved", "lead": "40 nm", "radius": "50 nm", "angle": "60 deg"}


@pytest.mark.oommf
@pytest.mark.slow
@pytest.mark.parametrize(
    "fields",
    [
        {"grains": GRAINS, "anisotropy_gradient": {"last": 0.98}},
        {"path": BEND, "terminals": [{"kind": "heavy_metal", "name": "metal", "along_path": True}]},
    ],
)
def test_both_engines_agree(fields):
    specs = {engine: spec_of(engine, **fields) for engine in ("native", "oommf")}
    runs = {engine: find_skyrmions(simulate(spec)) for engine, spec in specs.items()}
    for name in ("charge_x", "charge_y", "radius", "width"):
        np.testing.assert_allclose(runs["native"][name], runs["oommf"][name], atol=0.005 * NM)
    native = runs["native"]
    assert np.hypot(*(np.ptp(native[f"charge_{axis}"].values) for axis in "xy")) > 0.3 * NM


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["native", pytest.param("oommf", marks=pytest.mark.oommf)])
def test_a_local_pulse_of_current_through_the_plane_creates_a_skyrmion(engine):
    # Antidamping overcomes damping in the contact: alpha (2 Ku / mu0 Ms - Ms) is 0.48 MA/m here, the torque's field
    # hbar P J / (2 e mu0 Ms t) 1.8 MA/m.
    contact = {
        "kind": "through_plane",
        "name": "contact",
        **dict.fromkeys("xy", ("24 nm", "56 nm")),
        "polariser": (0, 0, -1),
        "polarisation": 0.4,
    }
    track = {"path": {"kind": "straight", "length": "80 nm"}, "width": "80 nm", "cell": ("4 nm", "4 nm", "1 nm")}
    spec = spec_of(engine, skyrmions=[], terminals=[contact], **track)
    pulse = {"do": "current pulses", "amplitude": "1e13 A/m^2", "width": "0.2 ns", "rise": "20 ps", "period": "0.8 ns"}
    steps = {"steps": [pulse | {"polarity": "positive"}], "sampling_interval": "50 ps"}
    spec = RunSpec.model_validate(spec.model_dump() | {"protocol": steps})
    found = find_skyrmions(simulate(spec))
    assert found.sizes["skyrmion"] == 1
    assert found.event_kind.values[0] == "creation"
    assert found.event_t.values[0] <= 0.2e-9
    assert [float(found[f"event_{axis}"][0]) for axis in "xy"] == pytest.approx([40 * NM, 40 * NM], abs=0.1 * NM)
    # It is that of a film in which a skyrmion was put at the beginning.
    put = [{"position": ("40 nm", "40 nm"), "radius": "9 nm", "width": "4.2 nm"}]
    rest = {"steps": [{"do": "rest", "duration": "0.5 ns"}], "sampling_interval": "0.5 ns"}
    placed = RunSpec.model_validate(spec_of(engine, skyrmions=put, **track).model_dump() | {"protocol": rest})
    settled = find_skyrmions(simulate(placed))
    assert float(found.radius[-1, 0]) == pytest.approx(float(settled.radius[-1, 0]), rel=2e-3)
    assert float(found.charge[-1, 0]) == pytest.approx(-1, abs=1e-6)
