"""Maximum of a measure on the axis, with its uncertainty."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.interpolate import CubicSpline

from solitons.campaigns.junctions.stochastic_resonance.counting import Counted, value_of
from solitons.campaigns.junctions.stochastic_resonance.results import MEASURES, Peak
from solitons.junctions import PeriodicDrive
from solitons.junctions.resonance_theory import adiabatic_resonance

__all__ = ["fine_axis", "matching_value", "peaks_of", "through", "weak_drive"]

Floats = npt.NDArray[np.float64]

_AGAIN = 400
_FINE = 400
_ON_EACH_SIDE = 2
_SURE = 0.95
"""Share of records drawn again whose highest value must be inside the axis."""
_FEWEST = 5
_LITTLE = 1e-3


def fine_axis(values: Sequence[float]) -> Floats:
    """The axis in fine steps, even in its logarithm."""
    return np.asarray(np.geomspace(min(values), max(values), _FINE))


def through(values: Sequence[float], curve: Sequence[float], at: Floats) -> Floats:
    """A smooth curve through exact points, over the logarithm of the axis."""
    return np.asarray(CubicSpline(np.log(values), curve)(np.log(at)))


def weak_drive(counted: Sequence[Counted], drive: PeriodicDrive) -> tuple[Floats, Floats]:
    """Swing and signal-to-noise ratio by the adiabatic theory, with the rates' own slope at no current, (points,)."""
    found = []
    for each in counted:
        rates, step = each.condition.rates, 1e-3 * drive.fundamental
        up, down = (np.asarray(one, dtype=np.float64) for one in rates.rates(np.array([-step, step])))
        slope = float(np.log(up[1] / up[0]) - np.log(down[1] / down[0])) / (4 * step)
        rate = float(np.sqrt(np.prod([each.condition.rates.rates(0.0)])))
        with np.errstate(divide="ignore", invalid="ignore"):
            found.append(adiabatic_resonance(rate, slope * drive.fundamental, drive.frequency))
    amplitude, ratio = np.array(found).T
    return amplitude, ratio


def matching_value(counted: Sequence[Counted], frequency: float) -> float | None:
    """Value on the axis where the mean dwells without a drive are half a period, both together one."""
    dwells = [float(np.sum([1 / each for each in one.condition.rates.rates(0.0)])) for one in counted]
    at = fine_axis([each.condition.value for each in counted])
    over = through([each.condition.value for each in counted], np.log(np.array(dwells) * frequency).tolist(), at)
    crossed = np.flatnonzero(over[:-1] * over[1:] <= 0)
    return float(at[crossed[0]]) if crossed.size else None


def peaks_of(counted: Sequence[Counted], drive: PeriodicDrive) -> list[Peak]:
    """The peak of every measure, by the records, by the exact curve and by the adiabatic theory."""
    values = [each.condition.value for each in counted]
    seen = [each for each in counted if each.records]
    amplitude, ratio = weak_drive(counted, drive)
    weak = {"amplitude": amplitude, "signal_to_noise": np.where(ratio > 0, ratio, np.nan)}
    found = []
    for name in MEASURES:
        # A closed form for a weak drive does not apply where the drive reverses the state for good.
        closed = weak.get(name)
        closed_at = None if closed is None or not np.isfinite(closed).all() else _highest(values, closed.tolist())
        exact = [getattr(each.exact, name, None) for each in counted]
        exact_at = None if None in exact else _highest(values, [float(each) for each in exact if each is not None])
        known = {"measure": name, "exact": exact_at, "closed_form": closed_at}
        value, interval, note = _counted_peak(seen, name)
        if value is None or interval is None:
            found.append(Peak.model_validate(known | {"note": note}))
            continue
        if exact_at is not None:
            # What reading a peak off so few points does, as it does to the exact curve, is in the interval too.
            read = _vertex(
                np.array([each.condition.value for each in seen]),
                np.array([float(getattr(each.exact, name)) for each in seen]),
            )
            wider = abs(np.log(read / exact_at)) if read is not None else 0.0
            interval = (float(interval[0] * np.exp(-wider)), float(interval[1] * np.exp(wider)))
        barrier = float(through(values, [each.condition.barrier for each in counted], np.array([value]))[0])
        found.append(Peak.model_validate(known | {"value": value, "ci95": interval, "barrier": barrier}))
    return found


def _highest(values: Sequence[float], curve: Sequence[float]) -> float | None:
    at = fine_axis(values)
    smooth = through(values, curve, at)
    place = int(smooth.argmax())
    return None if place in (0, len(at) - 1) else float(at[place])


def _counted_peak(seen: Sequence[Counted], name: str) -> tuple[float | None, tuple[float, float] | None, str]:
    values = np.array([each.condition.value for each in seen])
    if len(seen) < _FEWEST:
        return None, None, f"{len(seen)} points have enough flips, and a peak needs {_FEWEST}"
    whole = np.array([value_of(name, each.records) for each in seen])
    first = _vertex(values, whole)
    if first is None:
        end = "first" if int(np.nanargmax(whole)) == 0 else "last"
        return None, None, f"it is highest at the {end} point of the axis, so that its peak is beyond it"
    generator, members = np.random.default_rng(0), len(seen[0].records["signal"])
    again = []
    for _ in range(_AGAIN):
        # Records at different points have nothing to do with each other.
        curve = [value_of(name, each.records, generator.integers(0, members, members)) for each in seen]
        again.append(_vertex(values, np.array(curve)))
    inside = np.array([each for each in again if each is not None])
    if inside.size < _SURE * _AGAIN:
        share = 1 - inside.size / _AGAIN
        return None, None, f"records drawn again have it at an end of the axis in {share:.0%} of the cases"
    low, high = np.quantile(inside, [0.025, 0.975])
    return first, (float(low), float(high)), ""


def _vertex(values: Floats, curve: Floats) -> float | None:
    """Top of a cubic through the highest point and its neighbours, both in logarithms: peaks are not symmetric."""
    usable = np.isfinite(curve)
    if usable.sum() < _FEWEST or not curve[usable].max() > 0:
        return None
    # Where nothing was counted, take the logarithm of a small share of the maximum.
    x, y = np.log(values[usable]), np.log(np.maximum(curve[usable], _LITTLE * curve[usable].max()))
    top = int(y.argmax())
    if top in (0, len(x) - 1):
        return None
    near = slice(max(top - _ON_EACH_SIDE, 0), top + _ON_EACH_SIDE + 1)
    cubic = np.polyfit(x[near] - x[top], y[near], 3 if len(x[near]) > 4 else 2)
    at = np.linspace(x[top - 1], x[top + 1], _FINE) - x[top]
    return float(np.exp(x[top] + at[np.polyval(cubic, at).argmax()]))
