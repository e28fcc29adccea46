"""Results of a campaign of stochastic resonance."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from solitons.campaigns.framework.results import FiniteOrNone, Headline, Results, ResultsPart
from solitons.figures import value_label

__all__ = [
    "MEASURES",
    "AxisName",
    "EnsemblePoint",
    "LockingMap",
    "MeasureName",
    "Measured",
    "Peak",
    "ResonancePoint",
    "ResonanceResults",
    "axis_label",
]

AxisName = Literal["temperature", "noise"]
MeasureName = Literal["signal_to_noise", "amplitude", "fraction_locked", "residence_share", "phase_locking_value"]
MEASURES: dict[str, str] = {
    "signal_to_noise": "signal-to-noise ratio",
    "amplitude": "swing of the mean state",
    "fraction_locked": "fraction of half periods locked",
    "residence_share": "first residence-time peak",
    "phase_locking_value": "phase-locking value",
}


def axis_label(value: float, unit: str) -> str:
    """A value of the swept axis, to three digits."""
    return value_label(value, unit, digits=3)


class Measured(ResultsPart):
    """One number with its 95 % interval over records, and the exact one of the same rates.

    Parameters
    ----------
    value, low, high : float
    exact : float or None
        By `solitons.junctions.drive_response`; None where there is none.
    """

    value: float
    low: float
    high: float
    exact: float | None = None

    def words(self, scale: float = 1.0) -> str:
        """The number with half of its interval and the exact one, in another unit by `scale`."""
        exact = "" if self.exact is None else f" ({_short(scale * self.exact, 3)})"
        return f"{_short(scale * self.value, 3)} ± {_short(scale * (self.high - self.low) / 2, 2)}{exact}"


class ResonancePoint(ResultsPart):
    """Counts at one point of the axis.

    Parameters
    ----------
    value : float
        Temperature in K, or noise in A/m2.
    barrier : float
        Over k T.
    mean_dwell : float or None
        Without the drive, in s.
    flips : int
        In all records.
    measured : dict of str to Measured
        By the measure's name; empty where too few flips were seen.
    """

    value: float
    barrier: float
    mean_dwell: FiniteOrNone
    flips: int
    measured: dict[str, Measured]


class Peak(ResultsPart):
    """Maximum of one measure.

    Parameters
    ----------
    measure : str
        Its name.
    value : float or None
        On the axis, in its unit; None where no peak was found, or it is withheld.
    ci95 : (float, float) or None
        95 % of records drawn again.
    exact : float or None
        Peak of the exact curve of the same rates; None without a peak within the axis.
    closed_form : float or None
        By the adiabatic theory of a weak drive, where it has one.
    barrier : float or None
        Over k T at the peak.
    note : str
        Why there is none.
    """

    measure: MeasureName
    value: float | None = None
    ci95: tuple[float, float] | None = None
    exact: float | None = None
    closed_form: float | None = None
    barrier: float | None = None
    note: str = ""


class LockingMap(ResultsPart):
    """Fraction of half periods locked to a square wave, over one axis and the amplitude.

    Parameters
    ----------
    axis : {"frequency", "temperature", "noise"}
    values : list of float
        Values of the axis, in SI.
    amplitudes : list of float
        Over the critical current.
    counted : list of list of float or None
        By amplitude, then by value; None where too many flips would have to be followed.
    exact : list of list of float
        By the closed form.
    sure_to_flip, sure_to_stay : list of list of float
        Probability of a flip in a half period that favours it, and of none in one against it: the borders are where
        they fall below `locking.surely`.
    p_value : float or None
        P-value of the counts, if the closed form is right.
    worst : float or None
        Largest difference of a count from it.
    """

    axis: Literal["frequency", "temperature", "noise"]
    values: list[float]
    amplitudes: list[float]
    counted: list[list[float | None]]
    exact: list[list[float]]
    sure_to_flip: list[list[float]]
    sure_to_stay: list[list[float]]
    p_value: float | None
    worst: float | None


class EnsemblePoint(ResultsPart):
    """Swing of driven thermal macrospins beside the rates' swing.

    Parameters
    ----------
    value : float
        Value of the axis.
    amplitude, error : float
        Amplitude of the ensemble's mean state, from in-phase and quadrature parts, and its standard error.
    exact : float
        By the rates.
    p_value : float
        P-value of both components, if the rates are right.
    """

    value: float
    amplitude: float
    error: float
    exact: float
    p_value: float


class ResonanceResults(Results):
    """Everything that such a campaign found.

    Parameters
    ----------
    axis : {"temperature", "noise"}
        Swept quantity.
    unit : str
        Unit of the axis.
    critical_current, drive_current : float
        In A/m2.
    frequency : float
        Frequency of the drive, in Hz.
    matching : float or None
        Value on the axis where twice the mean dwell without a drive is a period; None if nowhere.
    points : list of ResonancePoint
    peaks : list of Peak
    maps : list of LockingMap
    ensemble : list of EnsemblePoint
        Empty where the junction is given by rates.
    """

    axis: AxisName
    unit: str
    critical_current: float
    drive_current: float
    frequency: float
    matching: float | None
    points: list[ResonancePoint]
    peaks: list[Peak]
    maps: list[LockingMap]
    ensemble: list[EnsemblePoint]

    def peak(self, measure: MeasureName) -> Peak:
        """The peak of a measure."""
        return next(each for each in self.peaks if each.measure == measure)

    def headlines(self) -> Iterator[Headline]:
        """The numbers that a reader sees first."""
        for name in ("signal_to_noise", "amplitude", "fraction_locked"):
            peak = self.peak(name)
            if peak.value is None or peak.ci95 is None:
                yield Headline(value="–", name=f"peak of the {MEASURES[name]}", detail=peak.note)
                continue
            low, high = (axis_label(each, self.unit) for each in peak.ci95)
            exact = "none in the range" if peak.exact is None else axis_label(peak.exact, self.unit)
            yield Headline(
                value=axis_label(peak.value, self.unit),
                name=f"peak of the {MEASURES[name]}",
                detail=f"95 %: {low} to {high}; exact: {exact}",
            )
        matched = "nowhere" if self.matching is None else axis_label(self.matching, self.unit)
        yield Headline(value=matched, name="twice the mean dwell is a period", detail="without the drive")
        counted = [each for each in self.maps if each.worst is not None]
        if counted:
            largest = max(each for row in counted[0].counted for each in row if each is not None)
            worst = max(each.worst for each in counted if each.worst is not None)
            yield Headline(
                value=f"{largest:.1%}",
                name="most half periods locked",
                detail=f"to a square wave; counts are within {worst:.1%} of the closed form",
            )


def _short(value: float, digits: int) -> str:
    """A number with so many digits, and no power of ten."""
    return f"{float(f'{value:.{digits}g}'):g}".replace("-", "−")
