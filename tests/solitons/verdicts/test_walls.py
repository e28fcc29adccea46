"""What speaks against a fitted wall, or two of them: errors, parameters, the mesh and what the walls did."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
from both_ways import Limit, both_ways, crosses
from made_runs import TIMES, TRUTH, train

from solitons.domain_walls.judgement import about_errors, about_mesh, about_motion, about_parameters, best_trivial
from solitons.domain_walls.pair_fit import STRENGTH, _about_errors, _about_meeting, _about_strength
from solitons.domain_walls.trajectory import Trajectory
from solitons.fits.fitted_parameter import FittedParameter

OF = ["solitons/domain_walls/judgement.py", "solitons/domain_walls/pair_fit.py"]
CELL, SHAPE = 2e-9, 2e4


def run(name, steps=(20e-9,) * 4, amplitude=9e11):
    """A wall that four pulses move by so much each, in the first half of a nanosecond."""
    places = 128e-9 + np.append(0.0, np.cumsum(steps))
    position = np.interp(TIMES, np.arange(5.0) * 1e-9 + 0.5e-9, places)
    rests = np.minimum(np.ceil(TIMES / 1e-9 - 1e-9).astype(int), 4)
    position = places[rests]
    return Trajectory(name, TIMES, position, train(amplitude, 0.2e-9), length=512e-9)


def errors(rms=0.5e-9, share=None, held_out=1e-9, training=1e-9, fitted=0.0, first=None, last=None, alike=False):
    """Of three fitted runs and one that was held out, whose errors may grow, or be a share of a trivial model's."""
    # The last one goes against the others' direction, so that no trivial model predicts it; or all go alike.
    ways = {"a": (1, 1), "b": (-1, -1), "c": (0.5, 0.5), "out": (1, 1 if alike else -1)}
    runs = [run(name, (way * 20e-9,) * 4, charge * 9e11) for name, (way, charge) in ways.items()]
    if rms is None:
        runs[-1] = replace(runs[-1], position=np.where(TIMES > 0, np.nan, runs[-1].position))
    off = np.full(TIMES.size, rms or 0.0)
    for part, size in ((slice(1, 14), first), (slice(-13, None), last)):
        off[part] = off[part] if size is None else size
    known = SimpleNamespace(held_out=("out",), held_out_rms_at_rest=rms)
    residuals = {each.run_id: np.zeros(TIMES.size) for each in runs} | {"a": np.full(TIMES.size, fitted), "out": off}
    fit = SimpleNamespace(provenance=known, residuals=residuals, held_out_error=held_out, training_error=training,
                          tilts={}, left_out={})  # fmt: skip
    if share is not None:
        off[:] = share * best_trivial(fit, runs)[1].rms
    return list(about_errors(fit, runs, CELL))


@both_ways(
    Limit("untested", "failed", {"rms": None}, {}),
    Limit("no_better_than_trivial", "failed", {"share": 1.01}, {"share": 0.99}),
    Limit("little_better_than_trivial", "limited", {"share": 0.51}, {"share": 0.49}),
    Limit("unseen_without_power", "limited", {"alike": True}, {}),
    Limit("held_out_worse", "limited", {"held_out": 3.1e-9}, {"held_out": 2.9e-9}),
    Limit(
        "held_out_worse", "limited", {"held_out": 2.1e-9, "training": 0.1e-9}, {"held_out": 1.9e-9, "training": 0.1e-9}
    ),
    Limit("fitted_run_missed", "limited", {"fitted": 2.1e-9}, {"fitted": 1.9e-9}),
    Limit("fitted_run_missed", "limited", {"fitted": 3.1e-9, "rms": 1e-9}, {"fitted": 2.9e-9, "rms": 1e-9}),
    Limit("error_grows", "limited", {"last": 2.1e-9}, {"last": 1.9e-9}),
    Limit("error_grows", "limited", {"first": 2e-9, "last": 4.1e-9}, {"first": 2e-9, "last": 3.9e-9}),
    # A pulse moves the walls by 20 nm in the median.
    Limit("error_above_step", "limited", {"rms": 20.1e-9}, {"rms": 19.9e-9}),
)
def test_a_limit_of_errors(limit):
    crosses(errors, limit)


def parameters(*each, correlation=0.0, wall=TRUTH):
    covariance = np.full((len(each), len(each)), correlation)
    np.fill_diagonal(covariance, 1.0)
    return list(about_parameters(SimpleNamespace(parameters=each, covariance=covariance), wall, SHAPE))


def of(name, *shares, wall=TRUTH):
    """A parameter in shares of what the material gives: its value, and the ends of its interval."""
    return FittedParameter(name, "1", *(float(getattr(wall, name)) * share for share in shares))


def shape(low, high):
    """A hard-axis field with such an interval beside that of the material, in shares of the shape's field."""
    ends = [float(TRUTH.hard_axis_field) + SHAPE * each for each in (low, high)]
    return FittedParameter("hard_axis_field", "A/m", sum(ends) / 2, *ends)


PAIR = of("beta", 1.0, 0.9, 1.1), of("alpha", 1.0, 0.9, 1.1)


@both_ways(
    Limit(
        "parameters_trade_places", "limited", {"each": PAIR, "correlation": 0.96}, {"each": PAIR, "correlation": 0.94}
    ),
    Limit(
        "parameters_trade_places", "limited", {"each": PAIR, "correlation": -0.96}, {"each": PAIR, "correlation": -0.94}
    ),
    # By the nearer end of the interval a quarter off, either way.
    Limit(
        "far_from_material", "limited", {"each": [of("beta", 1.4, 1.26, 1.5)]}, {"each": [of("beta", 1.4, 1.24, 1.5)]}
    ),
    Limit(
        "far_from_material", "limited", {"each": [of("beta", 0.7, 0.6, 0.79)]}, {"each": [of("beta", 0.7, 0.6, 0.81)]}
    ),
    Limit("far_from_material", "failed", {"each": [of("beta", 4.1, 4.0, 4.2)]}, {"each": [of("beta", 3.9, 3.8, 4.0)]}),
    Limit(
        "far_from_material", "failed", {"each": [of("beta", -1.0, -1.1, -0.9)]}, {"each": [of("beta", -1.0, -3.0, 1.0)]}
    ),
    Limit(
        "interval_holds_zero", "limited", {"each": [of("beta", 1.0, 0.0, 2.0)]}, {"each": [of("beta", 1.0, 0.01, 2.0)]}
    ),
    Limit("interval_holds_zero", "limited", {"each": [shape(-0.51, 0.5)]}, {"each": [shape(-0.49, 0.5)]}),
    Limit("unphysical_anisotropy", "limited", {"each": [shape(1.01, 1.2)]}, {"each": [shape(0.99, 1.2)]}),
    Limit("unphysical_anisotropy", "limited", {"each": [shape(-1.2, -1.01)]}, {"each": [shape(-1.2, -0.99)]}),
    Limit("unphysical_anisotropy", "failed", {"each": [shape(3.01, 3.2)]}, {"each": [shape(2.99, 3.2)]}),
)
def test_a_limit_of_parameters(limit):
    crosses(lambda each, **changes: parameters(*each, **changes), limit)


def mesh(cell=CELL, drift=1.0):
    return list(about_mesh(SimpleNamespace(dynamics=SimpleNamespace(width=6e-9, drift_per_current=drift)), cell))


@both_ways(
    # A tenth at a cell of 0.81 of the width.
    Limit("coarse_mesh", "limited", {"cell": 4.9e-9}, {"cell": 4.8e-9}),
    Limit("coarse_mesh", "limited", {"cell": 4.9e-9}, {"cell": 4.9e-9, "drift": 0.0}),
)
def test_a_limit_of_the_mesh(limit):
    crosses(mesh, limit)


def motion(held=0, in_all=False, step=1.9e-9, left=0, count=25):
    """Runs of four pulses; so many of all are held, or as many in each run."""
    pulses = np.full((count, 4), 20e-9)
    (pulses.T if in_all else pulses).flat[:held] = step
    runs = [run(str(index), steps) for index, steps in enumerate(pulses)]
    gone = [replace(each, position=np.where(TIMES > 3.5e-9, np.nan, each.position)) for each in runs[:left]]
    return list(about_motion([*gone, *runs[left:]], CELL))


@both_ways(
    Limit("stuck", "limited", {"held": 26}, {"held": 25}),
    Limit("stuck", "limited", {"held": 26}, {"held": 26, "step": 2.1e-9}),
    # Three of four in every run, and two of four.
    Limit("stuck", "failed", {"held": 75, "in_all": True}, {"held": 50, "in_all": True}),
    Limit("stuck", "failed", {"held": 75, "in_all": True}, {"held": 75}),
    Limit("wall_left", "limited", {"left": 1}, {}),
)
def test_a_limit_of_the_motion(limit):
    crosses(motion, limit)


def pair(out=0.5e-9, alone=10e-9, strength=(1.0, 0.9, 1.1), otherwise=0):
    value = FittedParameter(STRENGTH, "1", *strength)

    class Fit(SimpleNamespace):
        def __getitem__(self, name):
            return value

    fit = Fit(held_out=("a",), held_out_rms=out, alone_rms=alone)
    runs = [SimpleNamespace(run_id=name, met=True) for name in "abcd"]
    met = {each.run_id: at >= otherwise for at, each in enumerate(runs)}
    return [*_about_errors(fit), *_about_strength(fit), *_about_meeting(runs, met)]


@both_ways(
    Limit("untested", "limited", {"out": np.nan}, {}),
    Limit("little_better_than_alone", "limited", {"out": 5.1e-9}, {"out": 4.9e-9}),
    Limit("little_better_than_alone", "limited", {"out": 1.1e-9, "alone": 1.2e-9}, {"out": 0.9e-9, "alone": 1.2e-9}),
    Limit("no_better_than_alone", "failed", {"out": 10.1e-9}, {"out": 9.9e-9}),
    Limit("interaction_unseen", "limited", {"strength": (1.0, 0.0, 2.0)}, {"strength": (1.0, 0.01, 2.0)}),
    Limit("interaction_unlike", "limited", {"strength": (2.1, 2.0, 2.2)}, {"strength": (1.9, 1.8, 2.0)}),
    Limit("interaction_unlike", "limited", {"strength": (0.49, 0.4, 0.5)}, {"strength": (0.51, 0.4, 0.6)}),
    Limit("interaction_unlike", "limited", {"strength": (2.1, 2.0, 2.2)}, {"strength": (2.1, 0.9, 2.2)}),
    Limit("interaction_unlike", "failed", {"strength": (4.1, 4.0, 4.2)}, {"strength": (3.9, 3.8, 4.0)}),
    Limit("meet_otherwise", "limited", {"otherwise": 1}, {}),
    Limit("meet_otherwise", "failed", {"otherwise": 3}, {"otherwise": 2}),
)
def test_a_limit_of_two_walls(limit):
    crosses(pair, limit)


def test_a_good_wall_has_no_reasons_against_it():
    assert errors() == parameters(*PAIR) == mesh() == motion() == pair() == []
