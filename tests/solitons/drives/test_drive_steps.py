"""Steps of a drive: they end where they must, and see each side of a jump."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rows import rows

from runs.waveforms.waveform import PiecewiseLinear
from solitons.drives.drive_steps import drive_steps, stack_drives

PULSE = PiecewiseLinear((0.0, 1e-9, 1e-9, 3e-9, 3e-9), (0.0, 0.0, 4e11, 4e11, 0.0))


def marks(drive, start=0.0):
    return start + np.concatenate([[0.0], np.cumsum(drive.step)])


def test_steps_end_on_samples_and_breakpoints_and_are_short_enough():
    drive = drive_steps([0.0, 0.7e-9, 4e-9], PULSE, max_step=0.3e-9)
    ends = marks(drive)
    for wanted in (0.7e-9, 1e-9, 3e-9, 4e-9):
        assert np.min(np.abs(ends - wanted)) < 1e-20
    assert np.max(drive.step) <= 0.3e-9 * (1 + 1e-8)
    np.testing.assert_allclose(ends[drive.sample], [0.0, 0.7e-9, 4e-9], rtol=1e-12)


def test_both_sides_of_a_jump_are_seen_exactly():
    drive = drive_steps([0.0, 4e-9], PULSE, max_step=0.25e-9)
    start = marks(drive)[:-1]
    inside = (start > 1e-9 - 1e-15) & (start < 3e-9 - 1e-15)
    assert np.all(drive.current_density[inside] == 4e11)
    assert np.all(drive.current_density[~inside] == 0.0)
    assert np.sum(drive.step[inside]) == pytest.approx(2e-9, rel=1e-12)


def test_a_ramp_is_seen_exactly_at_start_middle_and_end():
    ramp = PiecewiseLinear((1e-9, 2e-9, 2e-9), (3.0, 5.0, -1.0))
    drive = drive_steps([0.0, 3e-9], field=(ramp, ramp * 2.0, ramp * -1.0), max_step=0.5e-9)
    expected = [[3, 3, 3], [3, 3, 3], [3, 3.5, 4], [4, 4.5, 5], [-1, -1, -1], [-1, -1, -1]]
    np.testing.assert_allclose(drive.field[..., 0], expected, rtol=1e-12)
    np.testing.assert_allclose(drive.field[..., 1], 2.0 * np.array(expected), rtol=1e-12)
    assert drive.field.shape == (6, 3, 3)
    np.testing.assert_array_equal(drive.current_density, 0.0)


def test_a_breakpoint_that_is_a_sample_but_for_rounding_makes_no_step_of_its_own():
    times = np.array([0.0, 0.1 + 0.2, 1.0]) * 1e-9
    wave = PiecewiseLinear((0.0, 0.3e-9, 0.3e-9), (1.0, 1.0, 0.0))
    assert times[1] > wave.times[1]
    earlier = times.copy()
    earlier[1] = np.nextafter(wave.times[1], 0.0)
    for samples in (times, earlier):
        drive = drive_steps(samples, wave, max_step=1e-9)
        assert drive.step.size == 2
        np.testing.assert_array_equal(drive.sample, [0, 1, 2])
        # Although the step starts on the jump but for rounding, it sees the later value.
        np.testing.assert_array_equal(drive.current_density, [[1.0] * 3, [0.0] * 3])


def test_one_sample_needs_no_step():
    drive = drive_steps([2e-9], PULSE)
    assert drive.step.size == 0
    np.testing.assert_array_equal(drive.sample, [0])


@settings(max_examples=50, deadline=None)
@given(
    samples=st.lists(st.integers(0, 4000), min_size=1, max_size=12, unique=True),
    points=st.lists(st.tuples(st.integers(-500, 4500), st.floats(-1, 1)), min_size=1, max_size=9),
    longest=st.floats(20e-12, 900e-12),
)
def test_the_steps_carry_the_waveforms_integral(samples, points, longest):
    # Simpson's rule is exact on a line: the sum over the steps is the trapezoidal integral of the waveform.
    times = np.sort(samples) * 1e-12
    at, values = zip(*sorted(points, key=lambda point: point[0]), strict=True)
    wave = PiecewiseLinear(tuple(t * 1e-12 for t in at), values)
    drive = drive_steps(times, wave, max_step=longest)
    np.testing.assert_allclose(marks(drive, times[0])[drive.sample], times, rtol=1e-9, atol=1e-20)
    got = np.sum(drive.step * (drive.current_density @ [1 / 6, 4 / 6, 1 / 6]))
    knots = np.unique(np.concatenate([times, np.clip(wave.times, times[0], times[-1])]))
    middle = wave((knots[1:] + knots[:-1]) / 2)  # exact for a line, and blind to which side a jump is on
    assert got == pytest.approx(np.sum(np.diff(knots) * middle), rel=1e-9, abs=1e-20)


def test_a_batch_is_padded_with_steps_of_no_length():
    short = drive_steps([0.0, 1e-9], PULSE, max_step=0.5e-9)
    long = drive_steps([0.0, 2e-9, 4e-9], PULSE, max_step=0.5e-9)
    both = stack_drives([short, long])
    assert both.step.shape == (2, 8)
    np.testing.assert_array_equal(both.step[0, 2:], 0.0)
    np.testing.assert_array_equal(both.sample, [[0, 2, 2], [0, 4, 8]])
    np.testing.assert_array_equal(both.current_density[1], long.current_density)


@rows(
    ("make", "said"),
    [
        (lambda: drive_steps([]), "times has shape"),
        (lambda: drive_steps([0.0, 0.0]), "does not increase throughout"),
        (lambda: drive_steps([0.0, np.nan]), "does not increase throughout"),
        (lambda: drive_steps([0.0, 1.0], max_step=0.0), r"max_step = 0\.0 s must be positive"),
        (lambda: drive_steps([0.0, 1.0], field=(PULSE,)), "field has 1 components; give three"),
        (lambda: stack_drives([]), "drives is empty; give at least one"),
    ],
)
def test_bad_input_is_refused(make, said):
    with pytest.raises(ValueError, match=said):
        make()
