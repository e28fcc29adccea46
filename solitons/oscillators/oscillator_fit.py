r"""Fit amplitude and phase of an oscillator to runs under direct currents.

Each run shows the power p, its decay :math:`\Gamma = -\frac{1}{2} d \ln p / dt` and the angular frequency
:math:`\omega` at every time, growing, decaying or at rest. Both are linear in the unknown coefficients of
`AutoOscillator`, so that the fit is two regressions of linear least squares, in which every run weighs the same. Which
powers of p are taken, and whether the current shifts the frequency by itself, is decided by leaving each run out: the
simplest is taken that is within one standard error of the best.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import scipy
import xarray as xr

from analysis import oscillation, precession
from solitons.fits.fitted_parameter import FittedParameter, HasParameters
from solitons.fits.provenance import OscillatorProvenance
from solitons.oscillators.auto_oscillator import AutoOscillator

__all__ = ["OscillatorFit", "OscillatorRecord", "fit_oscillator", "record_of"]

Floats = npt.NDArray[np.float64]

_LEAST_POWER = 1e-6
"""Below it a power is rounding, or the middle of the orbit is not known well enough."""
_GONE, _NEAR_AXIS, _REVERSED = 1e-10, 0.1, 0.999
"""Powers below which there is nothing to follow, up to which a moment is near its axis, and of one that is reversed."""
_SAMPLES = 400
"""Samples of a run that are fitted: neighbours know the same."""
_ORDERS = (1, 2, 3, 4)
_STEADY = 0.05
"""Change of the power's logarithm in the last fifth of an orbit that has come to rest."""
_UNIFORM = 0.9
"""Length of the mean moment below which a layer does not turn as a whole."""
_LATE = 0.2


@dataclass(frozen=True, eq=False)
class OscillatorRecord:
    """A run of an oscillator, followed in time.

    Parameters
    ----------
    run_id : str
        Which.
    current_density : float
        In A/m2.
    time, power, frequency : array (n,)
        In s, dimensionless, and in Hz with the moment's sense, averaged over two periods.
    least_length : float
        Smallest length of the mean moment.
    ellipticity : float
        Size of the part that turns backwards over that which turns forwards, in the last fifth: 0 of a round orbit.
    final_power : float
        (1 - m . e) / 2 in the last fifth of the run, where `power` is that of the oscillation alone: 1 where the moment
        rests against the axis.
    """

    run_id: str
    current_density: float
    time: Floats
    power: Floats
    frequency: Floats
    least_length: float
    final_power: float = 0.0
    ellipticity: float = 0.0

    @property
    def late(self) -> slice:
        """The last fifth."""
        return slice(int(len(self.time) * (1 - _LATE)), None)

    @property
    def uniform(self) -> bool:
        """Whether the layer turns as a whole throughout."""
        return self.least_length >= _UNIFORM

    @property
    def steady(self) -> bool:
        """Whether the power changes little in the last fifth."""
        return bool(np.ptp(np.log(np.maximum(self.power[self.late], 1e-300))) < _STEADY)

    @property
    def oscillates(self) -> bool:
        """Whether it ends on an orbit: steady, not reversed, and the layer turns as a whole."""
        return self.uniform and self.steady and self.end_power > 100 * _LEAST_POWER and self.final_power < _REVERSED

    @property
    def decays(self) -> bool:
        """Whether it dies away near the axis."""
        return self.uniform and self.end_power < self.power[0] and self.final_power < _NEAR_AXIS

    @property
    def end_power(self) -> float:
        """Mean power in the last fifth."""
        return float(self.power[self.late].mean())

    @property
    def end_frequency(self) -> float:
        """Mean frequency in Hz in the last fifth."""
        return float(self.frequency[self.late].mean())

    @property
    def rise(self) -> float:
        """Time in s from the first sample until the power is first half of that at the end; NaN if it begins above."""
        below = self.power < self.end_power / 2
        if not below[0]:
            return float("nan")
        at = int(np.argmin(below))
        share = np.interp(0.5 * self.end_power, self.power[at - 1 : at + 1], [0.0, 1.0])
        return float(self.time[at - 1] + share * (self.time[at] - self.time[at - 1]) - self.time[0])


def record_of(
    run: xr.Dataset, current_density: float, axis: npt.ArrayLike | None = None, *, begin: float = 0.0
) -> OscillatorRecord:
    """Follow the precession of a run about an axis (`analysis.precession`).

    Parameters
    ----------
    run : xarray.Dataset
        In time, under one current.
    current_density : float
        In A/m2.
    axis : three floats, optional
        The first frame's mean moment if left out.
    begin : float
        Time in s before which nothing is looked at.

    Raises
    ------
    ValueError
        If the moment does not change, or there are fewer than ten periods.
    """
    c = precession(run, axis)
    c = c.isel(t=c["t"].values >= begin)
    found = oscillation(c)
    power = found["amplitude"].values.astype(np.float64) ** 2
    # What has decayed to rounding has no phase.
    gone = np.flatnonzero(power < _GONE)
    kept = slice(0, max(2, int(gone[0])) if gone.size else None)
    return OscillatorRecord(
        str(run.attrs.get("run_id", "")),
        current_density,
        found["t"].values[kept].astype(np.float64),
        power[kept],
        found["frequency"].values[kept].astype(np.float64) * float(found.attrs["sense"]),
        float(
            np.linalg.norm([run[name].values[run["t"].values >= begin] for name in ("mx", "my", "mz")], axis=0).min()
        ),
        float(np.mean(np.abs(c.values[int(len(c) * (1 - _LATE)) :]) ** 2)),
        _ellipticity(c, found),
    )


def _ellipticity(c: xr.DataArray, found: xr.Dataset) -> float:
    late = found["phase"].isel(t=slice(int(found.sizes["t"] * (1 - _LATE)), None))
    values, phase = c.sel(t=late["t"]).values, late.values * float(found.attrs["sense"])
    values = values - values.mean()
    forwards, backwards = (abs(np.mean(values * np.exp(sign * 1j * phase))) for sign in (-1, 1))
    return float(backwards / forwards) if forwards > 0 else 1.0


@dataclass(frozen=True, eq=False)
class OscillatorFit(HasParameters):
    """An oscillator that is fitted to runs, with what it leaves open.

    `parameters` have intervals of 95 % from leaving each fitted run out; `rejected` are records that were not fitted,
    since the layer did not turn as a whole in them or came to no orbit.
    """

    oscillator: AutoOscillator
    parameters: tuple[FittedParameter, ...]
    trained: tuple[OscillatorRecord, ...]
    held_out: tuple[OscillatorRecord, ...]
    rejected: tuple[OscillatorRecord, ...]

    def predicted(self, record: OscillatorRecord) -> OscillatorRecord:
        """The model's run from the record's first power on, at its times."""
        model, current = self.oscillator, record.current_density
        start = float(np.log(max(record.power[0], 1e-12)))

        def rate(_: float, logarithm: Floats) -> Floats:
            decay = model.decay(np.minimum(np.exp(logarithm), 1.0), current)
            return np.asarray(-2 * np.where(logarithm >= 0, np.maximum(decay, 0.0), decay))

        span = (float(record.time[0]), float(record.time[-1]))
        found = scipy.integrate.solve_ivp(rate, span, [start], t_eval=record.time, rtol=1e-8, atol=1e-8)
        power = np.exp(found.y[0])
        frequency = model.angular_frequency(power, current) / (2 * np.pi)
        return replace(record, power=power, frequency=frequency)


def fit_oscillator(records: Sequence[OscillatorRecord], held_out: Iterable[str] = ()) -> OscillatorFit | None:
    """Fit an oscillator to the records but those held out.

    Parameters
    ----------
    records : sequence of OscillatorRecord
        Of one device; some under a current below the threshold fix it best.
    held_out : iterable of str
        Ids of runs that the fit does not see.

    Returns
    -------
    OscillatorFit or None
        None where fewer than three runs can be fitted, or none of them ends on an orbit.

    Examples
    --------
    >>> t = np.linspace(0, 30e-9, 600)
    >>> truth = AutoOscillator(frequency=[4e10, -2e10], damping=[4e8, 8e8], pump=2e-3)
    >>> def run(current):
    ...     made = OscillatorFit(truth, (), (), (), ())
    ...     return made.predicted(OscillatorRecord(f"{current:g}", current, t, np.full(600, 1e-3), t, 1.0))
    >>> found = fit_oscillator([run(each) for each in (1e11, 1.5e11, 2.5e11, 3e11, 3.5e11)])
    >>> f"{found.oscillator.threshold:.4g}", found.oscillator.frequency.round(-6).tolist()
    ('2e+11', [40000000000.0, -20000000000.0])
    """
    unseen = set(held_out)
    usable = [each for each in records if each.oscillates or each.decays]
    trained = [each for each in usable if each.run_id not in unseen]
    if len(trained) < 3 or not any(each.oscillates for each in trained):
        return None
    samples = [_Samples.of(each) for each in trained]
    frequency = _simplest(samples, _frequency_columns, lambda each: each.frequency, (False, True))
    damping = _simplest(samples, _damping_columns, lambda each: each.decay, (True,))
    span = [each.current_density for each in trained]
    highest = min(1.0, 1.2 * max(float(each.power.max()) for each in trained))

    def model_of(some: Sequence[_Samples]) -> AutoOscillator:
        omega = _solved(some, frequency, _frequency_columns, lambda each: each.frequency)
        gamma = _solved(some, damping, _damping_columns, lambda each: each.decay)
        order, shifted = frequency
        return AutoOscillator(
            frequency=omega[:order],
            damping=gamma[: damping[0]],
            pump=gamma[-1],
            frequency_per_current=omega[order] if shifted else 0.0,
            highest_power=highest,
        )

    best = model_of(samples)
    others = [model_of([each for each in samples if each is not left]) for left in samples]
    judged = [each for each in usable if each.run_id in unseen]
    fit = OscillatorFit(
        best,
        tuple(_with_interval(name, unit, read(best), [read(each) for each in others]) for name, unit, read in _NUMBERS),
        tuple(trained),
        tuple(judged),
        tuple(each for each in records if each not in usable),
    )
    errors = [fit.predicted(each).end_frequency / each.end_frequency - 1 for each in judged if each.oscillates]
    origin = OscillatorProvenance(
        trained_on=tuple(each.run_id for each in trained),
        held_out=tuple(each.run_id for each in judged),
        held_out_error=float(np.sqrt(np.mean(np.square(errors)))) if errors else None,
        current_density=(min(span), max(span)),
    )
    return replace(fit, oscillator=replace(best, provenance=origin))


_NUMBERS: tuple[tuple[str, str, Callable[[AutoOscillator], float]], ...] = (
    ("threshold", "A/m^2", lambda each: each.threshold),
    ("frequency at small amplitude", "Hz", lambda each: float(each.frequency[0]) / (2 * np.pi)),
    ("frequency shift with power", "Hz", lambda each: float(each.frequency_slope(0.0)) / (2 * np.pi)),
    ("frequency shift with current", "Hz m^2/A", lambda each: float(each.frequency_per_current) / (2 * np.pi)),
    ("damping rate", "1/s", lambda each: float(each.damping[0])),
    ("growth with current", "m^2/(A s)", lambda each: float(each.pump)),
)


def _with_interval(name: str, unit: str, value: float, others: Sequence[float]) -> FittedParameter:
    """Jackknife over runs, with Student's t."""
    count = len(others)
    deviation = np.sqrt((count - 1) / count * np.sum((np.array(others) - np.mean(others)) ** 2))
    reach = float(deviation * scipy.stats.t.ppf(0.975, count - 1))
    return FittedParameter(name, unit, value, value - reach, value + reach, by_runs=(value - reach, value + reach))


@dataclass(frozen=True, eq=False)
class _Samples:
    """A record as equations: powers, current, decays in 1/s and angular frequencies in rad/s."""

    power: Floats
    current: float
    decay: Floats
    frequency: Floats

    @classmethod
    def of(cls, record: OscillatorRecord) -> _Samples:
        logarithm = np.log(np.maximum(record.power, 1e-300))
        decay = -np.gradient(logarithm, record.time) / 2
        kept = np.flatnonzero(record.power > _LEAST_POWER)
        chosen = kept[np.linspace(0, len(kept) - 1, min(_SAMPLES, len(kept))).astype(int)]
        return cls(record.power[chosen], record.current_density, decay[chosen], 2 * np.pi * record.frequency[chosen])


_Choice = tuple[int, bool]
"""How many powers of p, and whether the current has a column of its own."""
_Columns = Callable[[_Samples, _Choice], Floats]


def _frequency_columns(samples: _Samples, choice: _Choice) -> Floats:
    powers = np.vander(samples.power, choice[0], increasing=True)
    return np.column_stack([powers, np.full(len(powers), samples.current)]) if choice[1] else powers


def _damping_columns(samples: _Samples, choice: _Choice) -> Floats:
    powers = np.vander(samples.power, choice[0], increasing=True)
    return np.column_stack([powers, -samples.current * (1 - samples.power)])


def _solved(some: Sequence[_Samples], choice: _Choice, columns: _Columns, read: Callable[[_Samples], Floats]) -> Floats:
    rows = [columns(each, choice) / np.sqrt(each.power.size) for each in some]
    seen = [read(each) / np.sqrt(each.power.size) for each in some]
    matrix = np.concatenate(rows)
    scale = np.linalg.norm(matrix, axis=0)
    scale[scale == 0] = 1.0
    return np.asarray(np.linalg.lstsq(matrix / scale, np.concatenate(seen), rcond=None)[0] / scale)


def _simplest(
    samples: Sequence[_Samples], columns: _Columns, read: Callable[[_Samples], Floats], shifted: Sequence[bool]
) -> _Choice:
    """The fewest columns whose error in runs that are left out exceeds the least by less than one standard error.

    That of the difference, run by run: some runs are harder to predict for all.
    """
    choices = sorted(itertools.product(_ORDERS, shifted), key=lambda each: (each[0] + each[1], each[0]))
    errors: list[list[float]] = []
    for choice in choices:
        each_error: list[float] = []
        for left in samples:
            solved = _solved([one for one in samples if one is not left], choice, columns, read)
            off = columns(left, choice) @ solved - read(left)
            # Nobody asks the model beyond the largest power that it has seen.
            known = left.power <= max(each.power.max() for each in samples if each is not left)
            each_error.append(float(np.sqrt(np.sum(off[known] ** 2) / off.size)))
        errors.append(each_error)
    table = np.asarray(errors, dtype=np.float64)
    best = table[int(table.mean(axis=1).argmin())]
    more = table - best
    limit = more.std(axis=1, ddof=1) / np.sqrt(len(samples))
    return next(choice for choice, each, most in zip(choices, more.mean(axis=1), limit, strict=True) if each <= most)
