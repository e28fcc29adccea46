"""What speaks against a learning window and a layer of walls."""

from both_ways import Limit, both_ways, crosses

from solitons.campaigns.domain_walls.wall_timing.judgement import about_layer, about_model, about_runs
from solitons.campaigns.domain_walls.wall_timing.results import Learned, SentPair, WallTimingResults, Window

OF = ["solitons/campaigns/domain_walls/wall_timing/judgement.py"]


def pair(shape, steps):
    return SentPair(
        shape=shape, difference=0.0, start=0.0, steps=steps, model_steps=0, change=0.0, model_change=0.0
    )  # fmt: skip


def window(shape, agreement=1.0, error=0.01, raises=1.0, lowers=1.0):
    return Window(shape=shape, agreement=agreement, error=error, raises=raises, lowers=lowers)


def learned(low, high=0.5):
    return Learned(name="layer", share=0.5, ci95=(0.4, 0.6), behind=(low + high) / 2, behind_ci95=(low, high))


def judged(
    verdict="trusted", devices=0, alone=0, outward=0, gain=0.1, behind=0.01, disturbances=0.01, first=None, other=None
):
    pairs = [pair("pre", alone), pair("outward", outward)]
    windows = [window("antisymmetric", **first or {}), window("symmetric", **{"lowers": 0.0} | (other or {}))]
    layers = [learned(0.0), learned(gain), learned(-0.1, behind)]
    results = WallTimingResults(
        wells=16, margin=1.5, disturbed=None, pairs=pairs, windows=windows, hot=[], learned=layers,
        disturbances=disturbances,
    )  # fmt: skip
    return [*about_model("wall", verdict, devices), *about_runs(pairs, windows, 1.5), *about_layer(results)]


@both_ways(
    Limit("fit_failed", "failed", {"verdict": "failed"}, {"verdict": "limited"}),
    Limit("fit_limited", "limited", {"verdict": "limited"}, {}),
    Limit("fit_limited", "limited", {"verdict": None}, {}),
    Limit("spread_unknown", "limited", {}, {"devices": 8}),
    Limit("spread_left_out", "limited", {"devices": 8}, {}),
    Limit("spike_alone_moves", "failed", {"alone": -1}, {}),
    Limit("spike_alone_moves", "failed", {"alone": None}, {}),
    Limit("wall_lost_at_end", "failed", {"outward": None}, {}),
    Limit("no_both_signs", "failed", {"first": {"lowers": 0.0}}, {}),
    Limit("no_both_signs", "failed", {"first": {"raises": 0.0}}, {}),
    Limit("antisymmetric_parts", "failed", {"first": {"agreement": 0.79}}, {"first": {"agreement": 0.81}}),
    Limit("symmetric_parts", "failed", {"other": {"agreement": 0.79}}, {"other": {"agreement": 0.81}}),
    Limit("antisymmetric_off", "limited", {"first": {"error": 0.051}}, {"first": {"error": 0.049}}),
    Limit("symmetric_off", "limited", {"other": {"error": None}}, {}),
    Limit("symmetric_not_of_one_sign", "limited", {"other": {"lowers": 1.0}}, {}),
    Limit("symmetric_not_of_one_sign", "limited", {"other": {"raises": 0.0}}, {}),
    Limit("not_better_than_untrained", "failed", {"gain": 0.0}, {"gain": 0.001}),
    Limit("behind_junctions", "limited", {"behind": -0.001}, {"behind": 0.001}),
    Limit("chance_unknown", "limited", {"disturbances": None}, {}),
    Limit("spikes_alone_disturb", "limited", {"disturbances": 0.11}, {"disturbances": 0.09}),
)
def test_each_limit_is_crossed(limit):
    crosses(judged, limit)


def test_only_the_unknown_spread_is_left_where_all_else_passes():
    assert [each.code for each in judged()] == ["spread_unknown"]
