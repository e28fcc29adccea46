"""Switching probabilities of ensembles whose members' ends are known."""

import numpy as np
import pytest
import xarray as xr
from rows import rows
from scipy import stats

from analysis import switching
from analysis.statistics.proportions import exact_interval
from geometries import Pillar
from runs import AlternatingCurrent, CurrentPulses, Protocol, Rest, RunSpec
from runs.dataset import ensemble_dataset

FILM = {"name": "film", "Ms": 1e6, "A": 1.5e-11, "Ku": 8e5, "alpha": 0.02}
DISC = {
    "length": 16e-9,
    "thickness": 1e-9,
    "cell": (4e-9, 4e-9, 1e-9),
    "fixed_layer": "up",
    "barrier": {"resistance_area": 1e-11, "tmr": 1.0},
}


def ensemble(ends, amplitude=1e11, width=2e-9, *, start=-1.0, seed=0, steps=None, temperature=300, **keys):
    """An ensemble whose members have these m_z in the end."""
    pulse = CurrentPulses(amplitude=amplitude, width=width, period=width, rise=0.2e-9, **keys)
    protocol = Protocol(
        steps=steps or [pulse, Rest(duration=1e-9)], sampling_interval=1e-9, temperature=temperature, seed=seed
    )
    device = Pillar(**DISC, start="down" if start < 0 else "up")
    spec = RunSpec(device=device, material=FILM, protocol=protocol, ensemble={"members": len(ends)})
    m = np.zeros((len(ends), protocol.frame_count, 3))
    m[:, 0, 2], m[:, -1, 2] = start, ends
    arrays = {"m": m, "energy": np.zeros(m.shape[:2])}
    return ensemble_dataset(spec, arrays, {"engine": "native", "engine_version": "1"})


def test_members_that_end_on_the_other_side_have_switched():
    found = switching(ensemble([0.9, -0.9, 0.2, 0.8]), axis=(0, 0, 2))
    assert [int(found[name][0]) for name in ("members", "switched", "undecided")] == [4, 2, 1]
    assert float(found["amplitude"][0]) == 1e11
    # A trapezoid's width at half height: what is left of 2 ns by a rise of 0.2 ns.
    assert float(found["width"][0]) == pytest.approx(1.8e-9)
    assert float(found["probability"][0]) == 0.5
    np.testing.assert_allclose([found["low"][0], found["high"][0]], exact_interval(2, 4))


def test_runs_of_one_drive_count_together_and_others_apart():
    runs = [
        ensemble([0.9] * 3 + [-0.9] * 7),
        ensemble([0.9] * 5 + [-0.9] * 5, seed=1),
        ensemble([-0.9] * 10, width=3e-9),
        ensemble([0.9] * 10, amplitude=2e11, polarity="negative", start=1.0),
    ]
    found = switching(runs, axis=(0, 0, 1))
    assert found["amplitude"].values.tolist() == [-2e11, 1e11, 1e11]
    np.testing.assert_allclose(found["width"], [1.8e-9, 1.8e-9, 2.8e-9])
    assert found["members"].values.tolist() == [10, 20, 10]
    assert found["switched"].values.tolist() == [0, 8, 0]


@pytest.mark.parametrize("share", [0.02, 0.3])
def test_the_exact_interval_covers_at_least_as_often_as_it_says(share):
    total = 64
    counted = np.arange(total + 1)
    probability = stats.binom.pmf(counted, total, share)
    covers = [low <= share <= high for low, high in (exact_interval(int(k), total) for k in counted)]
    assert 0.95 <= float(probability[covers].sum()) < 1


@rows(
    ("act", "message"),
    [
        (lambda: switching([], axis=(0, 0, 1)), "runs is empty"),
        (lambda: switching(ensemble([0.9, 0.9]), axis=(0, 0, 0)), "three numbers, not all zero"),
        (lambda: switching(ensemble([0.9, 0.9]), axis=(0, 0, 1), threshold=1.5), "threshold = 1.5 must be between"),
        (lambda: switching(ensemble([0.9, 0.9]), axis=(1, 0, 0)), r"runs\[0\] begins at 0 along the axis"),
        (lambda: switching([xr.Dataset()], axis=(0, 0, 1)), r"runs\[0\] lacks mx, my, mz, attrs\['spec'\]"),
        (lambda: switching([1], axis=(0, 0, 1)), r"runs\[0\] is a int"),
        (lambda: switching(ensemble([0.9, 0.9]), axis=(0, 0, 1), terminal="gate"), "are 'junction'; there must be"),
        (
            lambda: switching(ensemble([0.9, 0.9], steps=[Rest(duration=1e-9)]), axis=(0, 0, 1)),
            "terminals that carry a pulse are none",
        ),
        (
            lambda: switching(
                ensemble([0.9, 0.9], steps=[AlternatingCurrent(amplitude=1, frequency=1e9, duration=1e-9)]),
                axis=(0, 0, 1),
            ),
            "alternates and is no pulse",
        ),
        (
            lambda: switching([ensemble([0.9, 0.9]), ensemble([0.9, 0.9], temperature=350)], axis=(0, 0, 1)),
            "runs are of 2 junctions, which differ",
        ),
        (
            lambda: switching(ensemble([0.9, 0.9], polarity="alternating", count=2), axis=(0, 0, 1)),
            "pulses of both signs have no one amplitude",
        ),
        (lambda: switching([ensemble([0.9, 0.9])] * 2, axis=(0, 0, 1)), r"runs\[1\] is runs\[0\] again"),
        (lambda: exact_interval(3, 2), "3 of 2 is no fraction"),
    ],
)
def test_what_has_no_probability_is_refused(act, message):
    with pytest.raises((TypeError, ValueError), match=message):
        act()
