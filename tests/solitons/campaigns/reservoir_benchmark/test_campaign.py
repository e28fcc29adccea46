"""The campaign of reservoirs: what it refuses, its runs, and the whole way on devices that nobody tuned."""

from types import SimpleNamespace

import numpy as np
import pytest
import yaml
from rows import rows

from analysis import artificial
from solitons import run_campaign
from solitons.campaigns.reservoir_benchmark.campaign import ReservoirBenchmarkCampaign
from solitons.campaigns.reservoir_benchmark.devices import driven_device
from solitons.campaigns.reservoir_benchmark.micromagnetics import compare_stretch
from solitons.campaigns.reservoir_benchmark.results import LINEAR, QUADRATIC
from solitons.devices.driven_nodes import read_slots

FILE = ReservoirBenchmarkCampaign.report_file().with_name("reservoir-wall.yaml")
SMALL = {
    "search__times": 500, "search__series": 1, "test__train": 600, "test__test": 400, "test__series": 3,
    "search__slots": ["50 ps"], "search__nodes": [12], "search__mask_means": [0.5],
}  # fmt: skip


def described(*left_out, **changes):
    """The shipped campaign, with values changed at keys such as ``search__nodes``."""
    content = yaml.safe_load(FILE.read_text("utf-8"))
    for key in left_out:
        del content[key]
    for key, value in changes.items():
        *path, last = key.split("__")
        part = content
        for each in path:
            part = part[each]
        part[last] = value
    return ReservoirBenchmarkCampaign.model_validate(content)


@rows(
    "changes, message",
    [
        ({"search__nodes": [700]}, "search.nodes = 700 are 701 weights, and by search.times 320 samples fit them"),
        (
            {"search__nodes": [12], "search__slots": ["0.5 ps"]},
            "6 ps, is shorter than a tenth of the device's time const",
        ),
        (
            {"device__model": "wall", "device__start": "160 nm", "search__slots": ["20 ps"], "search__nodes": [12]},
            "at rest under 0 A/m², longer than 100 of the longest steps of the search, 240 ps",
        ),
        ({"device": {"model": "junction"}}, "under 0 A/m2 the device does not come to rest in 0.0"),
        ({"device__copies": 20}, "device.copies = 20 is for what heat moves, and device.model = 'wall-wells' holds"),
        ({"device__start": "10 um"}, "device.start = 1e-05 m is not within the synapse's 2.4e-08 to 7.28e-07 m"),
        ({"test__tasks": ["narma"]}, "stretch.task = 'sine_or_square' is none of test.tasks, narma"),
        ({"device__model": "nowhere"}, "device.model = 'nowhere' cannot be read"),
        ({"micromagnetics__material__Ms": "500 kA/m"}, "micromagnetics.device has its junction from"),
        ({"micromagnetics": None}, "stretch and orbits need micromagnetics"),
        ({"device__model": "oscillator"}, "device.start = 3.98e-07 m is for synapses"),
        (
            {"device": {"model": "oscillator"}, "search__biases": ["2e11"]},
            "micromagnetics has a stripe, and device.model = 'oscillator' holds a AutoOscillator",
        ),
    ],
)
def test_what_cannot_be_answered_is_refused(changes, message):
    campaign = described(**changes)
    with pytest.raises(ValueError) as error:  # noqa: PT011 - the message is the row's
        campaign.check()
    assert message in str(error.value)


def test_runs_hold_each_current_for_a_slot():
    campaign = described()
    runs = {str(each.role): each.spec for each in campaign.labelled_runs("native")}
    assert len(runs) == 2 + 4
    sine = runs["a sine of 0.9 × 10¹² A/m²"].in_time
    assert sine.current_density(np.array([0.05, 0.55, 1.55]) * 1e-9) / 0.9e12 == pytest.approx(
        [np.sin(np.pi / 20), np.sin(np.pi * 11 / 20), -np.sin(np.pi * 11 / 20)]
    )
    assert sine.duration == pytest.approx(12e-9)
    assert not described("stretch", "orbits").has_runs


def test_a_stretch_that_the_model_itself_ran_is_confirmed_until_it_is_moved():
    campaign = described("orbits", stretch__inputs=3, stretch__nodes=8)
    labelled = campaign.labelled_runs("native")

    def stored(run, moved):
        times = run.spec.in_time.sample_times
        held = run.spec.in_time.current_density((times[:-1] + times[1:]) / 2)
        start = float(campaign.model.wells()[8])
        places = read_slots(driven_device(campaign.model, 1e12, start=start), held[None], campaign.stretch.slot)[0]
        shifted = places + moved * places.std()
        return artificial.domain_walls(
            np.concatenate([[start], shifted]), t=times, length=752e-9, magnet_width=80e-9, thickness=2e-9,
            cell=(4e-9, 4e-9, 2e-9),
        )  # fmt: skip

    same, _ = compare_stretch(campaign, SimpleNamespace(labelled=labelled, open=lambda run: stored(run, 0.0)), [])
    assert same.error < 0.05
    assert same.parted is None
    assert same.model_exponent < -1e9
    away, _ = compare_stretch(campaign, SimpleNamespace(labelled=labelled, open=lambda run: stored(run, 0.6)), [])
    assert away.error == pytest.approx(0.6, abs=0.02)
    assert away.parted == 0


@pytest.mark.slow
def test_an_oscillator_at_room_temperature_loses_to_as_many_taps(tmp_path):
    campaign = described(
        "stretch", "orbits", "micromagnetics", device={"model": "oscillator", "temperature": "300 K", "copies": 20},
        search__biases=["2e11 A/m^2", "2.5e11 A/m^2"], search__amplitudes=["1e11 A/m^2", "2e11 A/m^2"],
        **SMALL | {"search__slots": ["0.2 ns"]},
    )  # fmt: skip
    results = run_campaign(campaign, tmp_path).results
    assert [task.tested[0].row(QUADRATIC).verdict for task in results.tasks] == ["loss"] * 3
    assert sum(results.memory.by_degree) <= results.memory.rank
    assert [each.code for each in results.reasons][-1] == "not_confirmed"


@pytest.mark.slow
def test_what_a_wall_among_grains_gains_is_its_models_alone(tmp_path):
    # As in dw-grains: grains that the model takes as one landscape bend the wall, and hold it elsewhere.
    grains = {
        "kind": "stripe", "length": "320 nm", "width": "32 nm", "thickness": "1 nm", "cell": ["4 nm", "4 nm", "1 nm"],
        "walls": [{"position": "160 nm", "kind": "neel"}], "pinned_ends": {"length": "24 nm", "field": "400 mT/mu0"},
        "readout_window": {"x": ["40 nm", "280 nm"]}, "grains": {"size": "10 nm", "anisotropy_spread": 0.05, "seed": 1},
        "terminals": [{"kind": "heavy_metal", "name": "metal"}],
    }  # fmt: skip
    drive = {"bias": 0, "amplitude": "0.3e12 A/m^2", "slot": "200 ps", "nodes": 4}
    campaign = described(
        "orbits", engine="native", micromagnetics__device=grains, micromagnetics__material__alpha=0.1,
        micromagnetics__material__spin_hall_angle=0.1,
        device={"model": "wall-grains", "start": "160 nm"}, stretch=drive | {"task": "movement", "inputs": 40},
        test__tasks=["movement"], search__biases=[0], search__amplitudes=["0.3e12 A/m^2"],
        **SMALL | {"search__slots": ["200 ps"], "search__nodes": [4], "search__mask_means": [0]},
    )  # fmt: skip
    results = run_campaign(campaign, tmp_path).results
    (tested,) = results.tasks[0].tested
    assert tested.row(QUADRATIC).verdict == tested.row(LINEAR).verdict == "gain"
    assert [each.code for each in results.reasons if each.weight == "failed"] == ["nodes_part"]
    assert [each.name for each in results.headlines()] == ["nodes beside micromagnetics"]
