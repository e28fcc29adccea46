"""What speaks against arrays of devices, what they learn and how long they keep it."""

from types import SimpleNamespace

from both_ways import Limit, both_ways, crosses

from solitons.campaigns.arrays.array_devices import FoundDevice, device_reasons
from solitons.campaigns.arrays.array_drift import WeightDrift, drift_reasons
from solitons.campaigns.arrays.crossbar_limits.judgement import about_limits
from solitons.campaigns.arrays.learning_on_devices.judgement import about_learning
from solitons.campaigns.arrays.scores_over_seeds import Break, Score
from solitons.fits.verdict import judge

OF = [
    "solitons/campaigns/arrays/array_devices.py",
    "solitons/campaigns/arrays/array_drift.py",
    "solitons/campaigns/arrays/crossbar_limits/judgement.py",
    "solitons/campaigns/arrays/learning_on_devices/judgement.py",
]
DEVICE = FoundDevice(
    name="wall", lowest=1e-6, highest=1e-5, pulses_across=30.0, levels=None, table_error=0.0, spread_known=True,
    chance_known=True, verdict="trusted",
)  # fmt: skip


def score(mean):
    return Score(mean=mean, ci95=(mean, mean), values=[mean, mean])


def device(outside=0.0, **changes):
    return list(device_reasons(DEVICE.model_copy(update=changes), outside))


@both_ways(
    Limit("failed_fit", "failed", {"verdict": "failed"}, {"verdict": "limited"}),
    Limit("limited_fit", "limited", {"verdict": "limited"}, {"verdict": None}),
    Limit("pulses_remembered", "limited", {"table_error": 0.031}, {"table_error": 0.029}),
    Limit("pulses_remembered", "failed", {"table_error": 0.11}, {"table_error": 0.09}),
    Limit("outside_fit", "limited", {"outside": 0.011}, {"outside": 0.009}),
    Limit("spread_unknown", "limited", {"spread_known": False}, {}),
    Limit("chance_unknown", "limited", {"chance_known": False}, {}),
)
def test_a_limit_of_a_device(limit):
    crosses(device, limit)


def drift(kind="between", value=1.0, written_for=0.5, missing=False):
    """Weights that were read after 0.1 and 10 s."""
    points = [SimpleNamespace(time=time, score=None if missing else score(0.9), missing="why") for time in (0.1, 10.0)]
    found = WeightDrift.model_construct(temperature=300.0, points=points, lost=Break(kind=kind, value=value))
    return list(drift_reasons("wall", found, 0.05, written_for, heat_known=True))


def lost(kind, written_for):
    return {"kind": kind, "value": None, "written_for": written_for}


@both_ways(
    Limit("drift_unknown", "limited", {"missing": True}, {}),
    Limit("weights_fade_while_written", "limited", {"written_for": 1.1}, {"written_for": 0.9}),
    # Before the first time, and after the last one, nothing is known.
    Limit("weights_fade_while_written", "limited", lost("first", 0.11), lost("first", 0.09)),
    Limit("weights_fade_while_written", "limited", lost("throughout", 0.11), lost("throughout", 0.09)),
    Limit("drift_unknown", "limited", lost("first", 0.09), lost("first", 0.11)),
    Limit("drift_unknown", "limited", lost("within", 10.1), lost("within", 9.9)),
)
def test_a_limit_of_drift(limit):
    crosses(drift, limit)


def limits(accuracy=0.9, alone=0.01, wired=0.02, **changes):
    return judge(
        about_limits(DEVICE.model_copy(update=changes), 0.0, score(accuracy), score(alone), score(wired), 0.05)
    )


@both_ways(
    Limit("nothing_written", "failed", {"accuracy": 0.19}, {"accuracy": 0.21}),
    Limit("device_costs", "limited", {"alone": 0.051, "wired": 0.06}, {"alone": 0.049, "wired": 0.06}),
    Limit("wires_cost", "limited", {"wired": 0.061}, {"wired": 0.059}),
)
def test_a_limit_of_a_crossbar(limit):
    crosses(limits, limit)


def learning(loss=0.01, outside=False):
    one = SimpleNamespace(
        device=DEVICE, outside=0.0, drift=None, loss=score(loss), written_for=0.0,
        largest_cause=SimpleNamespace(name="wires", cost=score(loss)),
        spiking=SimpleNamespace(beyond=["in length"] if outside else []),
    )  # fmt: skip
    return judge(about_learning([one], 0.05))


@both_ways(
    Limit("learns_too_little", "limited", {"loss": 0.051}, {"loss": 0.049}),
    Limit("spiking_outside_fit", "limited", {"outside": True}, {}),
)
def test_a_limit_of_learning(limit):
    crosses(learning, limit)


def test_a_good_array_is_trusted():
    assert device() == drift() == []
    assert limits().verdict == learning().verdict == "trusted"
