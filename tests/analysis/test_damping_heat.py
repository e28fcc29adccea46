"""Heat by damping against closed forms: a wall that moves on, and a moment that relaxes in a field."""

import numpy as np
import pytest
import xarray as xr

from analysis import artificial, damping_heat
from geometries.materials import GAMMA0, MU0

MS, ALPHA = 600e3, 0.1


def test_a_wall_that_moves_on():
    width, velocity, dt, frames = 10e-9, 40.0, 50e-12, 40
    run = artificial.domain_walls(
        [[100e-9 + velocity * dt * n] for n in range(frames + 1)], t=dt * np.arange(frames + 1), wall_width=width
    )
    heat = damping_heat(run, MS, ALPHA, GAMMA0)
    # |dm/dt|^2 of tanh((x - v t) / width) is (v / width)^2 / cosh^2, whose integral over x is 2 v^2 / width.
    exact = MU0 * ALPHA * MS / GAMMA0 * 2 * velocity**2 / width * 64e-9 * 1e-9 * dt * frames
    assert float(heat[0]) == 0.0
    # Frames 2 nm apart lose (2 nm / 10 nm)^2 / 36 of it at most.
    assert 0.995 < float(heat[-1]) / exact <= 1.0 + 1e-6


def test_a_part_of_a_run_has_the_heat_of_its_cells():
    run = artificial.domain_walls([[200e-9 + 2e-9 * n] for n in range(5)])
    whole, right = (float(damping_heat(each, MS, ALPHA, GAMMA0)[-1]) for each in (run, run.isel(x=slice(20, None))))
    assert right == pytest.approx(whole, rel=1e-3)


def relaxing(theta, field, times):
    """A moment that relaxes towards a field along z, as Landau, Lifshitz and Gilbert have it."""
    rate = GAMMA0 * field / (1 + ALPHA**2)
    polar = 2 * np.arctan(np.tan(theta / 2) * np.exp(-ALPHA * rate * times))
    around = rate * times
    m = np.stack([np.sin(polar) * np.cos(around), np.sin(polar) * np.sin(around), np.cos(polar)], axis=-1)
    run = artificial.domain_walls([[100e-9]] * times.size, t=times, length=8e-9, magnet_width=8e-9)
    whole = np.broadcast_to(m[:, None, None, None, :], run["m"].shape).copy()
    return run.assign(m=(run["m"].dims, whole)), polar


def test_a_moment_that_relaxes_gives_its_energy_to_the_damping():
    times, field = np.linspace(0, 3e-9, 3001), 80e3
    run, polar = relaxing(2.5, field, times)
    magnet = float(np.isfinite(run["m"].values[0, ..., 0]).sum()) * 4e-9 * 4e-9 * 1e-9
    lost = MU0 * MS * magnet * field * (np.cos(polar) - np.cos(polar[0]))
    heat = damping_heat(run.chunk({"t": 100}), MS, ALPHA, GAMMA0)
    np.testing.assert_allclose(heat.values[[300, 1500, -1]], lost[[300, 1500, -1]], rtol=2e-4)


def test_few_frames_give_a_lower_bound():
    times = np.linspace(0, 3e-9, 3001)
    run, _ = relaxing(2.5, 80e3, times)
    fine = float(damping_heat(run, MS, ALPHA, GAMMA0)[-1])
    coarse = float(damping_heat(run.isel(t=slice(None, None, 50)), MS, ALPHA, GAMMA0)[-1])
    assert 0 < coarse < fine


def test_where_there_is_no_damping_there_is_no_heat():
    run, _ = relaxing(2.5, 80e3, np.linspace(0, 1e-10, 11))
    damped = np.zeros(run["m"].shape[1:4])
    assert float(damping_heat(run, MS, damped, GAMMA0)[-1]) == 0.0


def test_a_moving_window_is_refused():
    run = artificial.domain_walls([[100e-9], [110e-9]])
    moved = run.assign(window_position=xr.DataArray([0.0, 4e-9], dims="t", attrs={"units": "m"}))
    with pytest.raises(ValueError, match="moving window"):
        damping_heat(moved, MS, ALPHA, GAMMA0)
