"""What speaks against the errors of a reservoir."""

from both_ways import Limit, both_ways, crosses

from solitons.campaigns.reservoir_benchmark.judgement import about_device, about_motion, about_search, beyond_fit
from solitons.campaigns.reservoir_benchmark.results import (
    DEVICE,
    LINEAR,
    MASK,
    QUADRATIC,
    Drive,
    Memory,
    Orbit,
    ReservoirResults,
    Row,
    Stretch,
    TaskResult,
    Tested,
)
from solitons.campaigns.reservoir_benchmark.settings import SearchSettings

OF = ["solitons/campaigns/reservoir_benchmark/judgement.py"]
SEARCH = SearchSettings(biases=[0.0, 1.0], amplitudes=[1.0, 2.0, 3.0], slots=[1e-10], nodes=[2])


def judged(
    verdict="trusted", heat=True, noise=1e-3, amplitude=2.0, bias=0.0, helps=0.1, error=0.5, exponent=-1.0,
    stretch=0.05, confirmed=True, place=1.0, lost=False, strongest=4.0, ran=True, orbit=0.001, regular=True,
):  # fmt: skip
    rows = [
        Row(name=name, weights=2, error=error, reach=0.0, gain=helps, gain_reach=0.05, wrong=None)
        for name in (DEVICE, LINEAR, QUADRATIC, MASK)
    ]
    drive = Drive(bias=bias, amplitude=amplitude, slot=1e-10, nodes=2, mask_mean=0.0)
    tested = Tested(drive=drive, validated=0.5, rows=rows, chosen="taps", place=0.0, deviation=1.0)
    ran_at = drive if confirmed else drive.model_copy(update={"nodes": 3})
    run = Stretch(
        task="narma", drive=ran_at, inputs=4, lost=lost, error=stretch, parted=None, exponent=-1.0, model_exponent=-1.0,
        place=place, test_place=1.0, test_deviation=0.5,
    )  # fmt: skip
    one = Orbit(amplitude=1.0, places=[], model_places=[], exponent=-1.0 if regular else 1.0, apart=orbit)
    results = ReservoirResults(
        time_constant=1e-9, tasks=[TaskResult(task="narma", tested=[tested], references=[])],
        memory=Memory(by_degree=[1.0], linear_by_delay=[1.0], rank=2), exponents=[[exponent] * 3] * 2,
        device_seconds=1.0, stretch=run if ran else None, orbits=[one],
    )  # fmt: skip
    known = beyond_fit(results, strongest)
    return [*about_device("wall", verdict, heat, noise), *known, *about_search(SEARCH, results), *about_motion(results)]


@both_ways(
    Limit("fit_failed", "failed", {"verdict": "failed"}, {"verdict": "limited"}),
    Limit("fit_limited", "limited", {"verdict": "limited"}, {}),
    Limit("fit_limited", "limited", {"verdict": None}, {}),
    Limit("heat_left_out", "limited", {"heat": False}, {}),
    Limit("read_without_noise", "limited", {"noise": 0.0}, {}),
    Limit("beyond_fit", "limited", {"strongest": 1.9}, {"strongest": None}),
    Limit("best_at_edge", "limited", {"amplitude": 3.0}, {"amplitude": 3.0, "helps": 0.04}),
    Limit("best_at_edge", "limited", {"bias": 1.0}, {}),
    Limit("search_fitted", "limited", {"error": 0.76}, {"error": 0.74}),
    Limit("chaotic_drive", "limited", {"exponent": 1.0}, {"exponent": None}),
    Limit("not_confirmed", "limited", {"ran": False}, {}),
    Limit("device_lost", "failed", {"lost": True}, {}),
    Limit("nodes_part", "failed", {"stretch": None}, {}),
    Limit("nodes_part", "failed", {"stretch": 0.51}, {"stretch": 0.49}),
    Limit("nodes_off", "limited", {"stretch": 0.11}, {"stretch": 0.09}),
    Limit("stretch_elsewhere", "limited", {"place": 2.1}, {"place": 1.9}),
    Limit("gains_not_run", "limited", {"confirmed": False}, {"confirmed": False, "helps": 0.0}),
    Limit("orbits_part", "limited", {"orbit": 0.011}, {"orbit": 0.009}),
    Limit("orbits_part", "limited", {"orbit": None}, {"orbit": None, "regular": False}),
)
def test_each_limit_is_crossed(limit):
    crosses(judged, limit)


def test_nothing_is_left_where_all_passes():
    assert judged() == []
