"""Counts of the driven junction at each point of the axis, record by record."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

from analysis import phase_locking, signal_to_noise
from solitons.campaigns.junctions.stochastic_resonance.conditions import Condition
from solitons.campaigns.junctions.stochastic_resonance.results import MEASURES, Measured, ResonancePoint
from solitons.campaigns.junctions.stochastic_resonance.settings import RecordSettings
from solitons.junctions import PeriodicDrive, count_half_periods, drive_response, follow_rates, mean_states
from solitons.junctions.drive_response import DriveResponse
from solitons.junctions.driven_telegraph import residence_share, states_at

__all__ = ["FEWEST_FLIPS", "Counted", "count", "normal_score", "point_of", "value_of"]

Floats = npt.NDArray[np.float64]

FEWEST_FLIPS = 30
"""In all records of a point; with fewer nothing is measured there."""
_SAMPLES = 64
_EXACT = ("signal_to_noise", "amplitude", "fraction_locked", "residence_share")


@dataclass(frozen=True, eq=False)
class Counted:
    """The records of one point, by name (members,); without records where there were too few flips.

    They are `signal`, `noise`, `sine`, `cosine`, `fraction_locked`, `residence_share` and `phase_locking_value`.
    """

    condition: Condition
    exact: DriveResponse
    flips: int
    records: dict[str, Floats]


def count(
    points: Sequence[Condition], drive: PeriodicDrive, record: RecordSettings, advance: Callable[[], None]
) -> list[Counted]:
    """Follow the junction at every point, each with seeds of its own."""
    found = []
    for index, each in enumerate(points):
        exact = drive_response(each.rates, drive)
        seed = int(np.random.SeedSequence((record.seed, index)).generate_state(1)[0])
        flips = follow_rates(each.rates, drive, record.periods, record.members, seed=seed)
        seen: dict[str, Floats] = {}
        if flips.sizes["flip"] >= FEWEST_FLIPS:
            interval = record.sampling_interval or 1 / (_SAMPLES * drive.frequency)
            line = signal_to_noise(mean_states(flips, interval), drive.frequency)
            states = states_at(flips, interval)
            locking = [
                float(phase_locking(states.isel(member=member), drive.frequency).phase_locking_value)
                for member in range(record.members)
            ]
            # An average over the interval makes the line smaller by as much.
            shown = float(np.sinc(interval * drive.frequency))
            seen = {
                "signal": line["signal"].values,
                "noise": line["noise"].values,
                "sine": line["sine"].values / shown,
                "cosine": line["cosine"].values / shown,
                "fraction_locked": count_half_periods(flips)[1],
                "residence_share": residence_share(flips),
                "phase_locking_value": np.array(locking),
            }
        found.append(Counted(each, exact, flips.sizes["flip"], seen))
        advance()
    return found


def value_of(name: str, records: dict[str, Floats], chosen: npt.NDArray[np.int64] | slice = slice(None)) -> float:
    """A measure of some of the records: NaN where none of them has it."""
    if name == "signal_to_noise":
        return float(records["signal"][chosen].mean() / records["noise"][chosen].mean())
    if name == "amplitude":
        return float(np.hypot(records["sine"][chosen].mean(), records["cosine"][chosen].mean()))
    values = records[name][chosen]
    return float(values[np.isfinite(values)].mean()) if np.isfinite(values).any() else float("nan")


def point_of(counted: Counted) -> ResonancePoint:
    """The numbers of one point, with intervals by a jackknife over its records."""
    measured = {}
    for name in MEASURES if counted.records else ():
        members = len(counted.records["signal"])
        value = value_of(name, counted.records)
        if not np.isfinite(value):
            continue
        left_out = np.array(
            [value_of(name, counted.records, np.delete(np.arange(members), each)) for each in range(members)]
        )
        left_out = left_out[np.isfinite(left_out)]
        deviation = np.sqrt((len(left_out) - 1) * np.mean((left_out - left_out.mean()) ** 2))
        width = float(stats.t.ppf(0.975, len(left_out) - 1) * deviation)
        exact = float(getattr(counted.exact, name)) if name in _EXACT else None
        measured[name] = Measured(value=value, low=value - width, high=value + width, exact=exact)
    rate = float(counted.condition.rates.rates(0.0)[0])
    return ResonancePoint(
        value=counted.condition.value,
        barrier=counted.condition.barrier,
        mean_dwell=1 / rate if rate > 0 else None,
        flips=counted.flips,
        measured=measured,
    )


def normal_score(values: Floats, expected: float) -> float | None:
    """How far the mean of a few records is from what is expected: Student's t as a normal score, 0 or above.

    None where the records are all alike.
    """
    error = float(values.std(ddof=1) / np.sqrt(len(values)))
    if not error > 0:
        return None
    t = abs(float(values.mean()) - expected) / error
    return float(stats.norm.isf(max(stats.t.sf(t, len(values) - 1), 1e-300)))
