"""Trajectories: the drive of a run, exactly, and where a device is read."""

import numpy as np
import pytest
import xarray as xr
from rows import rows

from runs import simulate
from runs.protocols.in_time import Protocol
from runs.protocols.pulses import CurrentPulses
from runs.protocols.steps import FieldRamp, Rest
from runs.waveforms.waveform import PiecewiseLinear
from solitons.domain_walls.trajectory import Trajectory, rest_samples, trajectory_from
from solitons.drives.drive_steps import pulses_of

TIME = np.arange(9) * 0.5e-9
PULSES = PiecewiseLinear(
    (0.0, 1e-9, 1e-9, 1.5e-9, 1.5e-9, 3e-9, 3e-9, 3.5e-9, 3.5e-9),
    (0.0, 0.0, 2e12, 2e12, 0.0, 0.0, -3e12, -3e12, 0.0),
)


def trajectory(**changes):
    seen = {"time": TIME, "position": np.linspace(1e-7, 2e-7, 9), "current_density": PULSES} | changes
    return Trajectory(run_id="r1", length=5e-7, **seen)


@rows(
    ("wave", "pulses"),
    [
        (PULSES, [[1e-9, 1.5e-9, 2e12], [3e-9, 3.5e-9, 3e12]]),
        (PiecewiseLinear((0.0,), (0.0,)), []),
        (PiecewiseLinear((0.0, 1.0, 2.0, 3.0), (0.0, 4.0, 4.0, 0.0)), [[0.0, 3.0, 4.0]]),
        # Two triangles that touch at zero are two pulses, a reversal without a rest is one.
        (PiecewiseLinear((0.0, 1.0, 2.0, 3.0, 4.0), (0.0, 1.0, 0.0, 2.0, 0.0)), [[0, 2, 1], [2, 4, 2]]),
        (PiecewiseLinear((0.0, 0.0, 1.0, 1.0, 2.0, 2.0), (0, 1, 1, -3, -3, 0)), [[0, 2, 3]]),
        (PiecewiseLinear((0.0,), (-5.0,)), [[-np.inf, np.inf, 5.0]]),
        (PiecewiseLinear((1.0, 1.0), (0.0, 5.0)), [[1.0, np.inf, 5.0]]),
        (PiecewiseLinear((1.0, 1.0), (5.0, 0.0)), [[-np.inf, 1.0, 5.0]]),
    ],
)
def test_pulses_of_waveforms(wave, pulses):
    np.testing.assert_allclose(pulses_of(wave), np.reshape(pulses, (-1, 3)), rtol=1e-12)


def test_a_device_is_read_at_the_end_of_every_rest():
    np.testing.assert_array_equal(rest_samples(trajectory()), [6, 8])


def test_a_wall_that_left_is_not_read():
    position = np.linspace(1e-7, 2e-7, 9)
    position[7:] = np.nan
    np.testing.assert_array_equal(rest_samples(trajectory(position=position)), [6])
    position[1:] = np.nan
    assert rest_samples(trajectory(position=position)).size == 0


def test_without_pulses_only_the_end_is_read():
    still = PiecewiseLinear((0.0,), (0.0,))
    np.testing.assert_array_equal(rest_samples(trajectory(current_density=still)), [8])


@rows(
    ("changes", "said"),
    [
        ({"position": np.zeros(8)}, r"run r1: position has shape \(8,\), time has \(9,\)"),
        ({"angle": np.zeros(3)}, r"angle has shape \(3,\)"),
        ({"time": TIME[::-1]}, "time must increase"),
        ({"time": np.where(TIME > 2e-9, np.nan, TIME)}, "time must increase"),
        ({"time": TIME[:1], "position": np.zeros(1)}, "two samples or more"),
        ({"position": np.full(9, np.nan)}, "no position at the first sample"),
        ({"polarity": 0}, r"polarity = 0 must be \+1 or -1"),
    ],
)
def test_a_trajectory_that_cannot_be_is_refused(changes, said):
    with pytest.raises(ValueError, match=said):
        trajectory(**changes)


@pytest.fixture
def run_and_walls(make_spec):
    spec = make_spec(
        protocol=Protocol(
            steps=[
                CurrentPulses(amplitude=1e12, width=0.2e-9, rise=20e-12, period=0.3e-9, polarity="negative"),
                FieldRamp(to=(0.0, 0.0, 500.0), duration=0.2e-9),
                Rest(duration=0.1e-9),
            ],
            static_field=(10.0, 0.0, -20.0),
            sampling_interval=50e-12,
        )
    )
    run = simulate(spec)
    of_both = np.ones((run.sizes["t"], 2))
    walls = xr.Dataset(
        {
            "position": (("t", "wall"), [60e-9, 120e-9] * of_both),
            "angle": (("t", "wall"), [0.1, 0.2] * of_both),
            "polarity": ("wall", [-1, 1]),
        },
        coords={"t": run["t"]},
    )
    return run, walls, spec.protocol


def test_breakpoints_come_from_the_spec(run_and_walls):
    run, walls, protocol = run_and_walls
    one = trajectory_from(run, walls, length=160e-9)
    assert one.current_density == protocol.current_density
    fine = np.linspace(0.0, protocol.duration, 333)
    for wave, reference, static in zip(one.field, protocol.applied_field, (10.0, 0.0, -20.0), strict=True):
        np.testing.assert_allclose(wave(fine), reference(fine) + static, rtol=1e-12, atol=1e-12)
    assert one.run_id == run.attrs["run_id"]
    assert (one.length, one.polarity) == (160e-9, -1)
    np.testing.assert_array_equal(one.position, 60e-9)


def test_without_a_spec_the_samples_are_joined(run_and_walls):
    run, walls, _ = run_and_walls
    del run.attrs["spec"]
    one = trajectory_from(run, walls, length=160e-9, wall=1)
    np.testing.assert_array_equal(one.current_density.times, run["t"])
    np.testing.assert_array_equal(one.current_density.values, run["current_density"])
    for index, wave in enumerate(one.field):
        np.testing.assert_array_equal(wave.values, run["applied_field"][:, index])
    assert one.polarity == 1
    np.testing.assert_array_equal(one.angle, 0.2)


@pytest.mark.parametrize("wall", [2, -3])
def test_a_wall_that_is_not_there_is_refused(run_and_walls, wall):
    run, walls, _ = run_and_walls
    with pytest.raises(ValueError, match=f"has 2 walls, so none has index {wall}; choose another wall"):
        trajectory_from(run, walls, length=160e-9, wall=wall)
