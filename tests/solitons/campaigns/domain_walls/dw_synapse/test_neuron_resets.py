"""A neuron that a pulse resets: its runs, the report, and the whole way on a made-up wall and on five wells."""

import re
from types import SimpleNamespace

import numpy as np
import pytest
from rows import rows

from solitons import load_model, run_campaign
from solitons.campaigns.domain_walls.dw_synapse.campaign import SynapseCampaign
from solitons.campaigns.domain_walls.dw_synapse.neurons import about_firing
from solitons.campaigns.domain_walls.dw_synapse.results import NeuronResults, ResetRun, ResetWay
from solitons.campaigns.domain_walls.dw_synapse.roles import Excited
from solitons.campaigns.framework.report_template import fill_in
from solitons.devices import trace
from solitons.figures import new_figure

from .test_neurons import NEURON

NS = 1e-9


@pytest.fixture
def described(small):
    """A neuron that eight pulses make fire, and that pulses of two widths take back."""
    reset = {"amplitude": 1e12, "widths": ["0.8 ns", "1.46 ns"]}
    asked = {"amplitudes": [5e11, 1e12], "count": 8, "rest": "0.4 ns", "reset": reset}

    def make(**changes):
        return small(neuron=asked | {"reset": reset | changes}, name="is-reset")

    return make


def test_each_run_has_its_pulses_the_reset_pulse_and_its_pulses_again(described):
    runs = [run for run in SynapseCampaign(**described()).labelled_runs("mock") if isinstance(run.role, Excited)]
    assert [(run.role.amplitude, round(run.role.reset / NS, 3)) for run in runs] == [
        *((5e11, 0.8), (5e11, 1.46)),
        *((1e12, 0.8), (1e12, 1.46)),
    ]
    assert str(runs[-1].role) == "neuron under 1 × 10¹² A/m², reset by 1.46 ns"
    _, first, pulse, again, _ = runs[1].spec.protocol.steps
    assert again == first
    assert (first.amplitude, first.polarity, first.count) == (5e11, "negative", 8)
    assert (pulse.amplitude, pulse.polarity, pulse.count) == (1e12, "positive", 1)
    assert pulse.width == pytest.approx(1.46 * NS)
    assert pulse.period == pytest.approx(1.9 * NS), "whole samples of 50 ps"


@rows(
    ("changes", "message"),
    [
        ({"amplitude": 0.0}, "neuron.reset.amplitude"),
        ({"widths": []}, "neuron.reset.widths"),
        ({"widths": [0.0]}, "neuron.reset.widths"),
        ({"widths": ["30 ps"]}, "width"),
    ],
)
def test_a_pulse_that_cannot_reset_is_refused(described, changes, message):
    with pytest.raises(ValueError, match=message):
        SynapseCampaign(**described(**changes))


def results(width, **run):
    reset = {"amplitude": 1e12, "width": NS, "ends": 50e-9, "predicted_ends": 49e-9, "again": 3.2 * NS}
    pulse = {"way": "pulse", "strength": 1e12, "dead_time": 2.8 * NS, "fires_from": 8e11, "runs": 2, "runs_wrong": 0}
    field = {"way": "field", "strength": 4e4, "dead_time": 0.9 * NS, "fires_from": None, "runs": 0, "runs_wrong": 0}
    counts = {"cold": 2, "cold_wrong": 0, "walls": 400, "walls_wrong": 2, "ci95": (0.001, 0.02)}
    return NeuronResults(
        bias=0.0, start=50e-9, threshold=190e-9, threshold_current=8e11, fires_from=1e12, silent_up_to=None, firings=[],
        pulses=4, refractory=None, measured_refractory=None, never_back=0, rest=0.7 * NS, reset_width=width,
        resets=[ResetRun.model_validate(reset | {"predicted_again": 3.3 * NS} | run)],
        ways=[ResetWay.model_validate(pulse | counts), ResetWay.model_validate(field | counts | {"walls": 0})],
    )  # fmt: skip


@rows(
    ("width", "run", "words"),
    [
        (NS, {}, [
            "A pulse against those that excite it takes the wall back to 50 nm",
            "After them comes the reset pulse, a rest of 700 ps, and the same pulses again.",
            "back to its start lasts 1 ns.",
            "pulse, 1 × 10¹² A/m² | 21.4 fJ | 2.8 ns | 0.8 × 10¹² A/m² | 0 of 2 | 0 of 2 | 0.5% of 400 (0.1% to",
            "field, 40 kA/m | none of a magnet's | 900 ps | – | – | 0 of 2 | – |",
            "50 nm | 49 nm | 3.2 ns | 3.3 ns",
        ]),
        (None, {"ends": None, "again": None}, [
            "No reset pulse that was tried brings",
            "1 ns | gone | 49 nm | does not | 3.3 ns",
        ]),
    ],
)  # fmt: skip
def test_the_report_has_both_ways(width, run, words):
    neuron = SimpleNamespace(
        results=results(width, **run), train=SimpleNamespace(width=0.3 * NS, period=NS, polarity="positive")
    )
    page = fill_in(
        NEURON,
        {"along": "z", "found": SimpleNamespace(neuron=neuron), "reset_energy": 2.14e-14},
        {"neuron_runs": lambda: new_figure(1, 1)},
    )
    text = re.sub(r"(\s*\|\s*)+", " | ", re.sub(r"</t[dhr]>", "|", page))
    text = " ".join(re.sub(r"<[^>]+>", "", text).split())
    for each in words:
        assert each in text


def test_where_no_pulse_resets_it_the_places_are_named():
    (reason,) = about_firing(results(None, ends=90e-9, predicted_ends=88e-9), NS, 20e-9)
    assert reason.code == "reset_misses"
    assert "back to 50 nm; by their widths it ends at 1 ns: 90 nm. The saved neuron jumps" in reason.sentence


@pytest.mark.slow
def test_the_whole_way_on_a_wall_that_nothing_holds(described, tmp_path):
    """57.9 m/s under 1e12 A/m2, and at half their height pulses last 20 ps less: 8 of 0.18 ns are one of 1.44."""
    summary = run_campaign(SynapseCampaign(**described()), tmp_path)
    found = summary.results.neuron
    assert found.reset_width == pytest.approx(1.46 * NS)
    ends = {(each.amplitude, round(each.width / NS, 2)): each for each in found.resets}
    forth = 57.9 * 8 * 0.18
    for (amplitude, width), each in ends.items():
        expected = 60 + forth * amplitude / 1e12 - 57.9 * (width - 0.02)
        assert each.ends == pytest.approx(expected * 1e-9, abs=1.5e-9)
        assert each.predicted_ends == pytest.approx(each.ends, abs=1.5e-9)
    assert ends[1e12, 1.46].again == pytest.approx(found.firings[-1].measured, abs=0.05 * NS)
    assert ends[5e11, 1.46].again is None
    pulse, _ = found.ways
    assert (pulse.runs, pulse.runs_wrong, pulse.cold, pulse.cold_wrong) == (1, 0, 1, 0)
    saved = load_model(tmp_path / "campaigns/is-reset/mock/neuron.json")
    assert float(saved.reset_current) == 1e12
    codes = {reason.code for reason in summary.results.reasons}
    assert not codes & {"reset_misses", "neuron_disagrees"}
    none = run_campaign(SynapseCampaign(**described(widths=["0.8 ns"])), tmp_path / "short").results
    assert "reset_misses" in {reason.code for reason in none.reasons}
    assert none.neuron.reset_width is None


def wells():
    """Five strips of less anisotropy, 40 nm apart; the junction sees the wall between the last two."""
    train = {
        "do": "current pulses",
        "amplitude": 1e12,
        "width": "0.3 ns",
        "rise": "50 ps",
        "period": "1 ns",
        "count": 4,
    }
    return {
        "name": "wells",
        "engine": "native",
        "base": {
            "material": {
                "name": "film",
                "Ms": 6e5,
                "A": 12e-12,
                "Ku": 5e5,
                "D": 5e-4,
                "alpha": 0.3,
                "spin_hall_angle": 0.3,
            },
            "device": {
                "kind": "stripe",
                "length": "260 nm",
                "width": "88 nm",
                "thickness": "2 nm",
                "cell": ["4 nm", "4 nm", "2 nm"],
                "walls": [{"position": "50 nm", "kind": "neel"}],
                "parts": [
                    {"name": f"well_{at}", "x": [f"{at - 6} nm", f"{at + 6} nm"], "Ku": 0.38e6}
                    for at in (50, 90, 130, 170, 210)
                ],
                "readout_window": {"x": ["70 nm", "230 nm"]},
                "terminals": [{"kind": "heavy_metal", "name": "metal"}],
            },
            "protocol": {
                "sampling_interval": "50 ps",
                "steps": [
                    {"do": "relax"},
                    train | {"polarity": "positive"},
                    train | {"polarity": "negative"},
                ],
            },
        },
        "sweep": [
            {
                "name": "amplitude",
                "unit": "A/m^2",
                "fields": ["protocol.steps.1.amplitude", "protocol.steps.2.amplitude"],
                "values": [0.8e12, 1.1e12],
            },
            {
                "name": "width",
                "unit": "s",
                "fields": ["protocol.steps.1.width", "protocol.steps.2.width"],
                "values": ["0.25 ns", "0.35 ns"],
            },
        ],
        "extract": {"resistance_area": "10 ohm*um^2", "tmr": 1.5},
        "fit": {"held_out": 1, "seed": 1},
        "neuron": {
            "amplitudes": [0.95e12, 1.1e12],
            "count": 4,
            "rest": "0.7 ns",
            "reset": {"amplitude": 1e12, "widths": ["0.75 ns", "1 ns"]},
        },
        "energy": {"resistivity": "20 uohm cm", "metal_thickness": "5 nm", "source": "round numbers"},
    }


@pytest.mark.slow
def test_a_wall_in_wells_is_reset_by_a_pulse_as_micromagnetics_shows(tmp_path):
    """Each pulse takes it one well on, and the reset pulse over four: 0.75 ns are one well too short in both."""
    summary = run_campaign(SynapseCampaign(**wells()), tmp_path)
    found = summary.results.neuron
    assert found.reset_width == pytest.approx(1 * NS)
    for each in found.firings:
        assert each.measured == pytest.approx(each.predicted, abs=0.02 * NS)
        assert 3 * NS < each.measured < 3.3 * NS, "in the fourth pulse"
    for each in found.resets:
        place, pulses = (50e-9, 3) if each.width == found.reset_width else (90e-9, 2)
        assert each.ends == pytest.approx(place, abs=2e-9)
        assert each.predicted_ends == pytest.approx(each.ends, abs=4e-9)
        assert each.again == pytest.approx(each.predicted_again, abs=0.02 * NS)
        assert pulses * NS < each.again < (pulses + 0.3) * NS
    pulse, field = found.ways
    assert (pulse.runs, pulse.runs_wrong, pulse.cold, pulse.cold_wrong) == (2, 0, 2, 0)
    # A field that overcomes the wells does not stop at the first of them.
    assert (field.cold, field.cold_wrong) == (1, 1)
    # rho J^2 over metal and pulse; the trapezoid's square lasts 4/3 of a rise less than its foot.
    ohmic = 2e-7 * 1e24 * (260e-9 * 88e-9 * 5e-9) * (1e-9 - 4 / 3 * 50e-12)
    rows = summary.results.energy.of("domain wall", "reset pulse of the neuron")
    assert rows[0].joule == pytest.approx(ohmic, rel=1e-6)
    assert 0 < rows[1].joule < 0.2 * ohmic
    # The saved neuron does in its own steps what its runs do: it fires in the fourth pulse, over and over.
    saved = load_model(tmp_path / "campaigns/wells/native/neuron.json")
    time, position, spike = trace(saved, np.array([1e12]), width=0.3 * NS, rise=50e-12, period=NS, count=24)
    np.testing.assert_allclose(np.diff(time[spike[0]]), 6 * NS, atol=0.02 * NS)
    assert position.min() > 40e-9
