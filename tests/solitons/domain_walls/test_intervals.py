"""Intervals hold the truth as often as they say, whatever the noise is, and runs that disagree widen them."""

from dataclasses import replace

import jax
import numpy as np
import pytest
from made_runs import FREE, START, TRUTH, made

from solitons.domain_walls.fit import fit_wall
from solitons.domain_walls.fit_problem import POSITION, pose
from solitons.domain_walls.intervals import run_covariance
from solitons.domain_walls.noisy_starts import marginalise

VALUES = np.array([float(getattr(TRUTH, name)) for name in FREE])


def fitted(runs, **settings):
    return fit_wall(runs, START, free=FREE, knots=0, starts=1, **settings)


@pytest.mark.slow
@pytest.mark.parametrize(
    "noise",
    [{}, {"turn": 0.1, "on_first": True}, {"turn": 0.1, "on_first": True, "memory": 0.8}],
    ids=["after the first sample", "on the first sample", "correlated"],
)
def test_intervals_hold_the_truth(noise):
    fits = [fitted(made(seed=seed, **noise)) for seed in range(12)]
    held = sum(
        fit[name].low <= value <= fit[name].high for fit in fits for name, value in zip(FREE, VALUES, strict=True)
    )
    # 36 intervals of 95 %: fewer than 29 inside has a chance below 1e-3. With exact starts, 18 and 20 are where the
    # first samples are noisy.
    assert held >= 29
    # And they are not so wide that they say nothing.
    drifts = [fit["drift_per_current"] for fit in fits]
    assert np.median([each.high - each.low for each in drifts]) < 0.05 * 9.5e-11
    # With exact starts the root mean square is 2.5 % where the first samples are noisy.
    assert np.sqrt(np.mean([(each.value / -9.5e-11 - 1) ** 2 for each in drifts])) < 0.006


def test_runs_that_disagree_widen_the_interval_by_runs():
    # Each run has a drift of its own, as of a torque that the model lacks: smooth misfit, no noise.
    generator = np.random.default_rng(3)
    fits = []
    for spread in (0.0, 0.1):
        drifts = -9.5e-11 * (1 + spread * generator.normal(size=6))
        runs = [made(replace(TRUTH, drift_per_current=drift), noise=0.1e-9)[k] for k, drift in enumerate(drifts)]
        fits.append(fitted(runs)["drift_per_current"])
    alike, apart = fits
    assert apart.by_runs[1] - apart.by_runs[0] > 10 * (alike.by_runs[1] - alike.by_runs[0])
    assert apart.low <= -9.5e-11 <= apart.high


def test_the_interval_is_the_wider_of_two():
    for each in fitted(made()).parameters:
        ends = (each.low, each.high)
        widths = [high - low for low, high in (each.by_noise, each.by_runs)]
        assert ends == (each.by_noise, each.by_runs)[int(np.argmax(widths))]
        assert np.mean(each.by_noise) == pytest.approx(each.value)
        assert np.mean(each.by_runs) == pytest.approx(each.value)


def test_one_run_says_nothing_of_what_runs_differ_in():
    (run,) = made(drives=[(9e11, 0.5e-9)])
    fit = fitted([run])
    assert all(each.by_runs is None and (each.low, each.high) == each.by_noise for each in fit.parameters)


def test_a_run_left_out_in_one_step_is_that_run_left_out():
    runs = made(noise=0.1e-9)
    whole = fitted(runs)
    with jax.enable_x64(True):
        problem = pose(runs, START, FREE, 0.2, 1e-11)
        best = np.array([each.value for each in whole.parameters])
        matrix, quantile = run_covariance(marginalise(problem, best), best)
    left = np.array([[each.value for each in fitted(runs, held_out=[run.run_id]).parameters] for run in runs])
    direct = 5 / 6 * np.sum((left - best) ** 2, axis=0)
    np.testing.assert_allclose(np.sqrt(np.diag(matrix)), np.sqrt(direct), rtol=0.05)
    assert quantile == pytest.approx(2.5706, abs=1e-4)  # Student's t with 5 degrees of freedom


def test_starts_are_uncertain_where_the_first_frames_are_noisy():
    with jax.enable_x64(True):
        assert marginalise(pose(made(), TRUTH, FREE, 0.2, 1e-11), VALUES).exact
        noisy = marginalise(pose(made(on_first=True), TRUTH, FREE, 0.2, 1e-11), VALUES)
        residual = noisy.problem.residual(VALUES)
    assert not noisy.exact
    # Beside the dense matrices of what is done by axes.
    for run in range(6):
        rows = noisy.problem.run == run
        spread = noisy.spread[rows]
        covariance = np.eye(rows.sum()) + spread @ spread.T
        np.testing.assert_allclose(noisy.weigh(residual)[rows], np.linalg.solve(covariance, residual[rows]), atol=1e-9)
        whitened = noisy.whiten(residual)[rows]
        assert whitened @ whitened == pytest.approx(residual[rows] @ np.linalg.solve(covariance, residual[rows]))
    # What the starts do not explain is the noise of a sample.
    left = noisy.weigh(residual)[noisy.problem.kind == POSITION]
    assert np.sqrt(np.mean(left**2)) == pytest.approx(0.5, rel=0.1)
    assert np.sqrt(np.mean(residual[noisy.problem.kind == POSITION] ** 2)) > 0.6


def test_a_run_without_its_wall_is_none_of_the_runs_that_are_left_out():
    runs = made(on_first=True)
    position = np.where(np.arange(runs[-1].time.size) > 0, np.nan, runs[-1].position)
    with_lost = fitted([*runs[:-1], replace(runs[-1], position=position)])
    for each, other in zip(with_lost.parameters, fitted(runs[:-1]).parameters, strict=True):
        assert each.by_runs == pytest.approx(other.by_runs, rel=1e-4)
