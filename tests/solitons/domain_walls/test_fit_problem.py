"""The least-squares problem behind a fit, and the arithmetic of what a fit says, computed here by hand."""

import linecache
import warnings
from dataclasses import replace

import jax
import numpy as np
import pytest

from runs.waveforms.waveform import PiecewiseLinear
from solitons.domain_walls.fit import fit_wall, rest_errors
from solitons.domain_walls.fit_problem import POSITION, PRIOR, descend, pose, start_vectors, with_landscape
from solitons.domain_walls.pinning import HarmonicPinning
from solitons.domain_walls.simulation import follow_wall
from solitons.domain_walls.trajectory import Trajectory, rest_samples
from solitons.domain_walls.wall_dynamics import WallDynamics
from solitons.fits.provenance import OutsideFittedRange

TRUTH = WallDynamics(
    alpha=0.1,
    width=6e-9,
    hard_axis_field=3e4,
    polarity=-1,
    beta=0.04,
    drift_per_current=-4e-11,
    pinning=HarmonicPinning(stiffness=2e9, centre=120e-9),
)
START = replace(TRUTH, hard_axis_field=np.float64(2.5e4), beta=np.float64(0.05))
FREE = ("hard_axis_field", "beta")
MAX_STEP = 1e-11


def pulses(amplitude, width, count, period=1e-9):
    times = [t for index in range(count) for t in index * period + np.array([0.0, 0.0, width, width])]
    return PiecewiseLinear(tuple(times), (0.0, -amplitude, -amplitude, 0.0) * count)


def run(run_id, *, amplitude=2e12, width=0.5e-9, count=3, noise=0.0, angle=True, seed=0, **changes):
    generator = np.random.default_rng([seed, sum(run_id.encode())])
    time = np.arange(20 * count + 1) * 0.05e-9
    wave = pulses(amplitude, width, count)
    path = follow_wall(TRUTH, time, wave, position=100e-9, angle=1.4, max_step=MAX_STEP)
    position = path.position + noise * generator.normal(size=time.size) * (time > 0)
    seen = {"position": position, "current_density": wave, "angle": path.angle if angle else None} | changes
    return Trajectory(run_id=run_id, time=time, length=500e-9, **seen)


def gone_after(trajectory, sample):
    position = trajectory.position.copy()
    position[sample:] = np.nan
    return replace(trajectory, position=position)


def problem_of(runs, names, knots=0, angle_weight=0.2):
    template = with_landscape(START, runs, knots)
    return pose(runs, template, names, angle_weight, MAX_STEP)


@pytest.fixture
def float64():
    with jax.enable_x64(True):
        yield


@pytest.mark.slow
def test_the_jacobian_is_the_slope_of_the_residuals(float64):
    runs = [run("a", count=1), run("b", angle=False, amplitude=3e12, count=2)]
    names = ("width", "beta", "pinning.stiffness", "start_angle", "push_0", "push_1")
    problem = problem_of(runs, names, knots=2)
    vector = np.array([6.2e-9, 0.05, 1e9, 1.1, 40.0, -60.0])
    jacobian = problem.jacobian(vector)
    for index, step in enumerate(np.array([1e-5 * 6e-9, 1e-6, 1e5, 1e-5, 1e-2, 1e-2])):
        shift = step * (np.arange(vector.size) == index)
        slope = (problem.residual(vector + shift) - problem.residual(vector - shift)) / (2 * step)
        scale = np.max(np.abs(slope))
        assert scale > 0
        np.testing.assert_allclose(jacobian[:, index], slope, rtol=0, atol=1e-5 * scale)


@pytest.mark.slow
def test_residuals_are_nanometres_of_the_samples_that_are_there(float64):
    short, long = run("a", count=1), gone_after(run("b", amplitude=3e12, count=2), 30)
    names, vector = ("beta", "push_0", "push_1"), np.array([0.05, 200.0, -500.0])
    problem = problem_of([short, long], names, knots=2, angle_weight=0.0)
    from_position = problem.residual(vector)[problem.kind == POSITION]
    # One run has fewer samples, and one has lost its wall: neither is padded into the residuals.
    assert from_position.size == 20 + 29
    np.testing.assert_array_equal(problem.residual(vector)[problem.kind == PRIOR], [0.2, -0.5])
    assert problem.run.size == problem.kind.size == problem.residual(vector).size
    assert np.all(np.isfinite(problem.jacobian(vector)))
    # The same run alone, without a partner to be padded to, has the same residuals.
    alone = problem_of([short], ("beta",), angle_weight=0.0)
    both = problem_of([short, long], ("beta",), angle_weight=0.0)
    np.testing.assert_allclose(alone.residual(vector[:1]), both.residual(vector[:1])[:20], rtol=0, atol=1e-8)


def test_a_second_fit_of_the_same_shape_compiles_nothing():
    compiled = []

    def listen(event, _, **__):
        if event.endswith("backend_compile_duration"):
            compiled.append(event)

    runs = [run("a", noise=1e-10), run("b", amplitude=3e12, noise=1e-10)]
    fit_wall(runs, START, free=FREE, knots=0, max_step=MAX_STEP)
    again = [run("c", noise=1e-10, seed=1), run("d", amplitude=3e12, noise=1e-10, seed=1)]
    jax.monitoring.register_event_duration_secs_listener(listen)
    try:
        fit_wall(again, START, free=FREE, knots=0, max_step=MAX_STEP)
    finally:
        jax.monitoring.unregister_event_duration_listener(listen)
    assert not compiled


def test_a_start_of_zero_is_scanned_once():
    template = replace(START, beta=np.float64(0.0))
    assert len(start_vectors(template, ("beta", "width"))) == 3
    assert len(start_vectors(START, ("beta", "width"))) == 9


def test_errors_are_those_of_a_direct_computation():
    runs = [run("a", noise=4e-10), run("b", amplitude=3e12, noise=4e-10)]
    tests = [run("c", amplitude=2.5e12, noise=4e-10), gone_after(run("d", width=0.4e-9, noise=4e-10), 35)]
    fit = fit_wall([*runs, *tests], START, held_out=["c", "d"], free=FREE, knots=0, max_step=MAX_STEP)
    model = replace(fit.dynamics, provenance=None)
    errors, at_rest = {}, []
    for each in (*runs, *tests):
        start = {"position": each.position[0], "angle": each.angle[0]}
        path = follow_wall(model, each.time, each.current_density, **start, max_step=MAX_STEP)
        errors[each.run_id] = path.position - each.position
        np.testing.assert_allclose(fit.residuals[each.run_id], errors[each.run_id], rtol=0, atol=1e-15)
        if each in tests:
            at_rest.append(errors[each.run_id][rest_samples(each)])
    # Rests end at samples 20, 40 and 60; the wall of "d" is gone from sample 35 on.
    assert [each.size for each in at_rest] == [3, 1]
    np.testing.assert_allclose(np.concatenate(rest_errors(fit, tests)), np.concatenate(at_rest), atol=1e-15)
    held_out = np.concatenate([errors["c"][1:], errors["d"][1:35]])
    assert fit.held_out_error == pytest.approx(np.mean(np.abs(held_out)), rel=1e-6)
    assert fit.provenance.held_out_rms_at_rest == pytest.approx(
        np.sqrt(np.mean(np.concatenate(at_rest) ** 2)), rel=1e-6
    )
    trained = np.concatenate([errors["a"][1:], errors["b"][1:]])
    assert fit.training_error == pytest.approx(np.mean(np.abs(trained)), rel=1e-6)


def test_held_out_runs_do_not_touch_the_parameters():
    runs = [run("a", noise=4e-10), run("b", amplitude=3e12, noise=4e-10)]
    other = run("c", noise=5e-8)
    alone = fit_wall(runs, START, free=FREE, knots=0)
    beside = fit_wall([*runs, other], START, held_out=["c"], free=FREE, knots=0)
    assert beside.parameters == alone.parameters
    assert beside.held_out_error > 2e-8


def test_samples_after_an_exit_are_ignored():
    runs = [run("a", noise=4e-10), run("b", amplitude=3e12, noise=4e-10)]
    cut = [runs[0], gone_after(runs[1], 41)]
    wrong = runs[1].position.copy()
    wrong[41:] = 0.0
    assert (
        fit_wall(cut, START, free=FREE, knots=0).parameters
        != fit_wall([runs[0], replace(runs[1], position=wrong)], START, free=FREE, knots=0).parameters
    )
    # Nor does it matter what the angle was then.
    angle = runs[1].angle.copy()
    angle[41:] = 17.0
    spoilt = [runs[0], replace(cut[1], angle=angle)]
    assert fit_wall(spoilt, START, free=FREE, knots=0).parameters == fit_wall(cut, START, free=FREE, knots=0).parameters


def test_a_held_out_wall_that_leaves_before_it_is_read_leaves_no_error_at_rest():
    runs = [run("a"), run("b", amplitude=3e12)]
    leaves_late = fit_wall([*runs, gone_after(run("c"), 10)], START, held_out=["c"], free=FREE, knots=0)
    assert leaves_late.held_out_error is not None
    assert leaves_late.provenance.held_out_rms_at_rest is None
    at_once = fit_wall([*runs, gone_after(run("c"), 1)], START, held_out=["c"], free=FREE, knots=0)
    assert at_once.provenance.held_out_error is None
    assert np.isnan(at_once.held_out_error)


@pytest.mark.slow
def test_the_fitted_range_is_that_of_the_training_runs():
    still = PiecewiseLinear((0.0,), (0.0,))
    on = PiecewiseLinear((0.5e-9, 0.5e-9), (0.0, -1.5e12))  # flows on beyond the run's end
    field = (PiecewiseLinear((0.0,), (30.0,)), still, PiecewiseLinear((0.0, 1e-9), (0.0, -40.0)))
    runs = [
        run("a", count=2),
        run("b", count=2, current_density=on, field=field),
        run("c", amplitude=9e12),
    ]
    seen = fit_wall(runs, START, held_out=["c"], free=FREE, knots=0).provenance.fitted_range
    assert seen.amplitude == (1.5e12, 2e12)
    assert seen.width == pytest.approx((0.5e-9, 1.5e-9))
    assert seen.field == pytest.approx(50.0)
    assert seen.position == (
        min(each.position.min() for each in runs[:2]),
        max(each.position.max() for each in runs[:2]),
    )


def test_a_fit_warns_on_the_callers_line():
    fit = fit_wall([run("a")], TRUTH, free=[], knots=0)
    with pytest.warns(OutsideFittedRange, match="pulse width") as caught:
        assert not fit.check_range(2e12, 5e-9)
    assert "check_range(2e12" in linecache.getline(caught[0].filename, caught[0].lineno)


@pytest.mark.slow
def test_a_fit_that_starts_from_a_fit_hears_nothing_of_its_range():
    first = fit_wall([run("a"), run("b", width=0.4e-9)], START, free=FREE, knots=0)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        second = fit_wall([run("c", amplitude=4e12)], first.dynamics, free=FREE, knots=0)
    assert second.provenance.trained_on == ("c",)


@pytest.mark.slow
def test_units_are_those_of_the_parameters():
    free = ("hard_axis_field", "pinning.stiffness", "pinning.centre")
    fit = fit_wall([run("a"), run("b", amplitude=3e12)], START, free=free, knots=2)
    assert {each.name: each.unit for each in fit.parameters} == {
        "hard_axis_field": "A/m",
        "pinning.stiffness": "A/m2",
        "pinning.centre": "m",
        "push_0": "A/m",
        "push_1": "A/m",
    }


def test_nothing_to_fit_leaves_the_start_and_its_errors():
    runs = [run("a"), run("b", amplitude=3e12)]
    for start, error in ((TRUTH, pytest.approx(0, abs=1e-14)), (START, pytest.approx(4.7e-9, rel=0.01))):
        fit = fit_wall(runs, start, held_out=["b"], free=[], knots=0)
        assert fit.parameters == ()
        assert fit.held_out_error == error
        assert float(fit.dynamics.beta) == float(start.beta)


def test_walls_that_show_nothing_are_refused():
    with pytest.raises(ValueError, match="no wall of a training run is there after the first sample"):
        fit_wall([gone_after(run("a"), 1)], START, free=FREE, knots=0)
    still = run("a")
    still = replace(still, position=np.full(still.time.size, 1e-7))
    with pytest.raises(ValueError, match=r"stay at 1e-07 m.*set knots = 0"):
        fit_wall([still], START, free=FREE, knots=3)


def test_a_step_out_of_what_can_be_followed_is_taken_shorter():
    # A stranger's thick stripe: one step of a descent asked for a torque under which no wall can be followed. Newton's
    # first step goes from 4 below 1 here, in units of the start's H_K.
    scale = abs(float(START.hard_axis_field))

    class Saturating:
        def residual(self, vector):
            x = vector / scale - 1.5
            return np.where(x < -0.5, np.nan, x / np.sqrt(1 + x**2))

        def jacobian(self, vector):
            return (1 + (vector / scale - 1.5) ** 2)[:, None] ** -1.5 / scale

    found = descend(Saturating(), ("hard_axis_field",), np.array([4 * scale]), START)
    assert found[0] == pytest.approx(1.5 * scale, rel=0.01)
