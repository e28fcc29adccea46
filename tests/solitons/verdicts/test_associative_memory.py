"""What speaks against the numbers of an associative memory."""

from both_ways import Limit, both_ways, crosses

from solitons.campaigns.arrays.array_devices import FoundDevice
from solitons.campaigns.arrays.array_drift import WeightDrift
from solitons.campaigns.arrays.associative_memory.judgement import about_memory
from solitons.campaigns.arrays.associative_memory.results import BoltzmannMachine, Cost
from solitons.campaigns.arrays.associative_memory.settings import Memory
from solitons.campaigns.arrays.scores_over_seeds import Break, Score
from solitons.campaigns.capacity.pattern_capacity import Capacity

OF = ["solitons/campaigns/arrays/associative_memory/judgement.py"]
DEVICE = FoundDevice(
    name="wall", lowest=1e-6, highest=1e-5, pulses_across=30.0, levels=None, table_error=0.0, spread_known=True,
    chance_known=True, verdict="trusted",
)  # fmt: skip
CAPACITY = Capacity(loads=[0.1, 0.2], points=[], limit=0.144, ci95=(0.14, 0.146), limit_two_thirds=0.141)


def score(mean):
    return Score(mean=mean, ci95=(mean, mean), values=[mean, mean])


def cost(name, lost, restless=0.0, share=None):
    recalled = 0.99 - lost if share is None else share
    return Cost(name=name, score=score(recalled), loss=score(lost), readings=300.0, restless=restless)


def judged(alone=0.0, share=None, wires=0.0, restless=0.0, clipped=0.0, off=0.01, curve=0.0, drift=None):
    costs = [cost("written and read back", alone, share=share), cost("through the wires", alone + wires, restless)]
    machine = BoltzmannMachine(
        neurons=12, patterns=2, beta=1.0, samples=10**6, off=off, written_off=0.1, curve_off=curve, by_chance=0.01
    )
    return list(about_memory(CAPACITY, DEVICE, 0.0, clipped, costs, machine, drift, Memory(allowed_loss=0.03)))


UNKNOWN = WeightDrift.model_construct(temperature=300.0, points=[], lost=Break(kind="within"))
KNOWN = WeightDrift.model_construct(
    temperature=300.0, points=[type("Point", (), {"score": score(0.9), "missing": ""})], lost=Break(kind="within")
)
FADING = KNOWN.model_copy(update={"lost": Break(kind="between", value=3e-4)})


@both_ways(
    Limit("nothing_recalled", "failed", {"share": 0.49}, {"share": 0.51}),
    Limit("device_costs", "limited", {"alone": 0.031}, {"alone": 0.029}),
    Limit("wires_cost", "limited", {"wires": 0.031}, {"wires": 0.029}),
    Limit("wires_cost", "limited", {"wires": 0.031, "alone": 0.1}, {"wires": 0.029, "alone": 0.1}),
    Limit("recall_restless", "limited", {"restless": 0.011}, {"restless": 0.009}),
    Limit("weights_clipped", "limited", {"clipped": 0.011}, {"clipped": 0.009}),
    Limit("not_boltzmann", "limited", {"off": 0.031}, {"off": 0.029}),
    Limit("not_boltzmann", "limited", {"curve": 0.021}, {"curve": 0.019}),
    Limit("drift_unknown", "limited", {"drift": UNKNOWN}, {"drift": KNOWN}),
    Limit("weights_fade", "limited", {"drift": FADING}, {"drift": KNOWN}),
)
def test_each_limit_is_crossed(limit):
    crosses(judged, limit)


def test_a_memory_that_passes_everything_is_given_no_reason():
    assert judged() == []
