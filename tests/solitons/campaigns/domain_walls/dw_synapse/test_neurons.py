"""A neuron's own runs: what they are, what the verdict makes of them, and the whole way on walls without a leak."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from rows import rows

from runs import CurrentPulses
from solitons import load_model, run_campaign
from solitons.campaigns.domain_walls.dw_synapse import figures
from solitons.campaigns.domain_walls.dw_synapse.campaign import SynapseCampaign
from solitons.campaigns.domain_walls.dw_synapse.neurons import NeuronRuns, about_firing
from solitons.campaigns.domain_walls.dw_synapse.results import Firing, NeuronResults
from solitons.campaigns.domain_walls.dw_synapse.roles import Excited
from solitons.campaigns.framework.report_template import fill_in

NS = 1e-9
NEURON = Path(figures.__file__).with_name("neuron.md")


@pytest.fixture
def described(small):
    """A neuron that is excited by three currents."""
    asked = {"amplitudes": [5e11, 1e12, 2e12], "count": 10, "rest": "2 ns"}

    def make(**neuron):
        return small(neuron=asked | neuron, name="fires")

    return make


def test_its_runs_have_the_base_runs_pulses_and_a_field_that_pulls_back(described):
    campaign = SynapseCampaign(**described(bias="2 mT/mu0"))
    runs = [run for run in campaign.labelled_runs("mock") if isinstance(run.role, Excited)]
    assert [run.role.amplitude for run in runs] == [5e11, 1e12, 2e12]
    assert str(runs[1].role) == "neuron under 1 × 10¹² A/m²"
    for run in runs:
        _, train, rest = run.spec.protocol.steps
        assert (train.amplitude, train.count, train.width) == (run.role.amplitude, 10, 2e-10)
        assert train.polarity == "negative"
        assert rest.duration == 2 * NS
        # An up-down wall left of its threshold goes back where the field is against the left domain: downwards.
        assert run.spec.protocol.static_field == pytest.approx((0, 0, -2e-3 / (4e-7 * np.pi)), rel=1e-6)


def test_the_field_on_a_head_to_head_wall_is_along_the_stripe(described):
    content = described(bias="2 mT/mu0")
    content["base"]["device"] |= {"walls": [{"position": "60 nm", "kind": "transverse"}]}
    content["base"]["material"] |= {"Ku": 0.0}
    content["extract"] |= {"polariser": [1, 0, 0]}
    run = SynapseCampaign(**content).labelled_runs("mock")[-1]
    # Against the left domain, +x, so that it goes back to the left.
    assert run.spec.protocol.static_field == pytest.approx((-2e-3 / (4e-7 * np.pi), 0, 0), rel=1e-6)


def test_from_the_other_side_the_field_is_the_other_way(described):
    content = described(bias="2 mT/mu0")
    content["base"]["device"] |= {"walls": [{"position": "160 nm"}]}
    run = SynapseCampaign(**content).labelled_runs("mock")[-1]
    assert run.spec.protocol.static_field[2] > 0


@rows(
    ("neuron", "message"),
    [
        ({"amplitudes": [1e12]}, "neuron.amplitudes"),
        ({"amplitudes": [1e12, 1e12]}, r"amplitudes has 1000000000000\.0 twice"),
        ({"amplitudes": [0.0, 1e12]}, "neuron.amplitudes"),
        ({"bias": -1.0}, "neuron.bias"),
        ({"count": 0}, "neuron.count"),
        ({"rest": 0.0}, "neuron.rest"),
    ],
)
def test_a_neuron_that_cannot_be_asked_is_refused(described, neuron, message):
    with pytest.raises(ValueError, match=message):
        SynapseCampaign(**described(**neuron))


@pytest.mark.parametrize("protocol", [{"static_field": [0, 0, 100.0]}, {"temperature": "300 K", "seed": 1}])
def test_other_fields_and_heat_are_refused(described, protocol):
    content = described()
    content["base"]["protocol"] |= protocol
    with pytest.raises(ValueError, match="have the bias only"):
        SynapseCampaign(**content)


def results(*firings, threshold_current=1e12, refractory=None, measured=None, never_back=0):
    rows = [
        Firing(amplitude=current, measured=one and one * NS, predicted=other and other * NS, rms=None)
        for current, one, other in firings
    ]
    return NeuronResults(
        bias=0.0,
        start=0.0,
        threshold=1e-7,
        threshold_current=threshold_current,
        fires_from=min((row.amplitude for row in rows if row.measured), default=None),
        silent_up_to=None,
        firings=rows,
        pulses=10,
        refractory=refractory and refractory * NS,
        measured_refractory=measured and measured * NS,
        never_back=never_back,
        rest=20 * NS,
    )


def test_what_runs_and_model_agree_on_is_no_reason():
    agree = [(5e11, None, None), (1.5e12, 5.0, 5.5), (2e12, 3.0, 2.2)]
    assert about_firing(results(*agree, refractory=9.0, measured=10.0), 1 * NS) == []
    # Within a tenth of its threshold current a model may be wrong about whether it fires.
    assert about_firing(results((1.05e12, None, 9.0), (0.95e12, 9.0, None)), 1 * NS) == []
    assert about_firing(results(refractory=9.0, measured=None), 1 * NS) == []


@rows(
    ("found", "said"),
    [
        (results((1.5e12, None, 9.0)), "with 1.5 × 10¹² A/m² the model fires, and the run does not"),
        (results((5e11, 9.0, None)), "with 0.5 × 10¹² A/m² the model does not fire, and the run does"),
        (results((1.5e12, 10.0, 12.0)), "the model fires after 12 ns, and the run after 10 ns"),
        (results((5e11, 9.0, None), threshold_current=None), "the model does not fire, and the run does"),
        (results((5e11, 9.0, 9.0), refractory=5.0, never_back=2), "in 2 runs it is not back after 20 ns"),
        (results(refractory=5.0, measured=10.0), "back after 5 ns, and the runs' after 10 ns"),
        (results(refractory=None, measured=10.0), "back never, and the runs' after 10 ns"),
    ],
)
def test_what_they_do_not_agree_on_is_named_with_both(found, said):
    (reason,) = about_firing(found, 1 * NS)
    assert (reason.code, reason.weight) == ("neuron_disagrees", "limited")
    assert said in reason.sentence


def test_a_neuron_that_never_fires_is_silent():
    (reason,) = about_firing(results((5e11, None, None), threshold_current=None), 1 * NS)
    assert reason.code == "neuron_silent"
    assert "change their polarity" in reason.sentence


@rows(
    ("changes", "words"),
    [
        ({}, "pulses from 1 × 10¹² A/m² on make the model fire; runs fire from 1.5 × 10¹² A/m² on, and not up to 0.5 × "
             "10¹² A/m². From the threshold the model's wall is back after 9 ns, the runs' after 10 ns"),
        ({"bias": 800.0, "silent_up_to": None, "measured_refractory": None},
         "A field of 800 A/m along z pulls the wall back to 60 nm, and it fires at 100 nm|all runs fire. In no run is "
         "the way back seen; the model's wall is back after 9 ns."),
        ({"threshold_current": None, "fires_from": None, "refractory": None, "measured_refractory": None},
         "Without a bias field|no pulses up to twice the strongest that ran make the model fire; none of the runs fires"
         ". No wall reaches the threshold."),
        ({"refractory": None}, "The model's wall does not come back within the rest of the runs."),
        ({"refractory": None, "measured_refractory": None}, "nor does the model's: a circuit must reset it."),
    ],
)  # fmt: skip
def test_the_report_states_when_it_fires_and_when_it_is_back(changes, words, monkeypatch):
    made = results((5e11, None, None), (1.5e12, 5.0, 5.5), refractory=9.0, measured=10.0)
    made = made.model_copy(update={"start": 60 * NS, "silent_up_to": 5e11} | changes)
    monkeypatch.setattr(figures, "firing_times", lambda _, current, **_train: 8.25e3 / np.abs(current))
    train = CurrentPulses(amplitude=1e12, width=0.2 * NS, period=NS, count=1, polarity="negative")
    walls = tuple(SimpleNamespace(trajectory=SimpleNamespace(time=NS * np.arange(20.0), position=NS * path))
                  for path in (60 + np.arange(20.0), 60 + 8 * np.arange(20.0)))  # fmt: skip
    runs = NeuronRuns(made, None, train, walls, ((NS, 60 * NS),) * 2)
    drawn = figures.neuron_runs_figure(runs)
    page = fill_in(NEURON, {"along": "z", "found": SimpleNamespace(neuron=runs)}, {"neuron_runs": lambda: drawn})
    for each in words.split("|"):
        assert each in page
    assert page.count("does not fire") == 2
    path, times = drawn.axes
    assert (path.get_xlabel(), path.get_ylabel()) == ("time (ns)", "wall position (nm)")
    assert (times.get_xlabel(), times.get_ylabel()) == ("current density (10¹² A/m²)", "fires after (ns)")
    # The wall that fires after 5 ns is drawn up to there, the other while there are pulses.
    assert [line.get_xdata().max() for line in path.lines if line.get_marker() == "."] == pytest.approx([10, 5])
    model = next(line for line in times.lines if line.get_label() == "model")
    assert model.get_ydata()[[0, -1]] == pytest.approx([16.5, 5.5])


@pytest.mark.slow
def test_the_whole_way_without_a_leak(described, tmp_path):
    """The made-up wall drifts with u and knows no field."""
    summary = run_campaign(SynapseCampaign(**described()), tmp_path)
    found = summary.results.neuron
    assert found.start == pytest.approx(60e-9, abs=1e-9)
    assert found.threshold == pytest.approx(135e-9)
    # 10.4 nm a pulse of 1e12 A/m2: 75 nm take seven to eight; ten of half of it bring it 52 nm.
    assert [each.measured is not None for each in found.firings] == [False, True, True]
    assert (found.fires_from, found.silent_up_to) == (1e12, 5e11)
    assert found.firings[1].measured == pytest.approx((7 + 0.2) * 0.4 * NS, abs=0.1 * NS)
    assert found.firings[1].predicted == pytest.approx(found.firings[1].measured, abs=0.1 * NS)
    assert found.threshold_current == pytest.approx(75e-9 / (10 * 10.42e-9) * 1e12, rel=0.03)
    assert all(each.rms < 1.5e-9 for each in found.firings)
    assert found.measured_refractory is found.refractory is None
    codes = [reason.code for reason in summary.results.reasons]
    assert "neuron_disagrees" not in codes
    folder = tmp_path / "campaigns/fires/mock"
    assert "own runs, which the fit did not see" in (folder / "report.html").read_text()
    assert float(load_model(folder / "neuron.json").start) == found.start


@pytest.mark.slow
def test_a_wall_that_rests_at_its_threshold_makes_no_neuron(described, tmp_path):
    content = described()
    content["base"]["device"] |= {"walls": [{"position": "130 nm"}]}
    results = run_campaign(SynapseCampaign(**content), tmp_path).results
    assert results.neuron is None
    assert "neuron_lost" in [reason.code for reason in results.reasons]
    assert "its own runs" in results.withheld["neuron"]
    folder = tmp_path / "campaigns/fires/mock"
    assert not (folder / "neuron.json").exists()
    assert "There is none: its own runs" in (folder / "report.html").read_text()
