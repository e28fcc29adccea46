"""The fit of Thiele's equation finds the truth in tracks that the model made, and knows how well."""

from dataclasses import replace

import numpy as np
import pytest
from made_tracks import CURRENTS, EDGES, START, TIMES, TRUTH, made
from rows import rows

from runs.waveforms.waveform import PiecewiseLinear
from solitons import OutsideFittedRange
from solitons.fits.consider_parameters import Considered
from solitons.skyrmions.expulsion import balanced_currents, expulsion_of
from solitons.skyrmions.fit import fit_thiele
from solitons.skyrmions.fit_problem import UNITS
from solitons.skyrmions.forces import NoForce
from solitons.skyrmions.judgement import ExpulsionRun, about_errors, about_expulsion, about_parameters, best_trivial
from solitons.skyrmions.model_limits import about_motion
from solitons.skyrmions.near_edge import edge_force_from, measured_forces
from solitons.skyrmions.simulation import follow_skyrmions
from solitons.skyrmions.trajectory import SkyrmionTrajectory


def pulse_then_rest(amplitude, width):
    return PiecewiseLinear(times=(0.0, width, width, 1.0), values=(amplitude, amplitude, 0.0, 0.0))


TRUE = {
    "dissipation": 16.8,
    "damping_like_per_current": 4.5e-8,
    "edge_strength": 3.6e-12,
    "edge_distance": 14.3e-9,
    "edge_decay": 8e-9,
}


@pytest.mark.slow
def test_without_noise_the_truth_comes_back():
    fit = fit_thiele(made(noise=0.0), START, held_out=["3.50e+11"], free=list(TRUE))
    for name, value in TRUE.items():
        assert fit[name].value == pytest.approx(value, rel=1e-4), name
        assert fit[name].unit == UNITS[name]
    assert fit.held_out_error < 1e-14
    assert fit.provenance.held_out == ("3.50e+11",)
    assert fit.provenance.fitted_range.amplitude == (1.5e11, 5.8e11)


@pytest.mark.slow
def test_intervals_hold_the_truth():
    """95 % intervals: of 20 fits with the model's own noise, 19 are expected to hold each parameter."""
    held = dict.fromkeys(TRUE, 0)
    for seed in range(20):
        fit = fit_thiele(made(noise=0.1e-9, seed=seed), START, free=list(TRUE))
        for name, value in TRUE.items():
            held[name] += fit[name].low <= value <= fit[name].high
    # Of 20 with 95 % each, 17 or more are held with 98 % probability; 19 in the mean of the five.
    assert min(held.values()) >= 17, held
    assert sum(held.values()) / len(held) >= 19, held


@pytest.mark.slow
def test_intervals_hold_the_truth_with_heat():
    """Of what is fitted by default: with the dissipation free too, heat pulls it and the torque down together."""
    start = replace(START, dissipation=TRUTH.dissipation, drift_dissipation=None)
    names = [name for name in TRUE if name != "dissipation"]
    held = dict.fromkeys(names, 0)
    for seed in range(20):
        fit = fit_thiele(made(noise=0.02e-9, seed=seed, temperature=10.0), start)
        for name in names:
            held[name] += fit[name].low <= TRUE[name] <= fit[name].high
    assert min(held.values()) >= 17, held
    # Of 80 with 95 % each, 72 or more with 98 % probability.
    assert sum(held.values()) >= 72, held


@pytest.mark.slow
def test_what_a_held_constant_does_is_what_a_fit_with_another_one_finds():
    runs, names = made(noise=0.0), ["damping_like_per_current", "edge_strength"]
    start = replace(START, dissipation=TRUTH.dissipation, drift_dissipation=None)
    lower, upper = (replace(start, alpha=factor * start.alpha) for factor in (0.95, 1.05))
    fit = fit_thiele(runs, start, free=names, considered={"alpha": Considered(lower, upper)})
    smaller, larger = (fit_thiele(runs, each, free=names) for each in (lower, upper))
    for name in names:
        change = (larger[name].value - smaller[name].value) / 2
        assert fit[name].by_constant["alpha"] == pytest.approx(change, rel=0.1)
        assert fit[name].high - fit[name].value >= 1.95 * abs(change)
        assert smaller[name].by_material is None


def test_a_start_is_found_from_velocities_alone():
    runs = made(noise=0.0)
    free = replace(TRUTH, force=NoForce())
    where, forces, _ = measured_forces(free, runs)
    expected = np.asarray(EDGES.force(where))
    np.testing.assert_allclose(forces, expected, atol=0.02 * np.abs(expected).max())
    found = edge_force_from(free, runs)
    assert float(found.strength) == pytest.approx(3.6e-12, rel=0.03)
    assert float(found.decay) == pytest.approx(8e-9, rel=0.1)


@pytest.mark.slow
def test_the_steady_expulsion_current_parts_what_stays_from_what_leaves():
    drive = made()[0].current_density
    found = expulsion_of(TRUTH, drive, 1.5e-9, (100e-9, 30e-9))
    for share, stays in ((0.98, True), (1.03, False)):
        path = follow_skyrmions(TRUTH, [0, 60e-9], drive * (share * found.steady / 1.5e11), positions=(0.0, 30e-9))
        assert np.isfinite(path[-1]).all() == stays
    distances, currents = balanced_currents(TRUTH, 1)
    assert np.nanmax(currents) == pytest.approx(found.steady)
    assert distances[0] == pytest.approx(30e-9)
    # The other way it leaves by the other edge, with the same current: the track is symmetric.
    back = expulsion_of(TRUTH, drive * -1.0, 1.5e-9, (100e-9, 30e-9))
    assert back.current == pytest.approx(-found.current)
    assert expulsion_of(replace(TRUTH, force=NoForce()), drive, 1e-9, (0.0, 0.0)) is None


def test_a_good_fit_has_no_reasons_against_it():
    runs = made(noise=0.02e-9)
    fit = fit_thiele(runs, START, held_out=["3.50e+11"], free=list(TRUE))
    assert list(about_errors(fit, runs, 2e-9)) == []
    assert list(about_parameters(fit)) == []
    assert list(about_motion(runs, 2e-9)) == []
    assert best_trivial(runs, {"3.50e+11"}).rms > 1e-9
    # What holds one fitted skyrmion, and not the model's, no held-out run shows.
    held = replace(runs[0], position=np.minimum(runs[0].position, runs[0].position[3]))
    (reason,) = about_errors(fit, [held, *runs[1:]], 2e-9)
    assert (reason.code, reason.weight) == ("fitted_run_missed", "limited")
    assert "in the one with 0.15 × 10¹² A/m²" in reason.sentence


@pytest.mark.slow
def test_a_current_beyond_the_fit_warns_and_one_within_does_not():
    runs = made(noise=0.0)
    fit = fit_thiele(runs, START)
    inside, outside = (runs[0].current_density * (each / CURRENTS[0]) for each in (3e11, 2e12))
    follow_skyrmions(fit.dynamics, TIMES, inside, positions=(0.0, 30e-9))
    with pytest.warns(OutsideFittedRange, match="lies outside the fitted range"):
        follow_skyrmions(fit.dynamics, TIMES, outside, positions=(0.0, 30e-9))


def codes(reasons):
    return {each.code: each.weight for each in reasons}


@pytest.mark.slow
def test_a_model_without_an_edge_fails_on_a_track_that_has_one():
    runs = made(noise=0.02e-9)
    free = replace(START, force=NoForce())
    fit = fit_thiele(runs, free, held_out=["4.50e+11"])
    found = codes([*about_errors(fit, runs, 2e-9), *about_parameters(fit)])
    assert found == {"no_better_than_trivial": "failed", "position_off": "failed"}


@pytest.mark.slow
@pytest.mark.parametrize(("start", "weight"), [(2e-8, "failed"), (3e-8, "limited")])
def test_a_torque_that_contradicts_the_texture_is_said(start, weight):
    fit = fit_thiele(made(noise=0.02e-9), replace(TRUTH, damping_like_per_current=start))
    assert codes(about_parameters(fit)) == {"far_from_texture": weight}


@pytest.mark.slow
def test_what_the_runs_do_not_show_is_said():
    runs = made(noise=0.02e-9, currents=[each * 1e-3 for each in CURRENTS])
    assert codes(about_motion(runs, 2e-9)) == {"stuck": "failed"}
    *kept, last = made(noise=0.02e-9)
    path = last.position.copy()
    path[1:] = np.nan
    lost = replace(last, position=path)
    fit = fit_thiele([*kept, lost], START, held_out=[lost.run_id])
    assert codes(about_errors(fit, [*kept, lost], 2e-9)) == {"untested": "failed"}
    assert codes(about_motion([*kept, replace(last, at_end=True)], 2e-9)) == {"at_end": "limited"}
    assert fit.provenance.held_out_error is None
    near = replace(kept[0], outline=np.full(kept[0].time.size, 15e-9))
    end = float(near.position[-1, 0])
    assert codes(about_motion([near], 2e-9, end + 38e-9)) == {}
    assert codes(about_motion([near], 2e-9, end + 36e-9)) == {"near_end": "limited"}


STAYS, LEAVES = (0.95, True), (1.05, False)  # share of the expulsion current, and what the model expects there


@pytest.mark.parametrize(
    ("strongest", "stays", "leaves", "checks", "expected"),
    [
        (0.9, 0.95, 1.05, [(*STAYS, True), (*LEAVES, False)], []),
        # Each of the two checks by itself, and both.
        (0.9, 1.05, None, [(*STAYS, True), (*LEAVES, True)], ["expulsion_off"]),
        (0.9, None, 0.95, [(*STAYS, False), (*LEAVES, False)], ["expulsion_off"]),
        (0.9, 1.05, 0.95, [(*STAYS, False), (*LEAVES, True)], ["expulsion_off"]),
        (0.9, 0.95, None, [(*STAYS, True), (*LEAVES, False, True)], ["expulsion_unchecked"]),
        # Runs of the sweep.
        (0.9, 1.04, 0.96, [], []),
        (0.9, 1.06, None, [], ["expulsion_off"]),
        (0.9, None, 0.94, [], ["expulsion_off"]),
        (0.76, None, None, [], []),
        (0.74, None, None, [], ["expulsion_extrapolated"]),
    ],
)
def test_what_speaks_against_an_expulsion_current(strongest, stays, leaves, checks, expected):
    found = expulsion_of(TRUTH, made()[0].current_density, 1.5e-9, (100e-9, 30e-9))
    size = found.current
    runs = [ExpulsionRun(share * size, *rest) for share, *rest in checks]
    held, gone = (None if each is None else each * size for each in (stays, leaves))
    said = codes(about_expulsion(found, strongest * size, held, gone, runs))
    assert said == dict.fromkeys(expected, "limited")


def test_micromagnetics_loses_a_skyrmion_that_the_model_never_does():
    found = expulsion_of(TRUTH, made()[0].current_density, 1.5e-9, (100e-9, 30e-9))
    assert list(about_expulsion(None, 1e11, None, None)) == []
    for each in (None, replace(found, current=None)):
        assert codes(about_expulsion(each, 1e11, 1e11, 2e11)) == {"expulsion_unknown": "limited"}
        assert list(about_expulsion(each, 1e11, 1e11, None)) == []


def test_a_skyrmion_that_a_rest_would_bring_back_is_expelled_where_its_wall_opens():
    """A pulse and a rest in which the edge pushes it back: what counts is how near it came."""
    start, pulse = (100e-9, 30e-9), made()[0].current_density
    after = pulse_then_rest(1.5e11, 1.5e-9)
    alone = expulsion_of(TRUTH, pulse, 1.5e-9, start)
    rested = expulsion_of(TRUTH, after, 4e-9, start)
    assert rested.current == pytest.approx(alone.current, rel=0.02)
    # One that starts nearer to the edge than that is lost without a current.
    assert expulsion_of(TRUTH, pulse, 1.5e-9, (100e-9, 50e-9), outline=14e-9).current is None


@rows(
    ("edit", "message"),
    [
        ({"held_out": ["nobody"]}, "not there: nobody"),
        ({"held_out": [f"{each:.2e}" for each in CURRENTS]}, "no run is left"),
        ({"free": ["gyration"]}, "free names 'gyration'"),
        ({"free": ["beta"]}, "beta is 0 at the start"),
    ],
)
def test_bad_fits_are_refused(edit, message):
    with pytest.raises(ValueError, match=message):
        fit_thiele(made(), START, **edit)
    with pytest.raises(ValueError, match=r"start\.force has no EdgeForce"):
        fit_thiele(made(), replace(START, force=NoForce()), free=["edge_decay"])
    if "held_out" in edit and "nobody" in edit["held_out"]:
        with pytest.raises(ValueError, match="same run_id"):
            fit_thiele([*made(), made()[0]], START)


@rows(
    ("time", "position", "message"),
    [
        (TIMES[::-1], np.zeros((31, 2)), "time must increase"),
        (TIMES, np.zeros((30, 2)), "position has the shape"),
        (TIMES, np.full((31, 2), np.nan), "not there at the first sample"),
    ],
)
def test_bad_trajectories_are_refused(time, position, message):
    with pytest.raises(ValueError, match=message):
        SkyrmionTrajectory("run", time, position, made()[0].current_density, (0.0, 60e-9))
