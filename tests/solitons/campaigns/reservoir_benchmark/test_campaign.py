"""The campaign of reservoirs: what it refuses, its runs, and the whole way on devices that nobody tuned."""

from types import SimpleNamespace

import numpy as np
import pytest
import yaml
from rows import rows

from analysis import artificial
from solitons import run_campaign
from solitons.campaigns.framework.stages import Stages
from solitons.campaigns.reservoir_benchmark.campaign import ReservoirBenchmarkCampaign
from solitons.campaigns.reservoir_benchmark.micromagnetics import compare_stretch
from solitons.campaigns.reservoir_benchmark.results import DEVICE, LINEAR, QUADRATIC
from solitons.devices.driven_nodes import read_slots
from solitons.campaigns.reservoir_benchmark.devices import driven_device

FILE = ReservoirBenchmarkCampaign.report_file().with_name("campaign.yaml")
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
        ({"search__nodes": [700]}, "search.nodes = 700 are 701 weights, and by search.times 600 samples fit them"),
        ({"search__nodes": [12], "search__slots": ["0.5 ps"]}, "6 ps, is shorter than a tenth of the device's time const"),
        (
            {"device__model": "wall", "device__start": "160 nm", "search__slots": ["20 ps"], "search__nodes": [12]},
            "at rest under 0 A/m², longer than 100 of the longest steps of the search, 240 ps",
        ),
        ({"device": {"model": "junction"}}, "under 0 A/m2 the device does not come to rest in 0.0"),
        ({"device__model": "nowhere"}, "device.model = 'nowhere' cannot be read"),
        ({"material__Ms": "500 kA/m"}, "stripe has its junction from"),
        ({"stripe": None}, "stretch and orbits need stripe and material"),
        ({"device": {"model": "oscillator"}}, "holds a AutoOscillator, and runs are of walls in a stripe"),
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
    assert len(runs) == 2 + 5
    sine = runs["a sine of 0.9 × 10¹² A/m²"].in_time
    assert sine.current_density(np.array([0.05, 0.55, 1.55]) * 1e-9) / 0.9e12 == pytest.approx(
        [np.sin(np.pi / 20), np.sin(np.pi * 11 / 20), -np.sin(np.pi * 11 / 20)]
    )
    assert sine.duration == pytest.approx(16e-9)
    assert not described("stretch", "orbits").has_runs


def test_a_stretch_that_the_model_itself_ran_is_confirmed_until_it_is_moved():
    campaign = described("orbits", stretch__inputs=3, stretch__nodes=8)
    labelled = campaign.labelled_runs("native")

    def stored(run, moved):
        times = run.spec.in_time.sample_times
        held = run.spec.in_time.current_density((times[:-1] + times[1:]) / 2)
        start = float(campaign.model.wells()[8])
        places = read_slots(driven_device(campaign.model, 1e12, start=start), held[None], campaign.stretch.slot)[0]
        shifted = places + moved * places.std() * np.arange(places.size) / places.size
        return artificial.domain_walls(
            np.concatenate([[start], shifted]), t=times, length=752e-9, magnet_width=80e-9, thickness=2e-9,
            cell=(4e-9, 4e-9, 2e-9),
        )  # fmt: skip

    same, _ = compare_stretch(campaign, SimpleNamespace(labelled=labelled, open=lambda run: stored(run, 0.0)), True)
    assert same.error < 0.05
    assert same.parted is None
    assert same.model_exponent < -1e9
    away, _ = compare_stretch(campaign, SimpleNamespace(labelled=labelled, open=lambda run: stored(run, 1.0)), True)
    assert away.error == pytest.approx(1 / np.sqrt(3), rel=0.1)
    assert away.parted == 2


@pytest.mark.slow
@rows(
    "changes",
    [
        # An oscillator at room temperature, whose own heat is larger than any noise of reading.
        {"device": {"model": "oscillator", "temperature": "300 K", "copies": 20},
         "search__biases": ["2e11 A/m^2", "2.5e11 A/m^2"], "search__amplitudes": ["1e11 A/m^2", "2e11 A/m^2"],
         "search__slots": ["0.2 ns"]},
        # Walls among grains, in a place that nobody chose.
        {"device": {"model": "wall-grains", "start": "240 nm"}},
    ],
)  # fmt: skip
def test_devices_that_nobody_tuned_lose_to_quadratic_taps(changes, tmp_path):
    campaign = described("stretch", "orbits", **SMALL | changes)
    summary = run_campaign(campaign, tmp_path)
    for task in summary.results.tasks:
        assert task.row(QUADRATIC).verdict == "loss"
        assert task.row(QUADRATIC).error <= 1.05 * task.row(LINEAR).error
        assert task.row(DEVICE).error < 1.2
    assert sum(summary.results.memory.by_degree) <= summary.results.memory.rank
    assert "not_confirmed" in {each.code for each in summary.results.reasons}
