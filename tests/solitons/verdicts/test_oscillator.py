"""What speaks against a fitted oscillator."""

from both_ways import Limit, both_ways, crosses

from solitons.campaigns.oscillators.oscillator.judgement import about_fit, about_lines, about_locking, about_runs
from solitons.campaigns.oscillators.oscillator.results import (
    DrivenOscillator,
    HeatedLine,
    Line,
    LockingCheck,
    LockingPair,
    Slips,
)
from solitons.fits.fitted_parameter import FittedParameter
from solitons.fits.trivial_model import TrivialModel
from solitons.fits.verdict import judge

OF = ["solitons/campaigns/oscillators/oscillator/judgement.py"]


def run(role="fitted", oscillates=True, **changes):
    return DrivenOscillator(run_id="a", role=role, current=2e11, oscillates=oscillates, **changes)


def line(width=1e8, model=1e8, of_run=None):
    moment = Line(width=width, lower=0.9e8, upper=1.1e8, shape="Gauss")
    seen = None if of_run is None else Line(width=of_run, lower=0.7 * of_run, upper=1.4 * of_run, shape="Gauss")
    return HeatedLine(current=2e11, moment=moment, run=seen, model_width=model, formula_width=model)


def pair(low=9e9, locked=True, locks=True, slips=None, free=30_000):
    check = LockingCheck(run_id="a", side="low", frequency=9e9, locks=locks, locked=locked, slips=0, beat=0.0)
    return LockingPair(
        current=2e11,
        amplitude=400.0,
        unit="A/m",
        slips=None if slips is None else Slips(count=slips, watched=1e-6),
        model_slips=None if slips is None else Slips(count=10_000, watched=1e-4),
        free_slips=None if slips is None else Slips(count=free, watched=1e-4),
        own_frequency=9.2e9,
        weak_half_width=2e8,
        low=low,
        high=9.5e9,
        time_to_lock=5e-9,
        checks=[check],
    )


def judged(
    driven=None, orbits=3, turned=0.0, injected=False, unseen=1, frequency=0.001, power=0.01, trivial=0.05, reach=0.01,
    below=True, lines=(), pairs=(),
):  # fmt: skip
    threshold = FittedParameter("threshold", "A/m^2", 1e11, (1 - reach) * 1e11, (1 + reach) * 1e11)
    runs = [run() for _ in range(orbits)] if driven is None else driven
    others = None if trivial is None else TrivialModel("it is the mean of the fitted ones", trivial)
    held = [run("held out") for _ in range(unseen)]
    return judge(
        [
            *about_runs(runs, turned, 1e11, injected),
            *about_fit(held, frequency, power, others, threshold, below),
            *about_lines(lines),
            *about_locking(pairs),
        ]
    )


THREE = [run(), run(), run()]


@both_ways(
    Limit("too_few_orbits", "failed", {"orbits": 2}, {"orbits": 3}),
    Limit("other_axis", "failed", {"turned": 0.53}, {"turned": 0.52}),
    Limit("turns_backwards", "failed", {"driven": [*THREE, run(frequency=-9e9)]}, {"driven": [run(frequency=9e9)] * 3}),
    Limit(
        "orbit_not_round",
        "limited",
        {"driven": [run(ellipticity=0.11)] * 3, "injected": True},
        {"driven": [run(ellipticity=0.11)] * 3},
    ),
    Limit("runs_lost", "limited", {"driven": [*THREE, run("lost", False)]}, {}),
    Limit("not_uniform", "limited", {"driven": [*THREE, run("not uniform", False, least_length=0.5)]}, {}),
    Limit("no_steady_orbit", "limited", {"driven": [*THREE, run("no orbit", False)]}, {}),
    Limit("nothing_held_out", "limited", {"unseen": 0}, {}),
    Limit("no_better_than_trivial", "failed", {"frequency": 0.009, "trivial": 0.009}, {}),
    Limit("little_better_than_trivial", "limited", {"frequency": 0.006, "trivial": 0.01}, {"frequency": 0.004}),
    Limit("frequency_off", "limited", {"frequency": 0.011}, {"frequency": 0.009}),
    Limit("frequency_off", "failed", {"frequency": 0.051, "trivial": 0.2}, {"frequency": 0.049, "trivial": 0.2}),
    Limit("power_off", "limited", {"power": 0.11}, {"power": 0.09}),
    Limit("threshold_open", "limited", {"reach": 0.11}, {"reach": 0.09}),
    Limit("threshold_open", "limited", {"below": False}, {"below": True}),
    Limit("line_off", "limited", {"lines": [line(1.51e8)]}, {"lines": [line(1.49e8)]}),
    Limit("line_off", "limited", {"lines": [line(0.66e8)]}, {"lines": [line(0.67e8)]}),
    Limit("line_off", "limited", {"lines": [line(of_run=1.51e8)]}, {"lines": [line(of_run=1.42e8)]}),
    Limit("slips_differ", "limited", {"pairs": [pair(slips=180)]}, {"pairs": [pair(slips=176)]}),
    Limit("slips_differ", "limited", {"pairs": [pair(slips=48)]}, {"pairs": [pair(slips=51)]}),
    Limit("heat_unlocks", "limited", {"pairs": [pair(slips=100, free=20_000)]}, {"pairs": [pair(slips=100)]}),
    Limit("line_not_resolved", "limited", {"lines": [line(None)]}, {"lines": [line()]}),
    Limit("no_range", "limited", {"pairs": [pair(low=None)]}, {"pairs": [pair()]}),
    Limit("locking_differs", "limited", {"pairs": [pair(locked=False)]}, {"pairs": [pair()]}),
    Limit("locking_unseen", "limited", {"pairs": [pair(locked=None)]}, {"pairs": [pair()]}),
)
def test_a_limit_of_an_oscillator(limit):
    crosses(judged, limit)


def test_a_good_oscillator_is_trusted():
    assert judged(lines=[line()], pairs=[pair()]).verdict == "trusted"
