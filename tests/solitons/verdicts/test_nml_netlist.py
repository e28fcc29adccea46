"""What speaks against an array of a netlist and its macrospins."""

from types import SimpleNamespace

from both_ways import Limit, both_ways, crosses

from solitons.campaigns.magnet_logic.nml_netlist.judgement import judge_netlist
from solitons.campaigns.magnet_logic.nml_netlist.results import NetlistResults, NetlistRow, RowTrials

OF = ["solitons/campaigns/magnet_logic/nml_netlist/judgement.py"]
HOT = RowTrials(trials=1000, wrong=10, undecided=0, low=0.005, high=0.02, outputs={"y": 10})


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
    return NetlistRow(**(known | changes))


NOT_RUN = {"seen": None, "margin": None, "uncleared": None, "difference": None}


def judged(*rows, fall=2e-9, chain=4):
    results = NetlistResults.model_construct(
        rows=[row(**each) for each in rows or ({},)],
        response_time=1e-9,
        anisotropy_field=1e5,
        longest_chain=[f"m{at}" for at in range(chain)],
    )
    return judge_netlist(results, SimpleNamespace(fall=fall, field=2e5))


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
)
def test_a_limit_of_a_netlist(limit):
    crosses(lambda rows, **more: judged(*rows, **more), limit)
