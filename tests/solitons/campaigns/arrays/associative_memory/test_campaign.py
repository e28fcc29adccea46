"""Associative memories of devices that nothing was tuned for, one that must fail, and what is refused."""

from pathlib import Path

import numpy as np
import pytest
import yaml
from edited_content import with_fields
from rows import rows
from scipy import stats

import solitons.campaigns.arrays.associative_memory as kind
from solitons.attractors.patterns import hebbian_matrix, random_patterns
from solitons.campaigns.arrays.array_devices import found_device
from solitons.campaigns.arrays.associative_memory.campaign import AssociativeMemoryCampaign
from solitons.campaigns.arrays.associative_memory.chance import boltzmann_machine, chance_points
from solitons.campaigns.arrays.associative_memory.checks import check_chance, check_memory
from solitons.campaigns.arrays.associative_memory.digits import digit_memory, digit_patterns
from solitons.campaigns.arrays.associative_memory.networks import (
    field_share,
    network_of,
    networks_of,
    recalls,
    through,
    with_wrong_bits,
    without_own,
)
from solitons.campaigns.arrays.associative_memory.recall_energy import recall_rows
from solitons.campaigns.arrays.associative_memory.settings import (
    ChanceSettings,
    DigitSettings,
    Memory,
    VariedMemory,
)
from solitons.campaigns.framework.workflow import run_campaign
from solitons.crossbars import StepTable, Wires
from solitons.crossbars.measured_trains import table_from_trains

CONTENT = yaml.safe_load((Path(kind.__file__).parent / "campaign.yaml").read_text())
JUNCTION = {"attempt_rate": 1e9, "stability": 8, "critical_current": 3e10, "source": "a test"}
CHANCE = ChanceSettings(junction=JUNCTION, betas=[0.3, 4], sweeps=20, samples=100_000)
LINEAR = table_from_trains(np.linspace(1e-6, 5e-6, 65), np.linspace(5e-6, 1e-6, 65))
"""A device of 64 equal steps, as measured."""
FEW = {"capacity": {"sizes": [400, 800], "loads": [0.12, 0.15, 0.18, 0.25], "draws": 8}, "seeds": 5}


def rules(network):
    return network.weights


def test_the_hopfield_network_of_four_neurons_can_be_worked_out_by_hand():
    """Two orthogonal patterns: J = +-1/2 between neurons whose patterns agree in both or in none, else 0."""
    stored = np.array([[1.0, 1.0, 1.0, 1.0], [1.0, 1.0, -1.0, -1.0]])
    network = network_of(stored, "hebbian", 0.25, 1, seed=0)
    wanted = np.kron(np.eye(2), [[0.0, 0.5], [0.5, 0.0]])
    assert network.weights == pytest.approx(wanted)
    assert network.largest == pytest.approx(0.5)
    assert np.sum(network.starts != network.wanted, axis=1).tolist() == [1, 1]


def test_a_device_of_many_levels_recalls_as_ideal_weights_do_whatever_the_scale_of_its_fields():
    """Wires lower the fields of all neurons, and a threshold at zero does not notice."""
    networks = networks_of(Memory(neurons=64, patterns=4, starts=5), range(5))
    ideal = recalls(networks, rules)
    read = recalls(networks, through(LINEAR, Wires(50.0, 50.0)))
    assert ideal.score.mean > 0.9
    assert read.score.mean == pytest.approx(ideal.score.mean, abs=0.03)
    assert read.readings == pytest.approx(ideal.readings, rel=0.1)
    share = field_share(networks[0], through(LINEAR, Wires(50.0, 50.0))(networks[0]))
    assert 0.5 < share < 0.99
    assert field_share(networks[0], networks[0].weights) == pytest.approx(1.0)


def test_the_word_line_of_the_neuron_that_is_read_is_off():
    assert np.diag(without_own(np.ones((3, 3)))).tolist() == [0.0, 0.0, 0.0]
    turned = with_wrong_bits(np.ones((2, 10)), 0.01, np.random.default_rng(0))
    assert np.sum(turned < 0, axis=1).tolist() == [1, 1]


def test_weights_beyond_the_range_are_clipped_and_counted():
    """A weight of 60 patterns is a sum of 60 signs over N: beyond two standard deviations are sums of 16 and more."""
    many = network_of(random_patterns(60, 120, np.random.default_rng(2)).astype(float), "hebbian", 0.1, 1, 0, 2.0)
    assert many.clipped == pytest.approx(2 * stats.binom.cdf(22, 60, 0.5), abs=0.006)
    held = many.written(LINEAR).read(Wires())
    assert np.abs(held).max() == pytest.approx(many.largest, rel=0.05)
    assert networks_of(Memory(), range(1))[0].clipped == 0.0


def test_junctions_as_neurons_recall_when_cold_and_forget_when_hot():
    networks = networks_of(Memory(neurons=48, patterns=2, starts=5), range(5))
    ideal = recalls(networks, rules)
    read = {network.seed: through(LINEAR, Wires(20.0, 20.0))(network) for network in networks}
    hot, cold = chance_points(networks, read, ideal.shares, CHANCE, lambda: None)
    assert hot.score.mean < 0.1
    assert cold.score.mean > 0.9
    assert hot.loss.mean == pytest.approx(ideal.score.mean - hot.score.mean)


def test_twelve_junctions_are_a_boltzmann_machine_and_coarse_weights_are_another():
    """Two devices of two levels hold the signs of the weights alone."""
    fine = boltzmann_machine(CHANCE, LINEAR, Wires(), 0, lambda: None)
    assert fine.off == pytest.approx(fine.by_chance, rel=0.25)
    assert fine.curve_off < 1e-3
    assert fine.written_off < 2 * fine.by_chance
    steps = np.zeros((1, 2, 2, 1))
    steps[0, 0, 0], steps[0, 1, 1] = 1.0, -1.0
    coarse = StepTable(np.array([0.0, 1.0]), np.array([1e-6, 2e-6]), (1.0, -1.0), steps, discrete=True)
    three = CHANCE.model_copy(update={"small_patterns": 3})
    assert boltzmann_machine(three, coarse, Wires(), 0, lambda: None).written_off > 0.05


def test_digits_are_recalled_by_the_pseudo_inverse_and_not_by_hebbs_rule():
    patterns = digit_patterns((0, 1, 4, 7))
    assert np.abs(patterns @ patterns.T / 121 - np.eye(4)).max() > 0.3
    couplings = hebbian_matrix(patterns)
    assert not np.all((patterns @ couplings) * patterns > 0)
    found = digit_memory(DigitSettings(digits=[0, 1, 4, 7], wrong_bits=[0.2]), rules, range(5), lambda: None)
    assert found.noisy[0].written.mean > 0.95
    assert found.hebbian < 4
    assert digit_memory(DigitSettings(digits=[3, 8], wrong_bits=[0.2]), rules, range(5), lambda: None).hebbian == 2
    assert len(found.frames) == 4
    for frame in found.frames:
        wrong = [int(np.sum(np.array(state) != np.array(frame.wanted))) for state in frame.states]
        assert wrong[0] == 24
        assert wrong[0] > wrong[2] > wrong[-1]
        assert frame.at_rest
    assert found.handwriting.fallen + found.handwriting.elsewhere <= 1


def test_the_energy_of_a_recall_is_ohms_law_where_wires_are_ideal_and_every_tile_converts():
    content = with_fields(CONTENT, wires={"segment": 0, "tile": 8}, chance=None)
    content["device"] = {"name": "mine", "up": [1e-6, 2e-6, 3e-6], "down": [3e-6, 2e-6, 1e-6]}
    campaign = AssociativeMemoryCampaign(**content)
    found, table = found_device(campaign.device)
    network = network_of(random_patterns(2, 16, np.random.default_rng(3)).astype(float), "hebbian", 0.2, 4, 0)
    pair = network.written(table)
    rows = recall_rows(campaign, found, network, pair, 100.0)
    by_name = {each.name: each for each in rows if each.operation == "recall"}
    siemens = np.concatenate([each.conductance for each in pair.written], axis=1)
    in_devices = 0.1**2 * np.sum(siemens / (1 + 600 * siemens) ** 2) * 100 * 5e-9
    assert by_name["heat of all devices"].joule == pytest.approx(in_devices)
    assert by_name["channels of the open transistors"].joule == pytest.approx(
        0.1**2 * 600 * np.sum((siemens / (1 + 600 * siemens)) ** 2) * 100 * 5e-9
    )
    # A word line of 32 segments, once down and once up in each reading.
    assert by_name["word line of the neuron that is read, to 0 V and back"].joule == pytest.approx(
        100 * 32 * 1e-16 * 0.01
    )
    # Two tiles lie above each other, and two lines are read.
    converted = by_name["two bit lines of each neuron that is read; a sign would do"]
    assert converted.joule == pytest.approx(4 * 100 * campaign.energy.to_digital.energy)
    assert converted.second == pytest.approx(2 * 100 * campaign.energy.to_digital.time)
    assert by_name["adding the numbers of tiles"].joule == pytest.approx(2 * 100 * campaign.energy.adding.energy)


@rows(
    ("memory", "says"),
    [
        ({"neurons": 100, "patterns": 14}, "14 patterns in memory.neurons = 100, .*hebbian recall at most 13"),
        (
            {"neurons": 20, "patterns": 11, "rule": "pseudo_inverse"},
            "11 patterns .*pseudo_inverse recall at most 10",
        ),
        ({"neurons": 100, "patterns": 1, "wrong_bits": 0.009}, "is less than one bit"),
    ],
)
def test_more_patterns_than_a_network_can_hold_are_refused_with_the_number(memory, says):
    varied = VariedMemory(**CONTENT["varied"] | {"neurons": [memory["neurons"]]})
    with pytest.raises(ValueError, match=says):
        check_memory(Memory(**memory), varied)


def test_other_things_that_cannot_be_are_refused():
    with pytest.raises(ValueError, match=r"18 patterns in memory\.neurons = 128, .* at most 17"):
        check_memory(Memory(neurons=128, patterns=18), VariedMemory(**CONTENT["varied"] | {"neurons": [8]}))
    with pytest.raises(ValueError, match="bracket the capacity of threshold neurons: a half is"):
        AssociativeMemoryCampaign(**with_fields(CONTENT, capacity__loads=[0.1, 0.11, 0.12, 0.13])).check()
    with pytest.raises(ValueError, match=r"it stays .* in a state; a neuron has to flip by itself"):
        check_chance(CHANCE.model_copy(update={"junction": CHANCE.junction.model_copy(update={"stability": 40.0})}))
    with pytest.raises(ValueError, match="is less than one; give"):
        DigitSettings(wrong_bits=[0.001])


def small(**changes):
    content = with_fields(CONTENT, **changes)
    content["capacity"] |= FEW["capacity"]
    content["varied"] = {"errors": [0.1], "levels": [3, 9], "segments": [1.0], "neurons": [32], "stuck": [0.1]}
    content["memory"] |= {"neurons": 32, "patterns": 3, "starts": 4}
    return content | {"seeds": 5, "digits": {"wrong_bits": [0.2]}, "chance": None}


@pytest.mark.slow
def test_a_whole_campaign_of_walls_states_what_they_cost(tmp_path):
    """Walls among grains at 4 K, in thin lines: nothing was tuned for them."""
    content = small()
    content["device"] = {
        "name": "walls", "fitted_model": "wall-grains", "temperature": "4 K",
        "pulse": {"amplitude": "0.25e12 A/m^2", "width": "0.3 ns", "rise": "50 ps", "period": "0.8 ns"},
    }  # fmt: skip
    content["drift"] = {"temperature": "4 K", "times": ["1 us", "1 ms"]}
    found = _ran(content, tmp_path)
    assert found.verdict == "limited"
    assert found.read.score.mean > 0.8
    assert found.energy.joule("walls", "recall") is not None
    assert found.boltzmann is None
    assert len(list(found.headlines())) == 4


@pytest.mark.slow
def test_devices_of_three_conductances_that_differ_fail_and_no_number_stands_beside_it(tmp_path):
    content = small()
    content["device"] = {"name": "mine", "up": [1e-6, 1.9e-6, 2e-6], "down": [2e-6, 1.05e-6, 1e-6]}
    content["memory"] |= {"patterns": 14, "rule": "pseudo_inverse"}
    content["varied"]["neurons"] = [32]
    content["drift"] = None
    found = _ran(content, tmp_path)
    assert found.verdict == "failed"
    assert found.energy.rows == ()
    assert [each.value for each in found.headlines()][1:] == ["withheld"]


def _ran(content, tmp_path):
    return run_campaign(AssociativeMemoryCampaign(**content), tmp_path).results
