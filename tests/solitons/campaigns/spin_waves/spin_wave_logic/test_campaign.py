"""Majority gates of spin waves: what is refused, their runs, and whole campaigns, of which two must fail."""

from copy import deepcopy
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from rows import rows
from scipy import stats

from analysis.spin_waves.steady_waves import PlaneWaves
from solitons import load_campaign, load_model
from solitons.campaigns.framework.results import CampaignSummary
from solitons.campaigns.framework.workflow import campaign_folder, run_campaign
from solitons.campaigns.spin_waves.spin_wave_logic import analysis
from solitons.campaigns.spin_waves.spin_wave_logic.analysis import displaced_gates
from solitons.campaigns.spin_waves.spin_wave_logic.campaign import ROWS, SpinWaveLogicCampaign
from solitons.campaigns.spin_waves.spin_wave_logic.designed_gate import DesignedGate
from solitons.campaigns.spin_waves.spin_wave_logic.results import SpinWaveLogicResults, WaveRow
from solitons.campaigns.spin_waves.spin_wave_logic.settings import GateRow
from solitons.spin_waves import GuidedWave


def edited(**changes):
    """The shipped campaign with some fields replaced: device__length for device.length."""
    content = load_campaign("spin-wave-logic").model_dump(mode="json")
    for path, value in changes.items():
        *parents, last = path.split("__")
        part = content
        for name in parents:
            part = part[int(name)] if isinstance(part, list) else part[name]
        part[last] = deepcopy(value)
    return SpinWaveLogicCampaign.model_validate(content)


def lines(*centres, **changes):
    size = {"width": 60e-9, "height": 30e-9} | changes
    return [
        {"kind": "strip_line", "name": name, "centre": each} | size for name, each in zip("abc", centres, strict=False)
    ]


@rows(
    ("changes", "message"),
    [
        ({"device__terminals": lines(7e-7, 1.1e-6)}, "has 2 strip lines; a majority of three needs three"),
        ({"device__terminals__0__width": 50e-9}, "differ in width, height or cladding"),
        ({"device__absorbing_ends": None}, "absorbing_ends is not given"),
        ({"device__terminals": lines(4e-7, 1.1e-6, 1.5e-6)}, "the antennas are at 4e-07 to 1.5e-06 m"),
        ({"device__terminals": lines(7e-7, 1.1e-6, 1.9e-6)}, "before the output at 1.8e-06 m"),
        ({"output__end": 2.2e-6}, "does not lie between the absorbing ends, 5e-07 to 2.1e-06 m"),
        ({"output__end": 1.83e-6}, "is not whole cells of 1.25e-08 m"),
        ({"output__component": "z"}, "output.component = 'z' is along device.start"),
        ({"device__repeats": "y"}, "depends on its period"),
        ({"device__slots": [{"name": "gap", "y": (0, 1.7e-8)}]}, "other guides take some of the waves"),
        ({"drive__decision": 0.2e-9}, "200 ps is 1.4 periods of drive.frequency = 7 GHz, and 3 are needed"),
        ({"drive__ramp": 5e-9}, "is over before the ramp"),
        ({"drive__decision": 1.00001e-9}, "no whole number of picoseconds"),
    ],
)
def test_what_is_no_gate_is_refused_before_anything_runs(changes, message):
    with pytest.raises(ValueError, match=message):
        edited(**changes).check()


def gate_of(campaign, **changes):
    content = {"frequency": 6e9, "wavenumber": 3.8e7, "attenuation": 5e5, "gain": (0.0, 3.0)} | changes
    wave = GuidedWave(**content)
    wanted = wave.currents(campaign.distances, campaign.drive.amplitude)
    phases = np.pi / 2 - np.angle(wanted)
    plane = PlaneWaves(3.8e7, 2e-6, 0.03 + 0j, 0j, 0.0, 0.0)
    return DesignedGate(
        wave, hot=False, run_id="a", plane=plane, currents=tuple(np.abs(wanted)), phases=tuple(phases % (2 * np.pi))
    )


def test_rows_are_run_once_a_wave_is_fitted_and_their_waves_arrive_alike():
    campaign = edited()
    campaign.check()
    alone = campaign.labelled_runs("native")
    assert [str(run.role) for run in alone] == [
        "antenna a alone, fitted",
        "antenna b alone, predicted",
        "antenna c alone, predicted",
        "heat without current",
        "antenna a alone, with heat, fitted",
    ]
    gate = gate_of(campaign)
    campaign._designed = (gate, replace(gate, hot=True))
    arrived = gate.complex_currents * gate.wave.transmission(campaign.distances)
    np.testing.assert_allclose(arrived, campaign.drive.amplitude, rtol=1e-9)
    runs = [run for run in campaign.labelled_runs("native") if isinstance(run.role, GateRow)]
    assert [run.role.bits for run in runs] == [*ROWS, *ROWS]
    # OOMMF has no thermal field here.
    both = [run.spec.engine for run in campaign.labelled_runs("oommf")]
    assert both == ["oommf"] * 3 + ["native"] * 2 + ["oommf"] * 8 + ["native"] * 8
    assert [run.spec.protocol.temperature for run in runs] == [0.0] * 8 + [300.0] * 8
    assert len({run.spec.protocol.seed for run in runs}) == 9
    assert [run.spec.protocol.duration for run in runs[7:9]] == pytest.approx([6.5e-9, 14.5e-9])
    (step,) = runs[1].spec.in_time.steps[1:]
    assert [branch[0].terminal for branch in step.branches] == ["a", "b", "c"]
    assert step.branches[2][0].phase == pytest.approx(gate.phases[2] + np.pi)


def test_displaced_antennas_lose_gates_as_their_phases_say():
    # Without losses and heat a row of 1, 1, -1 is right while cos a + cos b - cos c > 0, phases k times displacements.
    campaign = edited(displaced={"deviations": [1e-9, 20e-9], "members": 20000, "seed": 4})
    gate = gate_of(campaign, attenuation=0.0, wavenumber=4e7)
    few, many = displaced_gates(campaign, gate, campaign.displaced)
    assert few.lost == 0.0
    cosines = np.cos(0.8 * np.random.default_rng(9).normal(size=(20000, 3)))
    lost = (cosines.sum(axis=1)[:, None] - 2 * cosines < 0).any(axis=1) | (cosines.sum(axis=1) < 0)
    assert many.lost == pytest.approx(lost.mean(), abs=0.015)


def test_noise_and_a_lost_margin_are_found_in_made_decisions(monkeypatch):
    campaign = edited(heat={"quiet": 400, "fitted": 50, "decisions": 100})
    gate = replace(gate_of(campaign), hot=True)
    campaign._designed = (replace(gate, hot=False), gate)
    sigma, one, random = 4e-3, campaign.drive.amplitude, np.random.default_rng(5)

    def made(role, _drive, _output, parts):
        """Noise, and in rows nine tenths of what is predicted."""
        noise = sigma * (random.normal(size=parts) + 1j * random.normal(size=parts))
        return noise + 0.9 * one * sum(role.bits) if isinstance(role, GateRow) else noise

    monkeypatch.setattr(analysis, "outputs", made)
    runs = SimpleNamespace(labelled=campaign.labelled_runs("native"), open=lambda run: run.role)
    cold = [WaveRow(run_id="c", bits=bits, output=(sum(bits), 0), predicted=(sum(bits), 0)) for bits in ROWS]
    _, clouds, found = analysis._with_heat(campaign, gate, SpinWaveLogicResults(fit=None, rows=tuple(cold)), runs)
    noise, expected = found.noise, sigma**2 * campaign.drive.decision
    assert noise.interval[0] < expected < noise.interval[1]
    assert noise.density == pytest.approx(expected, rel=0.1)
    assert noise.ratio_interval[0] < 1 < noise.ratio_interval[1]
    assert noise.ratio_interval[1] - noise.ratio_interval[0] < 0.3
    assert noise.settled_p > 0.01
    # A tenth of margins of 1 and 3, in two and six rows of eight.
    assert noise.margin_loss == pytest.approx(0.15, abs=3 * noise.loss_error)
    assert noise.row_error == pytest.approx(np.sqrt(0.01 * (2 * 9 + 6) / 8 + noise.chance_error**2), rel=0.1)
    row = found.rows[1]
    assert row.hot_run_id in {run.spec.run_id for run in runs.labelled}
    assert row.decisions == clouds[row.bits].size == 100
    assert row.error_interval[0] < stats.norm.sf(one / sigma) < row.error_interval[1]


SMALL = {
    "device__length": 1.6e-6, "device__width": 17e-9, "device__thickness": 20e-9,
    "device__cell": [12.5e-9, 17e-9, 20e-9], "static_field": [0, 0, 187e3], "device__absorbing_ends__length": 3e-7,
    "device__terminals": lines(4e-7, 6e-7, 8e-7, width=40e-9), "output": {"begin": 1.1e-6, "end": 1.1375e-6},
    "drive": {"frequency": 9e9, "current": 5e-4, "amplitude": 0.02, "settling": 5e-9, "decision": 2e-9, "ramp": 2e-9},
    "heat": None, "displaced__members": 500,
}  # fmt: skip


def results_of(campaign, store, engine="native"):
    run_campaign(campaign, store=store, engine=engine)
    folder = campaign_folder(campaign, engine, store)
    text = (folder / "summary.json").read_text("utf-8")
    return CampaignSummary[SpinWaveLogicResults].from_json(text).results, folder


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["native", pytest.param("oommf", marks=pytest.mark.oommf)])
def test_a_small_gate_computes_and_one_antenna_predicts_it(tmp_path, engine):
    found, folder = results_of(edited(**SMALL), tmp_path, engine)
    assert found.verdict == "limited", found.reasons
    assert {each.code for each in found.reasons} == {"heat_not_checked"}
    assert all(row.right for row in found.rows)
    assert found.row_error < 0.05
    assert 1 <= len(list(found.headlines())) <= 5
    model = load_model(folder / "wave.json")
    assert model.provenance.held_out_error == found.row_error
    assert len(model.provenance.held_out) == 10


PERMALLOY = {
    "material": {"name": "permalloy", "Ms": 8e5, "A": 1.3e-11, "alpha": 0.005}, "static_field": [0, 0, 9e5],
    "device__cell": [5e-9, 60e-9, 20e-9], "device__width": 60e-9, "drive__frequency": 17e9, "drive__amplitude": 0.005,
    "output": {"begin": 1.1e-6, "end": 1.12e-6},
}  # fmt: skip


@pytest.mark.slow
@rows(
    ("changes", "verdict", "codes"),
    [
        # Another material, whose waves fall by half on their way.
        (PERMALLOY, "limited", {"reflected", "heat_not_checked"}),
        # Waves that large shift their own frequency.
        ({"drive__amplitude": 0.1}, "limited", {"rows_off", "heat_not_checked"}),
        # Below the resonance nothing travels.
        ({"drive__frequency": 2e9}, "failed", {"no_wave"}),
    ],
)
def test_what_other_gates_print(tmp_path_factory, changes, verdict, codes):
    found, folder = results_of(edited(**SMALL | changes), tmp_path_factory.mktemp("gate"))
    assert (found.verdict, {each.code for each in found.reasons}) == (verdict, codes)
    if verdict == "failed":
        assert not (folder / "wave.json").exists()
        assert [each.value for each in found.headlines()] == ["–", "–"]
    else:
        assert all(row.right for row in found.rows)
