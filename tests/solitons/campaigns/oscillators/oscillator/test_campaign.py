"""The campaign of an oscillator: what it refuses, and what it reports of pillars that nothing was tuned for."""

import json
import math
from dataclasses import dataclass, field, replace

import numpy as np
import pytest
import xarray as xr
import yaml
from edited_content import with_fields
from report_text import report_text
from rows import rows

from runs import AlternatingCurrent, AlternatingField, AtOnce
from solitons.campaigns.framework.base import ComputedRuns
from solitons.campaigns.framework.kinds import load_campaign, shipped_campaigns
from solitons.campaigns.framework.results import CampaignSummary
from solitons.campaigns.framework.stages import Stages
from solitons.campaigns.framework.workflow import campaign_folder, run_campaign
from solitons.campaigns.oscillators.oscillator.campaign import OscillatorCampaign
from solitons.campaigns.oscillators.oscillator.one_moment import current_of, moment_of
from solitons.campaigns.oscillators.oscillator.results import OscillatorResults
from solitons.junctions import follow_macrospins
from solitons.junctions.ensemble import AlternatingDrive
from solitons.models.loading import load_model

FILES = {each.name: each.file for each in shipped_campaigns() if each.kind == "oscillator"}
CONTENT = yaml.safe_load(FILES["oscillator"].read_text())
LOCKING = with_fields(
    yaml.safe_load(FILES["oscillator-locking"].read_text()), heat=None, injection__alternating_currents=[]
)


def edited(content=CONTENT, **changes):
    return with_fields(content, **changes)


@dataclass
class MomentRuns:
    """A store whose runs are the pillar as one moment: what a micromagnetic run is if the layer turns as a whole."""

    shorten: float = 1.0
    specs: dict = field(default_factory=dict)

    def holding(self, campaign):
        runs = campaign.labelled_runs("native")
        self.specs |= {run.spec.run_id: run.spec for run in runs}
        return ComputedRuns(runs, self, "native")

    def open(self, run_id):
        spec = self.specs[run_id]
        drive = spec.in_time
        spin, interval = replace(moment_of(spec), temperature=np.asarray(drive.temperature)), drive.sampling_interval
        members = spec.ensemble.members if spec.ensemble else 1
        m = np.tile(np.nanmean(spec.device.initial_magnetisation(spec.material), axis=(0, 1, 2)), (members, 1))
        frames = [m[:, None]]
        for number, (duration, current, wave) in enumerate(pieces(spec)):
            run = follow_macrospins(
                spin, m, duration, seed=10 * drive.seed + number, current_density=current,
                samples=round(duration / interval), alternating=wave, threads=1,
            )  # fmt: skip
            frames.append(run["m"].values)
            m = run["m"].values[:, -1]
        values = self.shorten * np.concatenate(frames, axis=1)
        t = ("t", np.arange(values.shape[1]) * interval, {"units": "s"})
        means = {f"m{name}": (("member", "t"), values[..., at]) for at, name in enumerate("xyz")}
        found = xr.Dataset(means, {"t": t, "member": np.arange(members)})
        return found if spec.ensemble else found.isel(member=0, drop=True)


def pieces(spec):
    """Durations with the direct current and what alternates: sin(phase + ...) is a cosine a quarter earlier."""
    steps = spec.in_time.steps
    found = []
    for each in steps[0].branches[1] if isinstance(steps[0], AtOnce) else steps:
        wave, current = None, getattr(each, "amplitude", None) if each.do == "constant current" else current_of(spec)
        if isinstance(each, AlternatingField | AlternatingCurrent):
            chirp = ((each.final_frequency or each.frequency) - each.frequency) / each.duration
            named = "field" if isinstance(each, AlternatingField) else "current_density"
            wave = AlternatingDrive(
                each.frequency, **{named: each.amplitude}, phase=each.phase - math.pi / 2, chirp=chirp
            )
            current = getattr(each, "direct", current)
        found.append((each.duration, current, wave))
    return found


def analysed(content, **store):
    campaign = OscillatorCampaign(**content)
    campaign.check()
    held = MomentRuns(**store)
    runs = held.holding(campaign)
    if campaign.unsettled:
        campaign = campaign.settled(runs)
    findings = campaign.analyse(held.holding(campaign), Stages())
    return campaign, findings, report_text(campaign, findings)


# Of another size, another material, and a field that is tilted: nothing was tuned for them.
SMALL = {
    "base__device__length": "28 nm",
    "base__device__thickness": "1.4 nm",
    "base__device__cell": ["4 nm", "4 nm", "1.4 nm"],
    "sweep__0__values": ["0.05e12 A/m2", "0.14e12 A/m2", "0.152e12 A/m2", "0.16e12 A/m2", "0.168e12 A/m2",
                         "0.176e12 A/m2", "0.184e12 A/m2"],
    "heat": None,
    "fit__held_out": 1,
}  # fmt: skip
SOFT = {
    "base__material": {"name": "permalloy", "Ms": "0.8 MA/m", "A": "13 pJ/m", "alpha": 0.03},
    "base__protocol__static_field": [0, 0, "1.3 T/mu0"],
    "base__protocol__sampling_interval": "5 ps",
    "base__device__fixed_layer": "down",
    "sweep__0__values": [f"{each}e12 A/m2" for each in (0.07, 0.135, 0.145, 0.155, 0.165, 0.175, 0.185)],
    "heat": None,
    "fit__held_out": 1,
}
TILTED = {
    "base__protocol__static_field": ["80 mT/mu0", 0, "480 mT/mu0"],
    "sweep__0__values": [f"{each}e12 A/m2" for each in (0.12, 0.25, 0.26, 0.27, 0.28, 0.29, 0.3)],
    "heat": None,
    "fit__held_out": 1,
}


SLOW = pytest.mark.slow


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param(SMALL, id="small"),
        pytest.param(SOFT, id="soft", marks=SLOW),
        pytest.param(TILTED, id="tilted field", marks=SLOW),
    ],
)
def test_a_pillar_that_nothing_was_tuned_for_is_predicted(changes):
    _, findings, text = analysed(edited(**changes))
    results = findings.results
    assert results.verdict in ("trusted", "limited"), results.reasons
    assert results.frequency_error < 0.005
    assert len(results.oscillating) >= 4
    threshold = results.parameters[0]
    assert threshold.value == pytest.approx(results.estimated_threshold, rel=0.02)
    assert "threshold" in text
    assert len(list(results.headlines())) <= 5
    for draw in findings.figures.values():
        draw()


def test_locking_is_predicted_checked_and_reported():
    changes = {"injection__currents": ["0.225e12 A/m2"], "injection__fields": ["0.6 mT/mu0"]}
    campaign, findings, text = analysed(edited(LOCKING, **changes))
    results = findings.results
    assert len(campaign.labelled_runs("native")) == 10 + 4
    (pair,) = results.pairs
    assert [each.locked for each in pair.checks] == [True, False, True, False]
    assert pair.as_predicted
    assert pair.low <= pair.capture_low < pair.own_frequency < pair.capture_high <= pair.high
    assert 1e-9 < pair.time_to_lock < 50e-9
    assert "Arnold tongues" in text
    findings.figures["locking"]()
    assert {each.name: each.value for each in results.headlines()}["locking as predicted"] == "4 of 4"


@pytest.mark.slow
def test_a_strong_signal_that_is_switched_on_takes_less_than_it_keeps():
    changes = {"injection__currents": ["0.215e12 A/m2"], "injection__fields": ["1 mT/mu0"]}
    _, findings, text = analysed(edited(LOCKING, **changes))
    (pair,) = findings.results.pairs
    assert pair.high - pair.low > 1.2 * (pair.capture_high - pair.capture_low)
    switched = [each for each in pair.checks if each.switched_on]
    assert [each.locks for each in switched] == [True, False, True, False]
    assert pair.as_predicted, pair.checks
    # A swept run keeps its lock beyond the frequency at which the switched-on one slips.
    kept = max(each.frequency for each in pair.checks if each.locked and not each.switched_on)
    assert kept > max(each.frequency for each in switched if not each.locked)
    assert "is taken from" in text
    findings.figures["locking"]()


@pytest.mark.parametrize("current", ["0.225e12 A/m2", pytest.param("0.255e12 A/m2", marks=SLOW)])
def test_an_injected_current_locks_as_predicted(current):
    changes = {"injection__currents": [current], "injection__fields": []}
    _, findings, text = analysed(edited(LOCKING, **changes, injection__alternating_currents=["0.006e12 A/m2"]))
    (pair,) = findings.results.pairs
    assert len(pair.checks) >= 4
    assert pair.as_predicted, pair.checks
    assert "the torque of the polariser's part" in text
    findings.figures["locking"]()


@pytest.mark.slow
def test_the_line_with_heat_stands_beside_the_model():
    heat = {"temperature": 300, "currents": 2, "members": 16, "duration": "60 ns", "runs": 6, "run_duration": "60 ns"}
    campaign, findings, text = analysed(edited(heat=heat))
    heated = [run.spec for run in campaign.labelled_runs("oommf") if "heat" in str(run.role)]
    assert [(each.ensemble.members, each.engine) for each in heated] == 2 * [(6, "native")]
    for line in findings.results.lines:
        assert line.moment.shape == "Gauss"
        assert line.model_width == pytest.approx(line.moment.width, rel=0.25)
        assert line.formula_width == pytest.approx(line.moment.width, rel=0.3)
        assert line.run.width == pytest.approx(line.moment.width, rel=0.25)
    assert "to first order" in text
    findings.figures["lines"]()


@pytest.mark.slow
@pytest.mark.parametrize(("temperature", "held"), [(50, True), (300, False)])
def test_slips_with_heat_stand_beside_those_of_the_model_and_of_the_free_phase(temperature, held):
    heat = {"currents": 1, "members": 32, "duration": "100 ns", "runs": 12, "run_duration": "80 ns"}
    changes = {"injection__currents": ["0.215e12 A/m2"], "injection__fields": ["1 mT/mu0"]}
    _, findings, text = analysed(edited(LOCKING, **changes, heat=heat | {"temperature": temperature}))
    results = findings.results
    (pair,) = results.pairs
    rates = [each.count / each.watched for each in (pair.slips, pair.model_slips, pair.free_slips)]
    assert pair.held == held
    assert ("heat_unlocks" in {each.code for each in results.reasons}) == (not held)
    assert ("leaves it locked" in text) == held
    if held:
        assert max(rates[:2]) < rates[2] / 3
    else:
        assert rates[0] == pytest.approx(rates[1], rel=0.35)


def test_a_sweep_and_a_hold_that_frames_divide_only_together_are_taken():
    changes = {
        "injection__currents": ["0.225e12 A/m2"],
        "injection__fields": ["0.4 mT/mu0"],
        "injection__sweep": "10.0025 ns",
        "injection__hold": "29.995 ns",
    }
    campaign = OscillatorCampaign(**edited(LOCKING, **changes))
    campaign.check()
    settled = campaign.settled(MomentRuns().holding(campaign))
    assert len(settled.labelled_runs("native")) == 10 + 4


def test_a_layer_that_does_not_turn_as_a_whole_has_no_model():
    _, findings, text = analysed(edited(**SMALL), shorten=0.5)
    results = findings.results
    assert results.verdict == "failed"
    assert results.reasons[0].code == "too_few_orbits"
    assert "not_uniform" in {each.code for each in results.reasons}
    assert findings.models == {}
    assert results.parameters == []
    assert [each.name for each in results.headlines()] == ["currents that oscillate"]
    assert "The model" not in text


def test_slow_decays_below_the_threshold_are_no_orbits():
    values = [f"{each}e10 A/m2" for each in (0.02, 0.3, 0.32, 0.34, 0.36, 0.375)]
    changes = {"base__material__alpha": 0.001, "base__device__fixed_layer": "down", "sweep__0__values": values}
    changes |= {"base__protocol__steps__0__duration": "20 ns", "heat": None, "fit__held_out": 1}
    _, findings, _ = analysed(edited(**changes))
    assert findings.results.verdict == "failed"
    assert findings.results.reasons[0].code == "too_few_orbits"


@pytest.mark.slow
def test_an_orbit_about_another_axis_fails():
    _, findings, _ = analysed(edited(**SMALL, fit__axis=[1, 0, 1]))
    assert findings.results.verdict == "failed"
    assert "other_axis" in {each.code for each in findings.results.reasons}


REFUSED = {
    "no axis": ({"sweep": []}, "sweep has none; give one axis over the current"),
    "too few": ({"sweep__0__values": ["0.1e12 A/m2", "0.2e12 A/m2", "0.21e12 A/m2"]}, "asks for 7 at least"),
    "below": ({"sweep__0__values": [f"{each}e9 A/m2" for each in range(10, 80, 10)]}, "estimated at 181 GA/m\\^2"),
    "sign": (
        {"sweep__0__values": [f"-{each}e10 A/m2" for each in range(10, 80, 10)]},
        "hold the layer at rest; with the other sign the threshold is estimated at 181 GA/m",
    ),
    "both signs": ({"sweep__0__values": [f"{each}e10 A/m2" for each in range(-30, 40, 10)]}, "have both signs"),
    "no torque": (
        {"base__device__start_tilt": 0, "base__device__fixed_layer": "down"},
        "there is no torque on it and nothing moves; give base.device start_tilt",
    ),
    "sampling": ({"base__protocol__sampling_interval": "50 ps"}, r"a period has 1\.\d+ samples, and 4 are needed"),
    "short": ({"base__protocol__steps__0__duration": "1 ns"}, "lasts 8.* periods .*, and 16 are needed"),
    "heat": ({"base__protocol__temperature": 300}, "base.protocol.temperature is not 0"),
    "device": (
        {"base__device": {"kind": "stripe", "length": "64 nm", "width": "16 nm", "thickness": "1 nm",
                          "cell": ["4 nm", "4 nm", "1 nm"],
                          "terminals": [{"kind": "through_plane", "name": "junction", "polariser": [0, 0, 1],
                                         "polarisation": 0.5}]}},
        "base.device is a stripe",
    ),
    "relaxed": (
        {"base__device__fixed_layer": "down", "base__device__start_tilt": 0,
         "base__protocol__steps": [{"do": "relax"}, CONTENT["base"]["protocol"]["steps"][0]],
         "sweep__0__fields": ["protocol.steps.1.amplitude"]},
        "there is no torque on it and nothing moves",
    ),
    "forced": (
        {"base__protocol__steps": [{"do": "at once", "branches": [
            [CONTENT["base"]["protocol"]["steps"][0]],
            [{"do": "alternating field", "amplitude": [1e3, 0, 0], "frequency": "12 GHz", "duration": "15 ns"}]]}],
         "sweep__0__fields": ["protocol.steps.0.branches.0.0.amplitude"]},
        "the field along x changes after fit.begin",
    ),
    "vortex": ({"base__device__start": "vortex", "base__device__start_tilt": 0}, "vortex"),
    "pulse": (
        {"base__protocol__steps": [
            {"do": "constant current", "amplitude": "2e11 A/m2", "duration": "7.5 ns"},
            {"do": "constant current", "amplitude": "1e11 A/m2", "duration": "7.5 ns"}]},
        "the current changes after fit.begin",
    ),
}  # fmt: skip


@rows(("changes", "message"), REFUSED.values(), ids=list(REFUSED))
def test_what_is_refused_before_anything_runs(changes, message):
    with pytest.raises(ValueError, match=message):
        OscillatorCampaign(**edited(**changes)).check()


INJECTED = {
    "no signal": ({"injection__fields": []}, "injection has no signal"),
    "along": (
        {"injection__fields": [], "injection__alternating_currents": ["1e10 A/m2"],
         "base__device__fixed_layer": "down"},
        "the polariser is along the axis of the orbit",
    ),
    "heat's frames": ({"heat": {"runs": 2, "run_duration": "25 ps"}}, "heat.run_duration is 25 ps, no multiple"),
    "not swept": ({"injection__currents": ["0.21e12 A/m2"]}, "which is none of the sweep"),
    "frames": ({"injection__hold": "30.003 ns"}, "no multiple of base.protocol.sampling_interval"),
    "no field": ({"injection__fields": [0]}, "injection.fields"),
    "no current": ({"injection__currents": [0]}, "of the sweep above its threshold"),
}  # fmt: skip


@rows(("changes", "message"), INJECTED.values(), ids=list(INJECTED))
def test_what_is_refused_of_an_injected_field(changes, message):
    with pytest.raises(ValueError, match=message):
        OscillatorCampaign(**edited(LOCKING, **changes)).check()


@pytest.mark.slow
def test_the_shipped_campaign_runs_whole(tmp_path):
    """Fewer and shorter runs than the shipped files have, on the native engine, from the description to the report."""
    changes = {
        "sweep__0__values": [f"{each}e12 A/m2" for each in (0.09, 0.205, 0.225, 0.24, 0.255, 0.27)],
        "fit__held_out": 1,
        "injection__currents": ["0.24e12 A/m2"],
        "injection__fields": ["1 mT/mu0"],
        "injection__sweep": "5 ns",
        "injection__hold": "15 ns",
        "base__protocol__steps__0__duration": "12 ns",
    }
    campaign = OscillatorCampaign(**edited(LOCKING, engine="native", **changes))
    run_campaign(campaign, tmp_path)
    folder = campaign_folder(campaign, "native", tmp_path)
    summary = CampaignSummary[OscillatorResults].from_json((folder / "summary.json").read_text())
    results = summary.results
    assert summary.runs == 10
    assert results.verdict in ("trusted", "limited"), results.reasons
    assert results.frequency_error < 0.01
    # Whole micromagnetics begins to oscillate some 5 % below one moment.
    assert results.parameters[0].value == pytest.approx(0.95 * results.estimated_threshold, rel=0.02)
    assert [each.locked for each in results.pairs[0].checks] == [True, False, True, False]
    model = load_model(folder / "oscillator.json")
    assert model.threshold == pytest.approx(results.parameters[0].value)
    assert json.loads((folder / "summary.json").read_text())["kind"] == "oscillator"


def test_both_shipped_files_are_of_one_kind():
    assert sorted(FILES) == ["oscillator", "oscillator-locking"]
    assert all(load_campaign(name).unsettled for name in FILES)
    assert not OscillatorCampaign(**edited(heat=None)).unsettled


def test_an_injected_current_below_the_threshold_is_a_reason_and_no_crash():
    changes = {"injection__currents": ["0.14e12 A/m2"], "injection__fields": ["0.6 mT/mu0"]}
    _, findings, text = analysed(edited(LOCKING, **changes))
    assert "no_range" in {each.code for each in findings.results.reasons}
    (pair,) = findings.results.pairs
    assert (pair.low, pair.weak_half_width, pair.checks) == (None, None, [])
    findings.figures["locking"]()
    assert pair.missing == "the run under that current ends on no orbit"
    assert pair.missing in text
    assert any(pair.missing in each.sentence for each in findings.results.reasons)
