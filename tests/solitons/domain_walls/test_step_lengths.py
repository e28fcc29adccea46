"""Steps where none are given: walls for which nobody tuned them come where steps of 0.5 ps lead."""

from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runs.waveforms.waveform import PiecewiseLinear
from solitons.domain_walls.pinning import AbstractPinning, EndConfinement, PeriodicPinning, PinningSum
from solitons.domain_walls.simulation import follow_wall, follow_walls
from solitons.domain_walls.tilting import Tilting
from solitons.domain_walls.wall_dynamics import WallDynamics

LENGTH = 400e-9
TIMES = np.linspace(0.0, 2e-9, 41)


def between(low, high):
    return st.floats(low, high)


def decades(low, high):
    return between(np.log10(low), np.log10(high)).map(lambda each: 10.0**each)


@pytest.mark.parametrize("field", [5.7e5, 1.138e6, 4.3e6])
@pytest.mark.parametrize("dmi", [0.0, 6e4])
def test_an_angle_that_turns_steadily_is_followed(field, dmi):
    """Far above breakdown slopes hardly differ within a step of 25 ps in which the angle turns by radians."""
    wall = WallDynamics(alpha=0.02, width=7e-9, hard_axis_field=6e4, dmi_field=dmi, polarity=-1)
    fields = [PiecewiseLinear((0.0,), (each,)) for each in (0.0, 0.0, field)]
    start = {"field": fields, "position": 250e-9, "angle": 0.3}
    ours, true = (follow_wall(wall, np.linspace(0, 4e-9, 161), **start, max_step=step) for step in (None, 1e-13))
    np.testing.assert_allclose(ours.position, true.position, atol=1e-3 * 500e-9)


@st.composite
def walls(draw, tilts):
    width, tension = draw(between(3e-9, 12e-9)), draw(between(2e5, 1e6))
    hills = PeriodicPinning(strength=draw(decades(10, 1e4)), period=draw(between(20e-9, 1e-7)), site=0.0)
    ends = {"left": 20e-9, "right": LENGTH - 20e-9, "reach": width / 2, "strength": draw(decades(3e3, 3e5))}
    line = Tilting(stripe_width=draw(between(20e-9, 2e-7)), tension_field=tension, edge_field=draw(between(-3e4, 3e4)))
    return WallDynamics(
        alpha=draw(decades(0.005, 0.5)),
        width=width,
        hard_axis_field=draw(between(-6e4, 6e4)),
        polarity=draw(st.sampled_from([-1.0, 1.0])),
        beta=draw(between(0.0, 0.1)),
        drift_per_current=draw(between(-4e-11, 0.0)),
        damping_like_per_current=draw(between(-5e-8, 5e-8)),
        field_like_per_current=draw(between(-2e-8, 2e-8)),
        # With more of them the line would save energy by its length.
        dmi_field=draw(between(-0.3, 0.3)) * tension,
        pinning=PinningSum((hills, EndConfinement(**ends))),
        tilting=line if tilts else None,
    )


@st.composite
def drives(draw):
    peak = draw(st.sampled_from([0.0, 1.0])) * draw(between(-1e12, 1e12))
    field = [draw(st.sampled_from([0.0, 1.0])) * draw(between(-each, each)) for each in (4e4, 4e4, 2e4)]
    pulse = PiecewiseLinear((0.0, 5e-11, 5e-10, 5.5e-10), (0.0, peak, peak, 0.0))
    return pulse, [PiecewiseLinear((0.0, 3e-11), (0.0, each)) for each in field]


def furthest(wall, drive, start):
    """How far a wall is from one in steps of 0.5 ps, over the length, while a millionth of a rad moves that no more
    than 1e-4 of its width."""
    true, near = (
        follow_wall(wall, TIMES, *drive, **{**start, "angle": start["angle"] + more}, max_step=0.5e-12).position
        for more in (0.0, 1e-6)
    )
    regular = np.logical_and.accumulate(np.abs(near - true) < 1e-4 * wall.width)
    path = follow_wall(wall, TIMES, *drive, **start)
    return np.abs(path.position - true)[regular].max() / LENGTH


STARTS = {"position": between(60e-9, 340e-9), "angle": between(-3.0, 3.0)}


@settings(max_examples=10)
@given(wall=walls(True), drive=drives(), start=st.fixed_dictionaries(STARTS))
def test_random_walls_come_where_short_steps_lead(wall, drive, start):
    assert furthest(wall, drive, start) < 5e-4


@pytest.mark.slow
@pytest.mark.parametrize("tilts", [False, True])
def test_many_random_walls_come_where_short_steps_lead(tilts):
    @settings(max_examples=500)
    @given(wall=walls(tilts), drive=drives(), start=st.fixed_dictionaries(STARTS))
    def check(wall, drive, start):
        assert furthest(wall, drive, start) < 5e-4

    check()


LINE = Tilting(stripe_width=32e-9, tension_field=4.4e5, edge_field=-1e4)
CHIRAL = WallDynamics(alpha=0.02, width=7e-9, hard_axis_field=1e4, polarity=-1, dmi_field=6e4, tilting=LINE)


def test_a_field_across_the_dmi_loses_no_wall_of_low_damping():
    # In fixed steps of 20 ps it is 17 nm off in 2 ns, in those of 25 ps 270 nm, as its tilt grows instead of settling.
    field = [PiecewiseLinear((0.0,), (each,)) for each in (0.0, 2e5, 0.0)]
    start = {"field": field, "position": 0.0, "angle": -1.5}
    true, path = (follow_wall(CHIRAL, TIMES, **start, max_step=step) for step in (0.5e-12, None))
    np.testing.assert_allclose(path.position, true.position, rtol=0, atol=1e-12)
    np.testing.assert_allclose(path.tilt, true.tilt, rtol=0, atol=np.deg2rad(0.5))


def batch(*walls):
    return jax.tree.map(lambda *leaves: np.stack(leaves), *walls)


def test_a_wall_that_no_step_follows_is_nan_and_leaves_the_others():
    plain = replace(CHIRAL, tilting=None)
    lost = replace(plain, hard_axis_field=np.float64(1e12))
    pulse = PiecewiseLinear((0.0,), (1e11,))
    driven = [replace(each, damping_like_per_current=np.float64(2e-8)) for each in (plain, lost, plain)]
    path = follow_walls(batch(*driven), TIMES, [pulse, pulse * 0.5, pulse], position=np.zeros(3), angle=0.3)
    true = follow_wall(driven[0], TIMES, pulse, position=0.0, angle=0.3, max_step=0.5e-12)
    assert np.isnan(path.position[1, -1])
    np.testing.assert_allclose(path.position[[0, 2]], [true.position] * 2, rtol=0, atol=1e-12)
    assert np.ptp(true.position) > 10e-9


class Trough(AbstractPinning):
    """A well that is defined within 30 nm alone, and to which a wall falls in some picoseconds."""

    def push(self, position):
        return -1e15 * position * jnp.sqrt((30e-9) ** 2 - position**2) / 30e-9


def test_a_step_that_leads_where_the_landscape_is_no_number_is_halved():
    wall = WallDynamics(alpha=0.5, width=7e-9, hard_axis_field=2e6, polarity=-1, pinning=Trough())
    fixed, path = (follow_wall(wall, TIMES, position=20e-9, angle=1.5, max_step=each) for each in (25e-12, None))
    assert np.isnan(fixed.position[-1])
    assert abs(path.position[-1]) < 1e-9
