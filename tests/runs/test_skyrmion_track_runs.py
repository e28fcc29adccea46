"""Skyrmion tracks in both engines: what varies from cell to cell, currents along a bend, and a driven skyrmion."""

import numpy as np
import pytest

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


@pytest.mark.oommf
@pytest.mark.slow
def test_both_engines_agree_with_grains_and_a_gradient():
    runs = {
        engine: find_skyrmions(simulate(spec_of(engine, grains=GRAINS, anisotropy_gradient={"last": 0.98})))
        for engine in ("native", "oommf")
    }
    for name in ("charge_x", "charge_y", "radius", "width"):
        np.testing.assert_allclose(runs["native"][name], runs["oommf"][name], atol=0.005 * NM)
    moved = np.hypot(*(runs["native"][f"charge_{axis}"].values[-1] - 1e-9 * at for axis, at in (("x", 40), ("y", 28))))
    assert moved.item() > 0.3 * NM
