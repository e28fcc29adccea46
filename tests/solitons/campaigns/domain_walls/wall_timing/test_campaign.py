"""The campaign of spike timing: its runs, what it refuses, how pairs are read off, and the whole way on made runs."""

from types import SimpleNamespace

import numpy as np
import pytest
import yaml
from rows import rows

from analysis import artificial
from solitons.campaigns.domain_walls.wall_timing import analysis
from solitons.campaigns.domain_walls.wall_timing.campaign import WallTimingCampaign
from solitons.campaigns.domain_walls.wall_timing.results import SentPair
from solitons.campaigns.framework.base import LabelledRun
from solitons.domain_walls.spike_pairs import walls_after

FILE = WallTimingCampaign.report_file().with_name("campaign.yaml")


def described(**changes):
    """The shipped campaign, with values changed at keys such as ``antisymmetric__pre__tail``."""
    content = yaml.safe_load(FILE.read_text("utf-8"))
    for key, value in changes.items():
        *path, last = key.split("__")
        part = content
        for each in path:
            part = part[each]
        part[last] = value
    return WallTimingCampaign.model_validate(content)


def made_run(campaign, run):
    """What the model itself does in a run, as cells show it."""
    times = run.spec.in_time.sample_times
    wells = campaign.model.wells()
    start = wells[np.abs(wells - run.role.start).argmin()]
    current = run.spec.in_time.current_density
    places = walls_after(campaign.model, [current], start, times)[0, 0]
    return artificial.domain_walls(
        places, t=times, length=752e-9, magnet_width=80e-9, thickness=2e-9, cell=(4e-9, 4e-9, 2e-9)
    )


def test_runs_send_trains_of_pairs_and_spikes_alone():
    campaign = described()
    runs = {str(each.role): each for each in campaign.labelled_runs("native")}
    assert len(runs) == 11 + 5 + 2 + 2
    train = runs["2 × antisymmetric pairs, 300 ps apart, from 354 nm"].spec
    assert train.in_time.duration == pytest.approx(4e-9)
    # The later pulse, + 0.55, meets the tail of the first: 0.8 x 0.55 that has decayed for 0.1 of 0.6 ns.
    seen = train.in_time.current_density(np.array([0.15, 0.45, 2.45]) * 1e-9) / 1e12
    assert seen == pytest.approx([-0.55, 0.55 + 0.44 * 5 / 6, 0.55 + 0.44 * 5 / 6])
    # A pair that drives the wall outwards starts in the last well on that side.
    outward = [each.role for each in runs.values() if each.role.shape == "outward"]
    assert [(each.difference > 0, round(1e9 * each.start)) for each in outward] == [(False, 46), (True, 706)]


@rows(
    "changes, message",
    [
        ({"synapse": "wall"}, "give the device and material of its campaign"),
        ({"synapse": "junction"}, "synapse = 'junction' holds a"),
        (
            {"material__Ms": "500 kA/m"},
            "and 'wall-wells' was fitted with 2.4e-08 to 7.28e-07 m and 9.6e-11 A m",
        ),
        ({"starts": ["332 nm"]}, "starts has 332 nm, which is in no well; give some of 45.9 nm, 90.1 nm"),
        ({"antisymmetric__differences": ["-20 ps", "0.3 ns"]}, "−20 ps, shorter than sampling_interval = 50 ps"),
        ({"antisymmetric__differences": ["1 ns", "0.3 ns"]}, "the longer spike lasts 950 ps: such spikes do not meet"),
        ({"symmetric__differences": ["0.3 ns", "0.1 ns"]}, "symmetric.differences has 300 ps, and the longer spike"),
        ({"period": "1.2 ns"}, "period = 1.2 ns is shorter than a pair that begins 600 ps apart, 1.55 ns"),
    ],
)
def test_what_cannot_be_answered_is_refused(changes, message):
    campaign = described(**changes)
    with pytest.raises(ValueError) as error:  # noqa: PT011 - the message is the row's
        campaign.check()
    assert message in str(error.value)


def test_a_smooth_stripe_has_no_threshold():
    smooth = {"parts": [], "length": "320 nm", "width": "32 nm", "thickness": "1 nm", "cell": ["4 nm", "4 nm", "1 nm"]}
    smooth |= {"readout_window": {"x": ["40 nm", "280 nm"]}, "walls": [{"position": "160 nm", "kind": "neel"}]}
    content = yaml.safe_load(FILE.read_text("utf-8"))
    campaign = described(synapse="wall", device=content["device"] | smooth, starts=["160 nm"])
    with pytest.raises(ValueError, match="without a threshold any spike moves the wall"):
        campaign.check()


def test_heat_on_a_head_to_head_wall_is_refused():
    content = yaml.safe_load(FILE.read_text("utf-8"))
    device = content["device"] | {"parts": [], "walls": [{"position": "160 nm", "kind": "transverse"}]}
    soft = content["material"] | {"Ku": 0.0, "D": 0.0}
    with pytest.raises(ValueError, match="domains along x, and a temperature of 300 K is asked for"):
        described(device=device, material=soft, temperature=300.0).check()


@pytest.mark.slow
def test_spikes_that_move_the_wall_alone_and_signs_that_part_are_refused():
    with pytest.raises(ValueError, match=r"one spike alone takes the wall out of a well from 0\.\d+ of its size on"):
        described(antisymmetric__pre__amplitude="-1.2e12 A/m^2").check()
    with pytest.raises(ValueError, match="lowers the conductance, mean over all wells"):
        described(antisymmetric__pre__amplitude="0.55e12 A/m^2", symmetric=None).check()
    with pytest.raises(ValueError, match=r"learning.like = 'dw-demo' is of kind 'dw_synapse'"):
        described(learning__like="dw-demo", symmetric=None).check()
    with pytest.raises(ValueError, match=r"learning.current = 1e\+13 A/m2 is none of writing.currents"):
        described(learning__current="1e13 A/m2", symmetric=None).check()


def test_pairs_are_read_off_a_run_and_a_wall_that_leaves_is_seen():
    campaign = described()
    wells = campaign.model.wells()
    run = next(each for each in campaign.labelled_runs("native") if each.role.difference == 0.3e-9)
    times = run.spec.in_time.sample_times
    places = np.where(times < 1e-9, wells[7], np.where(times < 3e-9, wells[8], wells[10]))
    stripe = {"t": times, "length": 752e-9, "magnet_width": 80e-9, "thickness": 2e-9, "cell": (4e-9, 4e-9, 2e-9)}
    first, second = analysis.pairs_of(campaign, run, artificial.domain_walls(places, **stripe))
    assert [(each.steps, each.model_steps) for each in (first, second)] == [(1, 1), (2, 1)]
    # Sixteen wells share a range; the junction is linear between them.
    span = np.ptp(analysis.conductance_at(campaign.model, wells))
    assert second.change - second.model_change == pytest.approx(span / 15, rel=0.02)
    gone = np.where(times < 1e-9, wells[7], 800e-9)
    (lost,) = analysis.pairs_of(campaign, run, artificial.domain_walls(gone, **stripe))
    assert (lost.steps, lost.change, lost.agrees) == (None, None, False)


def test_a_window_counts_signs_and_differences():
    def pair(steps, model, change):
        return SentPair(
            shape="antisymmetric", difference=0.0, start=0.0, steps=steps, model_steps=model, change=change,
            model_change=0.0,
        )  # fmt: skip

    window = analysis.window_of("antisymmetric", [pair(2, 1, 0.3), pair(-1, 0, -0.4), pair(0, 0, 0.0)], 1.0)
    assert window.agreement == pytest.approx(2 / 3)
    assert window.error == pytest.approx(np.sqrt(0.25 / 3))
    assert (window.raises, window.lowers) == (2, 1)


@pytest.mark.slow
def test_the_whole_way_on_runs_that_the_model_made(monkeypatch):
    monkeypatch.setattr(analysis, "_WINDOW", 4)
    campaign = described(learning__walls=20, learning__seeds=2)
    labelled = campaign.labelled_runs("native")
    runs = SimpleNamespace(labelled=labelled, open=lambda run: made_run(campaign, run))
    found = campaign.analyse(runs, _Silent())
    results = found.results
    assert [each.agreement for each in results.windows] == [1.0, 1.0]
    assert (results.windows[0].raises, results.windows[0].lowers) == (1, 1)
    assert [each.code for each in results.reasons if each.weight == "failed"] == []
    by_name = {each.name: each.share for each in results.learned}
    # Layers of walls learn, and k-means-like features beat what untrained layers name by far.
    assert by_name["walls"] > by_name["walls, untrained"] + 0.3
    assert by_name["linear classifier, taught"] == pytest.approx(0.963, abs=0.005)
    # At each spike of a neuron the walls of 99 others see a spike alone, and a pair makes one move at most.
    assert results.disturbances > 99 * results.disturbed[1][1]
    assert "22 of 22" in [each.value for each in results.headlines()]
    text = str(campaign.report(found))
    assert "Digits without a teacher" in text
    assert isinstance(labelled[0], LabelledRun)


class _Silent:
    """Stages that show nothing."""

    def over(self, name, items):
        del name
        return items

    def __call__(self, name, steps=None):
        del name, steps
        return self

    def __enter__(self):
        return lambda: None

    def __exit__(self, *error):
        return None
