"""A fit is judged by what a stranger's device may do to it."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from made_runs import FREE, START, TRUTH, made

from runs.waveforms.waveform import PiecewiseLinear
from solitons import FittedRange, Provenance
from solitons.domain_walls.fit import WallFit, fit_wall
from solitons.domain_walls.judgement import about_errors, about_mesh, about_motion, about_parameters, missed_runs
from solitons.domain_walls.pinning import SplinePinning
from solitons.domain_walls.trajectory import Trajectory
from solitons.fits.fitted_parameter import FittedParameter
from solitons.fits.verdict import judge

CELL, SHAPE = 2e-9, 2e4


def judged(runs, expected=TRUTH, **settings):
    fit = fit_wall(runs, START, held_out=[runs[2].run_id, runs[3].run_id], free=FREE, knots=0, **settings)
    reasons = [*about_motion(runs, CELL), *about_errors(fit, runs, CELL), *about_parameters(fit, expected, SHAPE)]
    return judge(reasons)


def codes(verdict):
    return {reason.code for reason in verdict.reasons}


def test_a_wall_that_is_the_models_is_trusted():
    assert judged(made()).verdict == "trusted"


@pytest.fixture(scope="module")
def fit():
    return fit_wall(made(), START, free=FREE, knots=0)


@pytest.mark.slow
def test_a_landscape_that_the_model_lacks_does_not_pass_for_a_wall():
    # Deep wells 60 nm apart: the walls creep from one to the next, as in a notched stripe.
    push = 3e4 * np.sin(2 * np.pi * np.linspace(100e-9, 400e-9, 61) / 60e-9)
    verdict = judged(made(replace(TRUTH, pinning=SplinePinning(100e-9, 400e-9, push))))
    assert verdict.verdict == "failed"
    assert codes(verdict) & {"no_better_than_trivial", "far_from_material", "stuck"}


def hopping(step, pulses):
    """A run whose wall each pulse takes `step` further, and the other way with the other sign."""
    count = len(pulses)
    edges = np.arange(count) * 1e-9
    times = np.concatenate([[begin, begin, begin + 0.3e-9, begin + 0.3e-9] for begin in edges])
    values = np.concatenate([[0.0, each, each, 0.0] for each in pulses])
    samples = np.linspace(0.0, count * 1e-9, 10 * count + 1)
    rests = 128e-9 + np.concatenate([[0.0], np.cumsum(step * np.sign(pulses))])
    position = rests[np.ceil(samples / 1e-9 - 1e-9).astype(int)]
    return Trajectory(f"{step} {pulses[0]}", samples, position, PiecewiseLinear(tuple(times), tuple(values)), 512e-9)


def fitted(runs, held_out, off, left_out=None):
    """A fit that is off by so much everywhere, and by `left_out` in runs that it has not seen."""
    trained = tuple(run.run_id for run in runs if run.run_id not in held_out)
    seen = Provenance(
        trained_on=trained,
        held_out=tuple(held_out),
        held_out_error=off,
        held_out_rms_at_rest=off,
        fitted_range=FittedRange(amplitude=(1e12, 2e12), width=(3e-10, 3e-10), position=(1e-7, 4e-7)),
    )
    residuals = {run.run_id: np.full(run.time.size, off) for run in runs}
    unseen = {run.run_id: np.full(4, left_out) for run in runs if run.run_id in trained} if left_out is not None else {}
    wall = replace(TRUTH, provenance=seen)
    return WallFit(wall, (), np.zeros((0, 0)), 0.2, residuals, off, 512e-9, {}, left_out=unseen)


def test_runs_that_a_rule_without_physics_predicts_test_no_model():
    alike = [hopping(28e-9, [size, size, size, -size]) for size in (1e12, 1.1e12, 1.2e12)]
    (reason,) = about_errors(fitted(alike, [alike[1].run_id], 0.026e-9, 0.026e-9), alike, CELL)
    assert (reason.code, reason.weight) == ("unseen_without_power", "limited")
    # A pulse too weak to move the wall, left out in its turn, tells the model from the rule.
    power = [*alike, hopping(0.0, [0.6e12, 0.6e12, 0.6e12, -0.6e12])]
    assert list(about_errors(fitted(power, [alike[1].run_id], 0.026e-9, 0.026e-9), power, CELL)) == []


def test_a_model_is_compared_with_trivial_ones_on_every_run_whichever_was_held_out():
    # The middle amplitude alone is easy to guess from its neighbours; all four are not, by charge or in equal steps.
    runs = [hopping(step, [size, size, size, -size]) for size, step in ((1e12, 4e-9), (1.5e12, 21e-9), (2e12, 60e-9))]
    for held_out in runs:
        assert list(about_errors(fitted(runs, [held_out.run_id], 5e-9, 5e-9), runs, 1e-9)) == []
        found = list(about_errors(fitted(runs, [held_out.run_id], 5e-9, 200e-9), runs, 1e-9))
        assert ("no_better_than_trivial", "failed") in {(each.code, each.weight) for each in found}


def test_a_fitted_run_in_which_the_model_goes_elsewhere_is_named_by_its_drive():
    # A notch holds the wall of one drive, and the model's wall goes through it: no held-out run shows that.
    runs = made()
    fit = fit_wall(runs, START, held_out=[runs[2].run_id, runs[3].run_id], free=FREE, knots=0)
    assert missed_runs(fit, runs, CELL) == []
    run = runs[0]
    beyond = np.where(run.time > run.time[-1] / 2, 100e-9, 0.0)
    through = replace(fit, residuals=fit.residuals | {run.run_id: fit.residuals[run.run_id] + beyond})
    assert [each.run_id for each in missed_runs(through, runs, CELL)] == [run.run_id]
    (reason,) = about_errors(through, runs, CELL)
    assert (reason.code, reason.weight) == ("fitted_run_missed", "limited")
    assert f"1 of the {len(runs) - 2} runs that were fitted" in reason.sentence
    assert "10¹² A/m²" in reason.sentence
    # Where its line is seen to bend, that is the cause.
    swings = np.where(run.time > run.time[-1] / 2, np.deg2rad(21), 0.0)
    bent = [replace(run, tilt=swings), *runs[1:]]
    (reason,) = about_errors(through, bent, CELL)
    assert "turned by up to 21° there, 21° off the model's: it bends" in reason.sentence
    (reason,) = about_errors(through, [replace(run, tilt=swings / 3), *runs[1:]], CELL)
    assert "it bends" not in reason.sentence
    # A run that only a field drives has no pulse to be named by.
    quiet = replace(run, current_density=PiecewiseLinear((0.0, 1e-9), (0.0, 0.0)))
    (reason,) = about_errors(through, [quiet, *runs[1:]], CELL)
    # A held-out run that is off is told by the held-out error.
    held = replace(fit, residuals=fit.residuals | {runs[2].run_id: fit.residuals[runs[2].run_id] + beyond})
    assert missed_runs(held, runs, CELL) == []


def test_a_wall_that_hardly_moves_is_stuck_and_the_place_is_said():
    held = [replace_position(run, np.minimum(run.position, 131e-9)) for run in made(noise=0.1e-9)]
    verdict = judge(about_motion(held, CELL))
    assert verdict.verdict == "failed"
    assert "stuck" in codes(verdict)
    assert "at x = 131 nm" in verdict.why


def replace_position(run, position):
    return replace(run, position=position)


def test_pulses_below_a_threshold_limit_and_do_not_fail():
    weak = [replace_position(run, np.full_like(run.position, 128e-9)) for run in made()[:4]]
    (reason,) = about_motion([*weak, *made()[4:]], CELL)
    assert (reason.code, reason.weight) == ("stuck", "limited")


def test_a_hard_axis_field_near_zero_that_is_well_known_is_no_fault(fit):
    (small,) = (replace(each, low=-60.0, high=120.0) for each in fit.parameters if each.name == "hard_axis_field")
    assert list(about_parameters(replace(fit, parameters=(small,), covariance=np.eye(1)), TRUTH, SHAPE)) == []


def test_a_value_a_quarter_off_is_doubtful_and_one_that_the_runs_leave_open_is_not(fit):
    drift = fit["drift_per_current"]
    off = replace(TRUTH, drift_per_current=float(TRUTH.drift_per_current) / 1.4)
    one = replace(fit, parameters=(drift,), covariance=np.eye(1))
    (reason,) = about_parameters(one, off, SHAPE)
    assert (reason.code, reason.weight) == ("far_from_material", "limited")
    assert "1.4 times that" in reason.sentence
    (reason,) = about_parameters(one, replace(TRUTH, drift_per_current=-9.5e-11 / 9), SHAPE)
    assert (reason.code, reason.weight) == ("far_from_material", "failed")
    assert "−1.06e−11 m3/(A s)" in reason.sentence
    wide = replace(drift, high=1.2 * float(off.drift_per_current))
    assert list(about_parameters(replace(one, parameters=(wide,)), off, SHAPE)) == []


def test_cells_that_weaken_the_torque_by_a_tenth_are_named(fit):
    width = float(fit.dynamics.width)
    (reason,) = about_mesh(fit, width)
    assert (reason.code, reason.weight) == ("coarse_mesh", "limited")
    assert "14% weaker" in reason.sentence
    assert list(about_mesh(fit, width / 2)) == []
    no_current = replace(fit, dynamics=replace(fit.dynamics, drift_per_current=0.0))
    assert list(about_mesh(no_current, width)) == []


def test_an_anisotropy_that_no_shape_has_is_unphysical(fit):
    wrong = replace(TRUTH, hard_axis_field=8e4)
    (reason,) = (each for each in about_parameters(fit, wrong, SHAPE) if each.code == "unphysical_anisotropy")
    assert reason.weight == "failed"
    assert "about 80 kA/m, to within 20 kA/m" in reason.sentence


@pytest.mark.slow
def test_parameters_that_trade_places_are_named():
    # Currents of one size, far below breakdown: u / J and H_K cannot be told apart by positions alone.
    runs = made(drives=[(3e11, width) for width in (0.2e-9, 0.3e-9, 0.4e-9, 0.5e-9)], angle=False)
    fit = fit_wall(runs, START, free=("beta", "drift_per_current", "alpha"), knots=0)
    found = list(about_parameters(fit, TRUTH, SHAPE))
    assert any(each.code == "parameters_trade_places" for each in found)


def test_walls_that_leave_are_counted():
    runs = made()
    gone = replace_position(runs[0], np.where(runs[0].time > 3e-9, np.nan, runs[0].position))
    (reason,) = about_motion([gone, *runs[1:]], CELL)
    assert (reason.code, reason.weight) == ("wall_left", "limited")
    assert "In 1 of 6 runs" in reason.sentence


@pytest.mark.slow
def test_a_hundred_thousand_pulses_that_hold_are_counted_where_they_do():
    time = np.arange(100_001.0)
    # A pulse in every interval, a rest at its end.
    wave = PiecewiseLinear(*zip(*((t + dt, j) for t in time[:-1] for dt, j in ((0.1, 1e11), (0.2, 0.0))), strict=True))
    (reason,) = about_motion([Trajectory("run", time, np.full(time.size, 1e-7), wave, length=4e-7)], CELL)
    assert "100%" in reason.sentence
    assert "at x = 100 nm" in reason.sentence


CHIRAL = replace(TRUTH, dmi_field=62.3e3, hard_axis_field=-5.8e3)  # of the shipped stripe: 104 kA/m hold its angle


def about_chiral(*parameters, covariance=None):
    covariance = np.eye(len(parameters)) if covariance is None else covariance
    fit = SimpleNamespace(parameters=parameters, covariance=covariance)
    return list(about_parameters(fit, CHIRAL, shape_field=1.6e4))


def test_a_chiral_wall_is_judged_by_what_holds_its_angle():
    # The shipped stripe's H_K, 10 kA/m [4, 16], is 16 kA/m off its shape's, and holds the angle 15 % more weakly.
    assert about_chiral(FittedParameter("hard_axis_field", "A/m", 10e3, 4e3, 16e3)) == []
    # Twice as weak, or twice as strong.
    for off in (46e3, -109e3):
        (reason,) = about_chiral(FittedParameter("hard_axis_field", "A/m", off, off - 4e3, off + 4e3))
        assert (reason.code, reason.weight) == ("far_from_material", "limited")
        assert "π/2 H_D − H_K" in reason.sentence
        assert "the material's constants give 104 kA/m" in reason.sentence
    assert "0.5 times that" in about_chiral(FittedParameter("hard_axis_field", "A/m", 46e3, 45e3, 47e3))[0].sentence
    # Nothing holds it.
    (reason,) = about_chiral(FittedParameter("hard_axis_field", "A/m", 2e5, 1.9e5, 2.1e5))
    assert reason.weight == "failed"


def test_of_two_fields_that_trade_places_the_one_they_make_is_judged():
    # Both are 20 kA/m off and open by as much; what holds the angle is known to 1 %.
    slope, spread = np.pi / 2, 20e3
    both = np.array([[spread**2, spread**2 / slope], [spread**2 / slope, (spread / slope) ** 2 + 1e5]])
    shape = FittedParameter("hard_axis_field", "A/m", 14.2e3, -25e3, 53e3)
    dmi = FittedParameter("dmi_field", "A/m", 75e3, 50e3, 100e3)
    assert "far_from_material" not in {each.code for each in about_chiral(shape, dmi, covariance=both)}
    weak = replace(dmi, value=45e3, low=20e3, high=70e3)
    assert "far_from_material" in {each.code for each in about_chiral(shape, weak, covariance=both)}
