"""What speaks against an array of a gate or a netlist and its macrospins."""

from types import SimpleNamespace

from both_ways import Limit, both_ways, crosses

from solitons.campaigns.magnet_logic.logic_judgement import about_logic
from solitons.campaigns.magnet_logic.logic_results import (
    EnsembleResult,
    LogicResults,
    LogicRow,
    ModelLikelihood,
    WrongTrials,
)
from solitons.fits.verdict import judge

OF = ["solitons/campaigns/magnet_logic/logic_judgement.py"]
HOT = WrongTrials(trials=1000, wrong=10, undecided=0, low=0.005, high=0.02, outputs={"y": 10})


def row(**changes):
    known = {
        "row": (1, -1),
        "expected": {"y": 1},
        "model": {"y": 1},
        "model_margin": 0.9,
        "seen": {"y": 1},
        "margin": 0.9,
        "uncleared": 0.1,
        "difference": 0.1,
        "thermal": HOT,
    }
    return LogicRow(**(known | changes))


NOT_RUN = {"seen": None, "margin": None, "uncleared": None, "difference": None}


def trials(errors, low, high, of=1000):
    return WrongTrials(trials=of, wrong=errors, undecided=0, low=low, high=high, outputs={})


def compared(*seen, model=(200, 0.0173, 0.0230), p_value=0.5):
    other = ModelLikelihood(name="macrospins", thermal=trials(*model, 10_000), loss=0.0, p_value=p_value,
                            difference=(0.0, 0.0, 0.0))  # fmt: skip
    found = EnsembleResult(row=(1, 1), thermal=trials(*seen), length=0.95, models=[other], engine_seconds=1.0,
                           model_seconds=1.0)  # fmt: skip
    return {"rows": ({},), "ensemble": found}


def judged(*rows, fall=2e-9, chain=4, ensemble=None):
    results = LogicResults[LogicRow].model_construct(
        rows=[row(**each) for each in rows or ({},)],
        response_time=1e-9,
        anisotropy_field=1e5,
        longest_chain=[f"m{at}" for at in range(chain)],
        ensemble=ensemble,
    )
    return judge(about_logic(results, SimpleNamespace(fall=fall, field=2e5)))


def rows(*changes, **more):
    return {"rows": changes} | more


def hot(low):
    return rows({"thermal": HOT.model_copy(update={"low": low})})


@both_ways(
    Limit("rows_wrong", "failed", rows({}, {"seen": {"y": -1}}), rows({}, {"seen": {"y": 1}})),
    Limit("rows_wrong", "failed", rows({"seen": {"y": 0}}), rows({})),
    Limit("inner_magnets_wrong", "limited", rows({}, {"unlike": ["m"]}), rows({}, {})),
    Limit("inner_magnets_wrong", "limited", rows(NOT_RUN | {"unlike": ["m"]}), rows(NOT_RUN)),
    # Where an output is wrong too, that is what is stated.
    Limit("inner_magnets_wrong", "limited", rows({"unlike": ["m"]}), rows({"unlike": ["m"], "seen": {"y": -1}})),
    Limit("long_chain", "limited", rows(chain=5), rows(chain=4)),
    Limit("not_cleared", "failed", rows({"uncleared": 0.51}), rows({"uncleared": 0.49})),
    Limit("model_rows_wrong", "failed", rows({}, NOT_RUN | {"model": {"y": -1}}), rows({}, NOT_RUN)),
    Limit("not_run", "limited", rows(NOT_RUN), rows({}, NOT_RUN)),
    Limit("model_disagrees", "failed", rows({"model": {"y": -1}}), rows({})),
    Limit("not_one_moment", "limited", rows({"difference": 0.31}), rows({"difference": 0.29})),
    Limit("rows_not_run", "limited", rows({}, NOT_RUN), rows({}, {})),
    Limit("lost_to_heat", "failed", hot(0.251), hot(0.249)),
    Limit("clock_too_fast", "limited", rows({}, fall=0.99e-9), rows({}, fall=1.01e-9)),
    # At 0 K too, with no row that was followed with heat.
    Limit("clock_too_fast", "limited", rows({"thermal": None}, fall=0.99e-9), rows({"thermal": None}, fall=1.01e-9)),
    Limit("heat_not_checked", "limited", rows({}), rows({"thermal": None})),
    Limit("heat_not_checked", "limited", rows({}), compared(20, 0.012, 0.031)),
    # Agrees, but as well with three times as many, or with a third.
    Limit("rates_not_known", "limited", compared(20, 0.012, 0.053), compared(20, 0.012, 0.051)),
    Limit("rates_not_known", "limited", compared(20, 0.0076, 0.031), compared(20, 0.0077, 0.031)),
    Limit(
        "rates_disagree", "limited", compared(40, 0.03, 0.05, p_value=0.9e-3), compared(40, 0.03, 0.05, p_value=1.1e-3)
    ),
    Limit("rates_disagree", "failed", compared(90, 0.070, 0.11, p_value=1e-9), compared(90, 0.068, 0.11, p_value=1e-9)),
    Limit(
        "rates_disagree", "failed", compared(4, 0.001, 0.0057, p_value=1e-9), compared(4, 0.001, 0.0058, p_value=1e-9)
    ),
)
def test_a_limit_of_an_array(limit):
    crosses(lambda rows, **more: judged(*rows, **more), limit)


def test_an_array_that_micromagnetics_agrees_with_is_trusted():
    assert judged({}, ensemble=compared(20, 0.012, 0.031)["ensemble"]).verdict == "trusted"
