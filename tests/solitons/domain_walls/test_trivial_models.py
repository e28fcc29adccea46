"""What a model must beat: the best guess of who knows nothing of walls."""

import numpy as np
import pytest
from rows import rows

from runs.waveforms.waveform import PiecewiseLinear
from solitons.domain_walls.trajectory import Trajectory
from solitons.domain_walls.trivial_models import pulse_charges, trivial_models

WIDTH, PERIOD = 0.4e-9, 1e-9
TIMES = np.linspace(0.0, 4e-9, 41)


def run_of(name, amplitudes, step):
    """A wall that each pulse moves by `step` of its amplitude, in rectangular pulses with a rest behind each."""
    times, values, rests, position = [0.0], [0.0], [0.0], [100e-9]
    for index, amplitude in enumerate(amplitudes):
        begin, end = index * PERIOD, index * PERIOD + WIDTH
        times += [begin, begin, end, end]
        values += [0.0, amplitude, amplitude, 0.0]
        rests += [begin, end]
        position += [position[-1], position[-1] + step(amplitude)]
    wave = PiecewiseLinear(tuple(times), tuple(values))
    return Trajectory(name, TIMES, np.interp(TIMES, rests, position), wave, length=400e-9)


def runs_of(step):
    trains = {"weak": 1e12, "strong": 2e12, "middle": 1.5e12}
    return [run_of(name, [size, size, -size, size], step) for name, size in trains.items()]


@rows(
    ("step", "says"),
    [
        (lambda _: 0.0, "stays"),
        (lambda amplitude: 20e-9 * np.sign(amplitude), "equally far"),
        (lambda amplitude: 20e-9 * amplitude / 1e12, "charge"),
    ],
)
def test_who_is_right_is_best_and_exact(step, says):
    *trained, held_out = runs_of(step)
    best, *others = trivial_models(trained, [held_out])
    assert says in best.says
    assert best.rms < 1e-15
    assert [model.rms for model in others] == sorted(model.rms for model in others)


def test_a_run_that_was_fitted_is_predicted_from_the_others():
    runs = runs_of(lambda amplitude: 20e-9 * np.sign(amplitude))
    odd = run_of("odd", [3e12] * 4, lambda _: 0.0)
    every = [*runs, odd]
    alone = trivial_models([run for run in every if run is not odd], [odd])
    assert {each.says: each.rms for each in trivial_models(every, [odd])} == {each.says: each.rms for each in alone}
    assert [each.rms for each in trivial_models([odd], [odd])] == [0.0], "without others nothing has a step"


def test_charges_have_the_sign_of_their_pulses():
    run = run_of("both", [1e12, -2e12, 0.5e12, 1e12], lambda _: 0.0)
    np.testing.assert_allclose(pulse_charges(run), np.array([1e12, -2e12, 0.5e12, 1e12]) * WIDTH)


def test_walls_that_left_at_once_leave_nothing_to_compare():
    run = runs_of(lambda _: 0.0)[0]
    gone = Trajectory("gone", run.time, np.where(run.time > 0, np.nan, run.position), run.current_density, run.length)
    with pytest.raises(ValueError, match="no held-out run has a rest at which its wall is there"):
        trivial_models([run], [gone])
