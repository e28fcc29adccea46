import numpy as np
import pytest
import xarray as xr

from analysis import diffusion, drift

DT = 1e-10


def seen(place, resolved=True):
    """What `find_skyrmions` would give of skyrmions at places (t, skyrmion, 2)."""
    frames, count = place.shape[:2]

    def each(value, units=None):
        attrs = {"units": units} if units else {}
        return ("t", "skyrmion"), np.broadcast_to(value, (frames, count)).copy(), attrs

    def of_frame(value, units=None):
        return "t", np.full(frames, value), {"units": units} if units else {}

    found = {name: each(1e-8, "m") for name in ("radius", "width", "edge_distance")}
    found |= {name: each(0.0, "m/s") for name in ("velocity_x", "velocity_y")}
    found |= {"helicity": each(0.0, "rad"), "polarity": each(-1.0), "charge": each(-1.0)}
    found |= {"kind": each("skyrmion"), "resolved": each(resolved)}
    for index, axis in enumerate("xy"):
        found[axis] = found[f"charge_{axis}"] = each(place[..., index], "m")
    found |= {name: of_frame(0.0) for name in ("total_charge", "edge_charge", "unaccounted_charge")}
    found |= {"number": of_frame(count), "wall_length": of_frame(0.0, "m"), "state": of_frame("skyrmions")}
    found |= {f"event_{name}": ("event", np.zeros(0, dtype=int)) for name in ("frame", "skyrmion", "other")}
    found |= {f"event_{axis}": ("event", np.zeros(0), {"units": "m"}) for axis in "xy"}
    found["event_kind"] = ("event", np.zeros(0, dtype="<U8"))
    coordinates = {"t": ("t", np.arange(frames) * DT, {"units": "s"}), "skyrmion": np.arange(count)}
    return xr.Dataset(found, coords=coordinates)


def walks(seed, constant, noise, velocity=(80.0, -30.0), frames=60, count=400):
    rng = np.random.default_rng(seed)
    steps = rng.normal(0, np.sqrt(2 * constant * DT), (frames, count, 2)) + np.array(velocity) * DT
    return np.cumsum(steps, axis=0) + rng.normal(0, noise, (frames, count, 2))


def test_steady_motion():
    t = np.arange(9) * DT
    place = np.stack([100e-9 - 90.0 * t, 50e-9 + 17.3 * t], axis=-1)[:, np.newaxis]
    found = drift(seen(place), along=np.pi)
    assert found.velocity_x.item() == pytest.approx(-90.0)
    assert found.velocity_y.item() == pytest.approx(17.3)
    # From -x clockwise: an angle below 0.
    assert found.hall_angle.item() == pytest.approx(-np.arctan(17.3 / 90))
    assert found.speed_error.item() < 1e-6
    assert found.steps.item() == 8


@pytest.mark.parametrize("noise", [0.0, 2e-8])
def test_errors_hold_the_scatter_of_many(noise):
    found = drift(seen(walks(1, 2e-6, noise)))
    for name, truth in (("velocity_x", 80.0), ("velocity_y", -30.0)):
        scatter = float(found[name].std())
        assert float(found[name].mean()) == pytest.approx(truth, abs=4 * scatter / 20)
        assert float(np.sqrt((found[f"{name}_error"] ** 2).mean())) == pytest.approx(scatter, rel=0.15)
    inside = np.abs(found.velocity_x - 80.0) < found.velocity_x_error
    assert 0.6 < float(inside.mean()) < 0.75


@pytest.mark.parametrize("noise", [0.0, 2e-8])
def test_diffusion_with_and_without_an_error_of_the_positions(noise):
    found = diffusion(seen(walks(2, 2e-6, noise)))
    error = found.mean_diffusion_error.item()
    assert found.mean_diffusion.item() == pytest.approx(2e-6, abs=4 * error)
    assert error < 0.03 * 2e-6
    assert float(found.diffusion.std()) == pytest.approx(float(found.diffusion_error.mean()), rel=0.2)


def test_only_resolved_frames_in_between_count():
    t = np.arange(20) * DT
    place = np.stack([100.0 * t, np.where(t < 1e-9, 0.0, 50.0 * (t - 1e-9))], axis=-1)[:, np.newaxis]
    assert drift(seen(place), between=(0.0, 1e-9)).velocity_y.item() == pytest.approx(0.0, abs=1e-9)
    assert np.isnan(drift(seen(place, resolved=False)).speed.item())


def test_what_is_refused():
    found = seen(walks(4, 1e-6, 0.0, frames=6, count=2))
    with pytest.raises(ValueError, match="holds 0 frames"):
        drift(found, between=(1e-6, 2e-6))
    with pytest.raises(ValueError, match="centre is 'mass'"):
        drift(found, centre="mass")
    with pytest.raises(ValueError, match="need even frames"):
        diffusion(found.isel(t=[0, 1, 3]))
    with pytest.raises(ValueError, match="field steps"):
        drift(found.rename(t="step").assign_coords(step=np.arange(6)))
