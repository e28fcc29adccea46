"""Two walls are fitted: truth that the pair's own model made is found, and a fit says where it is none."""

import itertools
from dataclasses import replace

import numpy as np
import pytest

from geometries import Material
from runs.waveforms.waveform import PiecewiseLinear
from solitons.domain_walls.pair_fit import fit_wall_pair
from solitons.domain_walls.pair_problem import PairRun, pair_paths
from solitons.domain_walls.wall_dynamics import wall_from_material
from solitons.domain_walls.wall_pair import follow_wall_pair, pair_interaction
from solitons.fits.consider_parameters import Considered

FILM = Material(name="film", Ms=6e5, A=1.2e-11, Ku=5e5, alpha=0.3, D=1e-3, spin_hall_angle=0.1)
SIZE = {"thickness": 1e-9, "stripe_width": 32e-9, "width": 6e-9}
PAIR = pair_interaction(FILM, length=320e-9, **SIZE)
WALL = wall_from_material(FILM, polarity=-1, torques=("spin-orbit",), **SIZE)
TIMES = np.linspace(0.0, 1.5e-9, 16)
STILL, SHAPE = PiecewiseLinear((0.0,), (0.0,)), 1.6e4


def pulse(amplitude):
    return PiecewiseLinear((0.0, 0.5e-9, 0.5e-9), (amplitude, amplitude, 0.0))


def squeezed(strength):
    return tuple(PiecewiseLinear((0.0,), (h,)) for h in (0.0, 0.0, strength))


DRIVES = ((STILL, 0.0, 34e-9), (pulse(8e10), 0.0, 44e-9), (STILL, 1e3, 44e-9), (STILL, 0.0, 40e-9))
MORE = ((pulse(4e10), 0.0, 36e-9), (pulse(-6e10), 0.0, 38e-9), (STILL, 5e2, 38e-9))


def made(strength=1.0, wall=WALL, noise=0.1e-9, turn=0.02, seed=1, drives=DRIVES, on_first=False, memory=0.0):
    """Walls at several distances, left alone, pushed by a current and squeezed by a field.

    `memory` is how much of an error is left at the next sample.
    """
    generator, runs = np.random.default_rng(seed), []
    for index, (current, field, distance) in enumerate(drives):
        places, angles = (np.full((2, TIMES.size), each) for each in ([[160e-9], [160e-9]], [[0.0], [np.pi]]))
        places += distance * np.array([[-0.5], [0.5]])
        runs.append(PairRun(f"run {index}", TIMES, places, angles, current, squeezed(field)))
    states, met = pair_paths(runs, wall, PAIR, ["strength"], np.array([strength]), 5e-12)
    assert not any(met)
    seen = []
    for run, state in zip(runs, states, strict=True):
        errors, white = np.empty((4, TIMES.size)), generator.normal(size=(4, TIMES.size))
        errors[:, 0] = white[:, 0] * on_first
        for sample in range(1, TIMES.size):
            errors[:, sample] = memory * errors[:, sample - 1] + np.sqrt(1 - memory**2) * white[:, sample]
        off = errors * np.array([[noise], [noise], [turn], [turn]])
        seen.append(replace(run, position=state[:, :2].T + off[:2], angle=state[:, 2:].T + off[2:]))
    return seen


def fitted(runs, **settings):
    return fit_wall_pair(runs, WALL, PAIR, shape_field=SHAPE, held_out=["run 3"], **settings)


def test_the_traced_pair_goes_as_the_other_one():
    places, angles = (np.full((2, TIMES.size), each) for each in ([[140e-9], [174e-9]], [[0.1], [3.0]]))
    run = PairRun("one", TIMES, places, angles, pulse(1e11))
    (states,), _ = pair_paths([run], WALL, PAIR, [], np.empty(0), 2e-12)
    path = follow_wall_pair(
        WALL, PAIR, TIMES, run.current_density, position=tuple(run.position[:, 0]), angle=tuple(run.angle[:, 0])
    )
    np.testing.assert_allclose(states[:, :2].T, path.position, atol=1e-12)
    np.testing.assert_allclose(states[:, 2:].T, path.angle, atol=1e-4)


@pytest.mark.slow
def test_truth_is_found_and_trusted():
    torque = 1.1 * float(WALL.damping_like_per_current)
    fit = fitted(made(strength=1.3, wall=replace(WALL, damping_like_per_current=torque)))
    assert fit["strength"].low <= 1.3 <= fit["strength"].high
    assert fit["strength"].value == pytest.approx(1.3, rel=0.03)
    assert fit["damping_like_per_current"].value == pytest.approx(torque, rel=0.03)
    assert fit.verdict.verdict == "trusted", fit.verdict.reasons
    assert fit.held_out_rms == pytest.approx(0.1e-9, rel=0.3)
    assert fit.alone_rms > 10 * fit.held_out_rms


@pytest.mark.slow
def test_what_a_held_constant_does_is_what_a_fit_with_another_one_finds():
    runs, walls = made(noise=0.0, turn=0.0), [replace(WALL, alpha=factor * WALL.alpha) for factor in (0.95, 1.05)]
    considered = {"alpha": Considered(*((wall, PAIR) for wall in walls))}
    strength = fitted(runs, free=(), considered=considered)["strength"]
    less, more = (fit_wall_pair(runs, wall, PAIR, shape_field=SHAPE, free=())["strength"].value for wall in walls)
    assert strength.by_constant["alpha"] == pytest.approx((more - less) / 2, rel=0.15)
    assert strength.high - strength.value == pytest.approx(1.96 * abs(strength.by_constant["alpha"]), rel=0.1)


@pytest.mark.slow
def test_intervals_hold_the_truth_where_first_samples_are_noisy():
    start = replace(WALL, damping_like_per_current=1.1 * float(WALL.damping_like_per_current))
    truth = {"strength": 1.0, "damping_like_per_current": float(WALL.damping_like_per_current)}
    settings = {"noise": 0.3e-9, "turn": 0.05, "drives": DRIVES + MORE, "on_first": True}
    held = {"white": 0, "correlated": 0}
    for (name, memory), seed in itertools.product(zip(held, (0.0, 0.8), strict=True), range(8)):
        fit = fit_wall_pair(
            made(seed=seed, memory=memory, **settings), start, PAIR, shape_field=SHAPE, free=[*truth][1:]
        )
        held[name] += sum(fit[each].low <= value <= fit[each].high for each, value in truth.items())
    # Of 16 intervals of 95 % fewer than 12 inside have a chance below 1e-3.
    assert min(held.values()) >= 12, held


@pytest.mark.slow
@pytest.mark.parametrize(("strength", "code"), [(0.0, "interaction_unseen"), (5.0, "interaction_unlike")])
def test_an_interaction_that_is_not_there_or_another_is_said(strength, code):
    fit = fitted(made(strength=strength), free=())
    assert code in {reason.code for reason in fit.verdict.reasons}
    assert fit.verdict.verdict == ("failed" if code == "interaction_unlike" else fit.verdict.verdict)
    assert fit.verdict.verdict != "trusted"


def test_walls_that_annihilate_in_the_run_only_are_said():
    runs = made()
    gone = np.where(TIMES > 1e-9, np.nan, runs[0].position)
    fit = fitted([replace(runs[0], position=gone, angle=np.where(TIMES > 1e-9, np.nan, runs[0].angle)), *runs[1:]])
    (reason,) = (each for each in fit.verdict.reasons if each.code == "meet_otherwise")
    assert "In 1 of 4 runs (the first: run 0) the walls meet in the run and not in the model" in reason.sentence


def test_a_held_out_run_that_loses_its_walls_tests_nothing():
    runs = made()
    gone = runs[3].position.copy()
    gone[:, 1:] = np.nan
    reasons = fitted([*runs[:3], replace(runs[3], position=gone)]).verdict.reasons
    (reason,) = (each for each in reasons if each.code in ("untested", "no_better_than_alone"))
    assert (reason.code, reason.weight) == ("untested", "limited")
    assert "In no held-out run are both walls there" in reason.sentence
    assert "nan" not in reason.sentence


def test_what_is_no_pair_of_runs_is_refused():
    runs = made()
    with pytest.raises(ValueError, match="give two walls"):
        replace(runs[0], angle=runs[0].angle[0])
    with pytest.raises(ValueError, match="not there: run 9"):
        fit_wall_pair(runs, WALL, PAIR, shape_field=SHAPE, held_out=["run 9"])
    with pytest.raises(ValueError, match="each once"):
        fit_wall_pair(runs, WALL, PAIR, shape_field=SHAPE, free=["mass"])
