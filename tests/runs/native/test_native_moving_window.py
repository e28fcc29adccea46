"""The window that follows a wall or what is reversed: the track beyond its ends, closed forms, heat, errors."""

import jax.numpy as jnp
import micromagneticmodel as mm
import numpy as np
import pytest
from magnets import magnet

import runs.native as nc
from runs.native.time.moving_window import MovingWindow, centred

STEP = 1e-9
COUNT = 72
WIDTH = np.sqrt(1e-11 / 5e5)


def wall(*, reversed_until=None):
    """A chain of cells with a Bloch wall in its middle, without a stray field; or a domain between two walls."""
    energy = mm.Exchange(A=1e-11) + mm.UniaxialAnisotropy(K=5e5, u=(0, 0, 1))
    dynamics = mm.Precession(gamma0=2.211e5) + mm.Damping(alpha=0.2)
    x = (np.arange(COUNT) + 0.5 - COUNT / 2) * STEP
    if reversed_until is None:
        theta = 2 * np.arctan(np.exp(x / WIDTH))
    else:
        theta = 2 * np.arctan2(np.sinh(reversed_until / WIDTH), np.sinh(np.maximum(np.abs(x), 1e-12) / WIDTH))
    m = np.stack([0 * x, np.sin(theta), np.cos(theta)], axis=-1)[:, None, None]
    return magnet((COUNT, 1, 1), m, energy, dynamics, cell=(STEP, 3e-9, 1.5e-9), Ms=6e5)


def place(m):
    """Where m_z = 0 in each frame, in m from the left end of the window."""
    m_z = m[:, :, 0, 0, 2]
    index = np.argmax(m_z < 0, axis=1) - 1
    before, after = m_z[np.arange(len(m)), index], m_z[np.arange(len(m)), index + 1]
    return (index + 0.5 + before / (before - after)) * STEP


@pytest.mark.slow
def test_outside_field_is_that_of_a_much_longer_track():
    # The engine's own terms on a mesh with 400 columns more at each end, any moments and two kinds of DMI.
    rng = np.random.default_rng(0)
    inside = rng.normal(size=(6, 4, 2, 3))
    ends = [np.repeat(column[None], 400, axis=0) for column in (inside[0], inside[-1])]
    energy = mm.Exchange(A=1e-11) + mm.DMI(D=2e-3, crystalclass="Cnv_z") + mm.Demag()
    energy += mm.DMI(D=1e-3, crystalclass="T", name="bulk")
    window = magnet((6, 4, 2), inside, energy, cell=(2e-9, 3e-9, 1.5e-9), Ms=6e5)
    beyond = np.concatenate([ends[0], inside, ends[1]])
    whole = magnet((806, 4, 2), beyond, energy, cell=(2e-9, 3e-9, 1.5e-9), Ms=6e5)
    of_whole = nc.compute(whole.energy.effective_field, whole).array[400:406]
    of_window = nc.compute(window.energy.effective_field, window).array + nc.outside_field(window).array
    torques = np.cross(window.m.orientation.array, of_whole - of_window)
    # The whole ends after 800 nm: a dipole per length of 6 x 12 nm2 is missing there, 72 / (8 pi 800^2) of Ms.
    assert np.abs(torques).max() < 72 / (8 * np.pi * 800**2) * 6e5
    assert np.abs(nc.outside_field(window).array).max() > 6e5


def a_window(reversed_cells, wall_at, count=40):
    """A chain with a sharp wall, and cells of the other sign, in the window that would follow the wall."""
    along = np.where(np.arange(count) < wall_at, 1.0, -1.0)
    along[reversed_cells] *= -1
    m = np.zeros((3, 1, 1, count))
    m[2, 0, 0] = along
    return MovingWindow(jnp.array([1.0, -1.0]), jnp.ones((1, 1)), 2, "wall"), jnp.asarray(m)


@pytest.mark.parametrize("mirrored", [False, True])
def test_what_leaves_the_window_must_be_of_its_domain(mirrored):
    # The wall is 4 cells beyond the middle, less 1 as the reversed cell counts too: 3 columns leave at the other end.
    for cell, expected in ((1, True), (2, True), (3, False)):
        window, m = a_window([39 - cell] if mirrored else [cell], 16 if mirrored else 24)
        moved, cells, lost = centred(window, m)
        assert int(cells) == (-3 if mirrored else 3)
        assert bool(lost) == expected
        assert float(moved[2, 0, 0, 20 - int(cells)]) == float(m[2, 0, 0, 20])


@pytest.mark.slow
def test_a_wall_goes_through_a_window_with_the_velocity_of_the_closed_form():
    # Without an anisotropy in the plane a wall precesses: v = alpha gamma0 Delta H / (1 + alpha^2); and with
    # beta = alpha a current takes it along with u.
    times = np.linspace(0, 2e-9, 9)
    in_field, in_current = wall(), wall()
    in_field.energy += mm.Zeeman(H=(0, 0, 4e5))
    in_current.dynamics += mm.ZhangLi(u=120.0, beta=0.2)
    for system, expected in (
        (in_field, 0.2 * 2.211e5 * WIDTH * 4e5 / (1 + 0.2**2)),
        (in_current, 120.0),
    ):
        m, table = nc.evolve(system, times, moving_window="wall")
        moved = place(m) + table["window_position"].to_numpy()
        velocity = np.diff(moved) / np.diff(times)
        assert moved[-1] - moved[0] > 1.5 * COUNT * STEP
        # The wall's profile in cells of 0.22 Delta is what is left.
        assert velocity == pytest.approx(expected, rel=0.01)
        assert np.ptp(velocity) < 2e-3 * expected
        assert np.abs(place(m) - COUNT / 2 * STEP).max() < 1.05 * STEP
        steps = np.diff(table["window_position"].to_numpy()) / STEP
        assert steps == pytest.approx(np.round(steps), abs=1e-9)


@pytest.mark.slow
def test_what_is_reversed_is_followed_and_a_cold_window_is_not_that_of_a_wall():
    system = wall(reversed_until=14e-9)
    system.dynamics += mm.ZhangLi(u=-80.0, beta=0.2)
    m, table = nc.evolve(system, [0, 0.5e-9, 1e-9], moving_window="reversed")
    assert table["window_position"].iloc[-1] == pytest.approx(-80e-9, abs=2 * STEP)
    assert m[-1, [0, -1], 0, 0, 2] == pytest.approx(1.0, abs=1e-3)
    with pytest.raises(ValueError, match="'wall' needs opposite domains at both ends"):
        nc.evolve(system, [0, 1e-9], moving_window="wall")
    with pytest.raises(ValueError, match="'reversed' needs the same domain at both ends"):
        nc.evolve(wall(), [0, 1e-9], moving_window="reversed")


@pytest.mark.slow
def test_a_domain_that_grows_to_the_ends_stops_the_run():
    system = wall(reversed_until=14e-9)
    system.energy += mm.Zeeman(H=(0, 0, -4e5))
    with pytest.raises(nc.IntegrationError, match=r"come to an end of it, .* give a longer window"):
        nc.evolve(system, [0, 5e-9], moving_window="reversed")


@pytest.mark.slow
def test_heat_in_a_window_is_the_same_each_time_and_a_wall_drifts_on():
    system = wall()
    system.T = 5
    system.dynamics += mm.ZhangLi(u=400.0, beta=0.2)
    heat, times = nc.ThermalField(seed=3, time_step=2e-14), [0, 0.1e-9, 0.2e-9]
    first, table = nc.evolve(system, times, moving_window="wall", thermal=heat)
    again, _ = nc.evolve(system, times, moving_window="wall", thermal=heat)
    assert np.array_equal(first, again)
    # Two evaluations a step of 20 fs, however often the window has moved.
    assert table["evaluations"].tolist() == [0, 10000, 20000]
    moved = place(first) + table["window_position"].to_numpy()
    assert moved[-1] - moved[0] == pytest.approx(80e-9, abs=15e-9)
