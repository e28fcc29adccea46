"""What speaks against a fitted skyrmion: its errors, its parameters, its motion and where it went."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
from both_ways import Limit, both_ways, crosses
from made_tracks import TRUTH

from runs import PiecewiseLinear
from solitons.fits.fitted_parameter import FittedParameter
from solitons.skyrmions.expulsion import Expulsion
from solitons.skyrmions.fit import ThieleFit
from solitons.skyrmions.judgement import ExpulsionRun, about_errors, about_expulsion, about_parameters
from solitons.skyrmions.landscape import Landscape
from solitons.skyrmions.model_limits import about_bends, about_landscape, about_motion, about_pairs
from solitons.skyrmions.row_levels import about_levels
from solitons.skyrmions.trajectory import SkyrmionTrajectory

OF = [
    "solitons/skyrmions/judgement.py",
    "solitons/skyrmions/model_limits.py",
    "solitons/skyrmions/row_levels.py",
]
CELL, WIDTH, TIME = 2e-9, 60e-9, np.linspace(0.0, 1e-9, 11)


def run(name, *, way=20e-9, start=(100e-9, 30e-9), gone_from=None, **changes):
    """A skyrmion that moves along the middle of a track, 60 nm wide, with a current in proportion to its way."""
    position = np.array(start) + np.outer(TIME / TIME[-1], [way, 0.0])
    position[gone_from or TIME.size :] = np.nan
    drive = PiecewiseLinear((0.0,), (5e18 * way,))
    return SkyrmionTrajectory(name, TIME, position, drive, (0.0, WIDTH), **changes)


class MadeFit(ThieleFit):
    """With runs that it has seen or not, and nothing else of a provenance."""

    @property
    def provenance(self):
        return SimpleNamespace(held_out=("held out",))


def number(name, value=1.0, low=0.9, high=1.1, start=1.0):
    return FittedParameter(name, "", value, low, high, (low, high), start=start)


def fit_of(runs, parameters=(), off=None, error=0.0, **changes):
    """A fit that is so far off in each run, along the track, in m."""
    off = off or {}
    paths = {each.run_id: (each.position + np.array([off.get(each.run_id, 0.0), 0.0]))[:, None] for each in runs}
    return MadeFit(TRUTH, tuple(parameters), paths, 0.0, error, WIDTH, **changes)


def errors(held_out=0.0, fitted=0.0, mean=0.0, way=20e-9, lost=False, gone=False):
    """Of two fitted runs and one that was held out, which all go the way of their current or end elsewhere."""
    # One that goes back makes the trivial models of motion useless.
    runs = [run("fitted", way=way), run("other", way=-way), run("held out", way=way, gone_from=1 if gone else None)]
    runs = [replace(each, current_density=PiecewiseLinear((0.0,), (1e11,))) for each in runs]
    fit = fit_of(runs, off={"held out": held_out, "fitted": fitted}, error=mean)
    if lost:
        fit.predicted["fitted"][-1] = np.nan
    return list(about_errors(fit, runs, CELL))


# Staying is off by the root of the mean of (i / 10)^2 of the way.
STAYS = 20e-9 * float(np.sqrt(np.mean((TIME / TIME[-1]) ** 2)))


@both_ways(
    Limit("untested", "failed", {"gone": True}, {}),
    Limit("no_better_than_trivial", "failed", {"held_out": 1.01 * STAYS}, {"held_out": 0.99 * STAYS}),
    Limit("little_better_than_trivial", "limited", {"held_out": 0.51 * STAYS}, {"held_out": 0.49 * STAYS}),
    # A fifth of a cell is as good as the mesh allows.
    Limit(
        "little_better_than_trivial",
        "limited",
        {"held_out": 0.41e-9, "way": 1.2e-9},
        {"held_out": 0.39e-9, "way": 1.2e-9},
    ),
    Limit("lost_by_the_model", "limited", {"lost": True}, {}),
    Limit("position_off", "limited", {"mean": 0.021 * WIDTH}, {"mean": 0.019 * WIDTH}),
    Limit("position_off", "failed", {"mean": 0.11 * WIDTH}, {"mean": 0.09 * WIDTH}),
    Limit("position_off", "failed", {"mean": np.nan}, {}),
    Limit("fitted_run_missed", "limited", {"fitted": 1.3e-9}, {"fitted": 1.1e-9}),
    Limit("fitted_run_missed", "limited", {"fitted": 3.1e-9, "held_out": 1e-9}, {"fitted": 2.9e-9, "held_out": 1e-9}),
)
def test_a_limit_of_errors(limit):
    crosses(errors, limit)


def parameters(numbers=None, **changes):
    return list(about_parameters(fit_of([run("fitted")], numbers or [number("alpha")], **changes)))


def of(name, *interval, **changes):
    return {"numbers": [number(name, *interval, **changes)]}


@both_ways(
    Limit("not_converged", "failed", {"converged": False}, {}),
    Limit("at_bound", "limited", {"at_bound": ("edge_decay",)}, {}),
    Limit("not_determined", "limited", of("drift_per_current", 1.0, 0.0, 2.0), of("drift_per_current", 1.0, 0.01, 2.0)),
    Limit(
        "not_determined",
        "limited",
        of("drift_per_current", -1.0, -2.0, 0.0),
        of("drift_per_current", -1.0, -2.0, -0.01),
    ),
    Limit("edge_open", "limited", of("edge_strength", 1.0, 0.0, 2.0), of("edge_strength", 1.0, 0.01, 2.0)),
    Limit("far_from_texture", "limited", of("alpha", 1.21, 1.2, 1.22), of("alpha", 1.19, 1.18, 1.2)),
    Limit("far_from_texture", "limited", of("alpha", 1.21, 1.2, 1.22), of("alpha", 1.21, 0.99, 1.4)),
    Limit("far_from_texture", "limited", of("alpha", 0.82, 0.81, 0.83), of("alpha", 0.84, 0.83, 0.85)),
    Limit("far_from_texture", "failed", of("alpha", 2.01, 2.0, 2.1), of("alpha", 1.99, 1.9, 2.1)),
    Limit("far_from_texture", "failed", of("alpha", -1.0, -1.1, -0.9), {}),
)
def test_a_limit_of_parameters(limit):
    crosses(parameters, limit)


def expulsion(strongest=0.9, stays=None, leaves=None, checks=(), current=-1.0):
    found = Expulsion(-0.9, 12e-9, 13e-9, current)
    return list(about_expulsion(found, strongest, stays, leaves, [ExpulsionRun(*each) for each in checks]))


@both_ways(
    Limit("expulsion_unknown", "limited", {"current": None, "leaves": 2.0}, {"current": None, "stays": 2.0}),
    Limit("expulsion_extrapolated", "limited", {"strongest": 0.74}, {"strongest": 0.76}),
    Limit("expulsion_off", "limited", {"stays": 1.051}, {"stays": 1.049}),
    Limit("expulsion_off", "limited", {"leaves": 0.949}, {"leaves": 0.951}),
    Limit("expulsion_off", "limited", {"checks": [(1.05, False, True)]}, {"checks": [(1.05, False, False)]}),
    Limit("expulsion_off", "limited", {"checks": [(0.95, True, False)]}, {"checks": [(0.95, True, True)]}),
    Limit(
        "expulsion_unchecked", "limited", {"checks": [(1.05, False, False, True)]}, {"checks": [(1.05, False, False)]}
    ),
)
def test_a_limit_of_the_expulsion(limit):
    crosses(expulsion, limit)


def motion(way=20e-9, start=100e-9, charge=1.0, radius=1.0, gone_from=None, at_end=False):
    """In a track 200 nm long, of a skyrmion whose wall ends 10 nm from its centre and whose radius changes at last."""
    tensors = SimpleNamespace(gyration=-4 * np.pi * charge)
    sizes = np.append(np.full(TIME.size - 1, 8e-9), 8e-9 * radius)
    one = run("one", way=way, start=(start, 30e-9), gone_from=gone_from, at_end=at_end, tensors=tensors, radius=sizes,
              outline=np.full(TIME.size, 10e-9))  # fmt: skip
    return list(about_motion([one], CELL, 200e-9))


@both_ways(
    Limit("stuck", "failed", {"way": 1.9e-9}, {"way": 2.1e-9}),
    Limit("at_end", "limited", {"at_end": True}, {}),
    Limit("near_end", "limited", {"start": 24e-9}, {"start": 26e-9}),
    Limit("near_end", "limited", {"start": 156e-9}, {"start": 154e-9}),
    Limit("charge_not_whole", "limited", {"charge": 0.969}, {"charge": 0.971}),
    Limit("charge_not_whole", "limited", {"charge": -1.031}, {"charge": -1.029}),
    Limit("not_rigid", "limited", {"radius": 1.51}, {"radius": 1.49}),
    Limit("not_rigid", "limited", {"radius": 0.49}, {"radius": 0.51}),
    # One that an edge expels opens on its way out.
    Limit("not_rigid", "limited", {"radius": 0.1}, {"radius": 0.1, "gone_from": 10}),
)
def test_a_limit_of_the_motion(limit):
    crosses(motion, limit)


def bend(radius):
    """Of the middle of the track; the inner edge is 30 nm nearer to the centre, and the wall ends at 10 nm."""
    bends = SimpleNamespace(curvature=[0.0, -1 / radius])
    return list(about_bends([run("one", bends=bends, outline=np.full(TIME.size, 10e-9))]))


@both_ways(Limit("tight_bend", "limited", {"radius": 49e-9}, {"radius": 51e-9}))
def test_a_limit_of_a_bend(limit):
    crosses(bend, limit)


def landscape(size=1.0, lost_at=None):
    """Material from x = 110 nm on in which the skyrmion has another size; it goes there, or was last seen near it."""
    x, y = np.linspace(0, 200e-9, 101), np.linspace(0, WIDTH, 31)
    ones = np.ones((x.size, y.size))
    sizes = np.where(x[:, None] > 110e-9, size, ones)
    found = Landscape(x, y, 0 * ones, 0 * ones, sizes, ones, ones)
    if lost_at is None:
        return list(about_landscape(found, [run("one")]))
    radius = np.full(TIME.size, 8e-9)
    lost = run("lost", way=0.0, start=(lost_at, 30e-9), gone_from=5, radius=radius)
    return list(about_landscape(found, [run("one", way=-20e-9)], [lost]))


@both_ways(
    Limit("no_skyrmion_there", "failed", {"size": 0.55}, {"size": 0.56}),
    Limit("no_skyrmion_there", "failed", {"size": 1.45}, {"size": 1.44}),
    Limit("no_skyrmion_there", "limited", {"size": 0.5, "lost_at": 105e-9}, {"size": 0.5, "lost_at": 95e-9}),
    Limit("landscape_changes_texture", "limited", {"size": 0.79}, {"size": 0.81}),
    Limit("landscape_changes_texture", "limited", {"size": 1.21}, {"size": 1.19}),
)
def test_a_limit_of_the_landscape(limit):
    crosses(landscape, limit)


def pairs(low=0.5, high=1.5, **changes):
    runs = [run("one"), run("one", start=(140e-9, 30e-9), skyrmion=1)]
    return list(about_pairs(fit_of(runs[:1], [number("pair_strength", 1.0, low, high)], **changes), runs))


@both_ways(
    Limit("pairs_not_seen", "limited", {"low": 0.0}, {"low": 0.01}),
    Limit("pairs_not_seen", "limited", {"low": 0.1, "high": 2.1}, {"low": 0.1, "high": 2.09}),
    Limit("pairs_not_seen", "limited", {"at_bound": ("pair_decay",)}, {"at_bound": ("edge_decay",)}),
)
def test_a_limit_of_pairs(limit):
    crosses(pairs, limit)


def levels(wrong=0, lost=0):
    pulse = SimpleNamespace(amplitude=4e11, period=2e-9)
    return list(about_levels(np.array([0, wrong, 0]), lost, 1000, 300.0, pulse))


@both_ways(
    Limit("levels_wrong", "limited", {"wrong": 11}, {"wrong": 9}),
    Limit("levels_wrong", "failed", {"wrong": 250}, {"wrong": 249}),
    Limit("skyrmions_leave", "limited", {"lost": 11}, {"lost": 9}),
    Limit("skyrmions_leave", "failed", {"lost": 250}, {"lost": 249}),
)
def test_a_limit_of_levels(limit):
    crosses(levels, limit)


def test_a_good_skyrmion_has_no_reasons_against_it():
    assert errors() == parameters() == expulsion() == motion() == bend(1e-6) == landscape() == pairs() == levels() == []
