r"""How likely conductances after pulses are, if a pulse follows a table and both pulses and readings scatter.

The true conductance G is not what is read: y_n = G_n + r xi_n. With G_{n+1} = G_n + v(G_n) + sigma xi'_n, the extended
Kalman filter gives the mean and variance of each reading from all before it, exactly where v is constant or linear in
G. So the scatter of readings is distinguished from the scatter of pulses: the former is gone with the next reading,
the latter stays. (R. E. Kalman, J. Basic Eng. 82, 35 (1960); A. C. Harvey, Forecasting, Structural Time Series Models
and the Kalman Filter (Cambridge University Press, 1989), for the likelihood by its one-step errors; H. E. Rauch, F.
Tung and C. T. Striebel, AIAA J. 3, 1445 (1965), for the mean from the readings after it too.)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
import scipy

from solitons.exports.pulse_data import PulseSequence

__all__ = ["FINE", "Readings", "StepFit", "errors_of_devices", "fit_steps", "log_likelihoods", "smoothed"]

Floats = npt.NDArray[np.float64]

FINE = 17
"""Nodes on which every shape is evaluated; 2, 5, 9 and 17 nodes lie on them."""
_LEAST_NOISE = 1e-4
"""Share of the range: data without any noise have a likelihood too, and no instrument is better."""
_LARGEST_GAIN = 3.0
"""Logarithm of the largest factor between the steps of a device and of the mean one: 20 times."""
_STIFFNESS = 3.0
"""Weight of second differences of a table, over the range: nodes at which nothing was measured lie on a line."""


@dataclass(frozen=True, eq=False)
class Readings:
    """Sequences side by side, conductance scaled to 0 at the lowest reading and 1 at the highest.

    `value` (rows, longest) has a row for each sequence; 0 after its end and in further rows, NaN where a reading was
    lost. `sign` (rows, longest - 1) is the pulse between two readings, 0 where there is none; `low` and `span` are in
    S.
    """

    value: Floats
    sign: Floats
    low: float
    span: float

    @classmethod
    def of(cls, sequences: Sequence[PulseSequence], low: float, span: float) -> Readings:
        """Put sequences side by side."""
        # To a power of two of each, so that data sets share a program.
        longest = max(64, 1 << (max(each.conductance.size for each in sequences) - 1).bit_length())
        many = max(8, 1 << (len(sequences) - 1).bit_length())
        value, sign = np.zeros((many, longest)), np.zeros((many, longest - 1))
        for row, each in enumerate(sequences):
            value[row, : each.conductance.size] = (each.conductance - low) / span
            sign[row, : each.sign.size] = each.sign
        return cls(value, sign, low, span)


@dataclass(frozen=True, eq=False)
class StepFit:
    """The most likely table of one shape, scaled as `Readings` are.

    `up` and `down` (FINE,) are mean changes, the others standard deviations.
    """

    up: Floats
    down: Floats
    cycle_up: float
    cycle_down: float
    read: float


def fit_steps(readings: Readings, used: npt.NDArray[np.bool_], nodes: int, *, still: bool = False) -> StepFit:
    """Fit a table with so many nodes (1, 2, 5, 9 or 17; 1 is the same everywhere) to some readings.

    `used` (rows, longest - 1) marks the readings that are fitted; the first of a sequence is none, nor is a reading
    that was lost. With `still` pulses do nothing in the mean: the model that knows nothing.
    """
    shape = _shape(nodes)
    many = shape.shape[1]
    start = _first_guess(readings, used, shape)
    rough = _differences(many)

    def loss(parameters: Floats) -> tuple[float, Floats]:
        up, down = shape @ parameters[:many], shape @ parameters[many : 2 * many]
        noise = parameters[2 * many :]
        value, slopes = _loss(up, down, noise, readings.value, readings.sign, used)
        slope_up, slope_down, slope_noise = (np.asarray(each, dtype=np.float64) for each in slopes)
        bent_up, bent_down = rough @ parameters[:many], rough @ parameters[many : 2 * many]
        total = float(value) + 0.5 * _STIFFNESS**2 * float(bent_up @ bent_up + bent_down @ bent_down)
        gradient = np.concatenate(
            [
                shape.T @ slope_up + _STIFFNESS**2 * rough.T @ bent_up,
                shape.T @ slope_down + _STIFFNESS**2 * rough.T @ bent_down,
                slope_noise,
            ]
        )
        return total, gradient

    free = (0.0, 0.0) if still else (0.0, 2.0)
    bounds = [free] * many + [(-free[1], 0.0)] * many + [(np.log(_LEAST_NOISE), 0.0)] * 3
    if still:
        start[: 2 * many] = 0.0
    with jax.enable_x64(True):
        found = scipy.optimize.minimize(
            loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 400}
        )
    best = found.x
    noise = np.exp(best[2 * many :])
    return StepFit(shape @ best[:many], shape @ best[many : 2 * many], *(float(each) for each in noise))


def log_likelihoods(fit: StepFit, readings: Readings) -> tuple[Floats, Floats, Floats]:
    """Logarithm of the density of each reading from those before it, its error and the error's standard deviation.

    All are (rows, longest - 1) of scaled conductances, without meaning after the end of a sequence, NaN of a lost
    reading.
    """
    noise = np.log([fit.cycle_up, fit.cycle_down, fit.read])
    with jax.enable_x64(True):
        found = jax.jit(_filtered)(fit.up, fit.down, noise, readings.value, readings.sign)
    logarithm, error, deviation = (np.where(np.isnan(readings.value[:, 1:]), np.nan, each) for each in found)
    return logarithm, error, deviation


def errors_of_devices(fit: StepFit, readings: Readings, sequences: Sequence[PulseSequence]) -> tuple[Floats, Floats]:
    """Errors as of `log_likelihoods` if the steps of each device have the most likely gains, one up and one down.

    Returns error and standard deviation, (rows, longest - 1).
    """
    error, deviation = np.full(readings.sign.shape, np.nan), np.full(readings.sign.shape, np.nan)
    for device in dict.fromkeys(each.device for each in sequences):
        rows = [row for row, each in enumerate(sequences) if each.device == device]
        own = Readings.of([sequences[row] for row in rows], readings.low, readings.span)

        def gained(logarithms: Floats) -> StepFit:
            up, down = np.exp(logarithms)
            return replace(fit, up=up * fit.up, down=down * fit.down)

        def loss(logarithms: Floats, own: Readings = own) -> float:
            return -float(np.nansum(np.where(own.sign != 0, log_likelihoods(gained(logarithms), own)[0], 0.0)))

        found = scipy.optimize.minimize(
            loss, np.zeros(2), method="Nelder-Mead", bounds=[(-_LARGEST_GAIN, _LARGEST_GAIN)] * 2,
            options={"initial_simplex": [[0.0, 0.0], [0.3, 0.0], [0.0, 0.3]], "xatol": 1e-3, "fatol": 1e-2},
        )  # fmt: skip
        _, missed, scale = log_likelihoods(gained(found.x), own)
        error[rows, : missed.shape[1]], deviation[rows, : scale.shape[1]] = missed[: len(rows)], scale[: len(rows)]
    return error, deviation


def smoothed(fit: StepFit, readings: Readings) -> Floats:
    """Mean of the true conductance at each reading, from all readings before and after it.

    It is (rows, longest), scaled as `Readings`, without meaning after the end of a sequence.
    """
    noise = np.log([fit.cycle_up, fit.cycle_down, fit.read])
    with jax.enable_x64(True):
        mean, variance, predicted, grown, gain = (
            np.asarray(each) for each in jax.jit(_states)(fit.up, fit.down, noise, readings.value, readings.sign)
        )
    found = mean.copy()
    for index in range(mean.shape[1] - 2, -1, -1):
        back = gain[:, index] * variance[:, index] / np.maximum(grown[:, index], np.finfo(float).tiny)
        change = back * (found[:, index + 1] - predicted[:, index])
        found[:, index] += np.where(readings.sign[:, index] != 0, change, 0.0)
    return found


def _shape(nodes: int) -> Floats:
    if nodes == 1:
        return np.ones((FINE, 1))
    at = np.linspace(0, 1, nodes)
    return np.stack([np.interp(np.linspace(0, 1, FINE), at, each) for each in np.eye(nodes)], axis=1)


def _differences(many: int) -> Floats:
    return np.diff(np.eye(many), n=2, axis=0) * (many - 1) ** 1.5 / many if many > 2 else np.zeros((1, many))


def _first_guess(readings: Readings, used: npt.NDArray[np.bool_], shape: Floats) -> Floats:
    """Least squares of the steps between readings, as if these had no noise."""
    steps, before = np.diff(readings.value, axis=1), readings.value[:, :-1]
    found, left = [], []
    for sign in (1, -1):
        chosen = used & (readings.sign == sign) & np.isfinite(steps)
        here, step = before[chosen], steps[chosen]
        position = np.clip(here, 0, 1) * (FINE - 1)
        index = np.minimum(position.astype(int), FINE - 2)
        share = (position - index)[:, None]
        matrix = (1 - share) * shape[index] + share * shape[index + 1]
        ridge = 1e-3 * np.eye(shape.shape[1])
        solution = np.linalg.lstsq(np.vstack([matrix, ridge]), np.append(step, np.zeros(len(ridge))), rcond=None)[0]
        found.append(np.clip(sign * solution, 1e-4, 1.5) * sign)
        left.append(float(np.std(step - matrix @ solution)) if step.size > 1 else 0.01)
    scatter = np.log(np.clip([left[0], left[1], 0.5 * max(left)], _LEAST_NOISE, 0.9))
    return np.concatenate([*found, scatter])


def _filtered(up: Any, down: Any, noise: Any, value: Any, sign: Any) -> tuple[Any, Any, Any]:
    """Logarithm of the density of each reading after the first, its error and the error's standard deviation."""
    variance_read = jnp.exp(2 * jnp.asarray(noise))[2]
    _, _, predicted, grown, _ = _states(up, down, noise, value, sign)
    read = jnp.asarray(value)[:, 1:]
    total, error = grown + variance_read, jnp.where(jnp.isnan(read), predicted, read) - predicted
    return -0.5 * (jnp.log(2 * jnp.pi * total) + error**2 / total), error, jnp.sqrt(total)


def _states(up: Any, down: Any, noise: Any, value: Any, sign: Any) -> tuple[Any, Any, Any, Any, Any]:
    """Mean and variance of the conductance after each reading, before each but the first, and the slope between."""
    variance_up, variance_down, variance_read = jnp.exp(2 * jnp.asarray(noise))
    tables = jnp.stack([jnp.asarray(up), jnp.asarray(down)])
    slopes = jnp.diff(tables, axis=1) * (FINE - 1)

    def one(carry: tuple[Any, Any], item: tuple[Any, Any]) -> tuple[tuple[Any, Any], tuple[Any, ...]]:
        mean, variance = carry
        which, reading = item
        position = jnp.clip(mean, 0, 1) * (FINE - 1)
        index = jnp.clip(position.astype(int), 0, FINE - 2)
        row = jnp.where(which > 0, 0, 1)
        slope = slopes[row, index]
        inside = (mean > 0) & (mean < 1)
        step = tables[row, index] + slope * (position - index) / (FINE - 1)
        moved = which != 0
        gain = 1 + jnp.where(inside, slope, 0.0)
        predicted = mean + jnp.where(moved, step, 0.0)
        grown = gain**2 * variance + jnp.where(which > 0, variance_up, variance_down)
        grown = jnp.where(moved, grown, variance)
        # A lost reading has no information.
        share = jnp.where(jnp.isnan(reading), 0.0, grown / (grown + variance_read))
        reading = jnp.where(jnp.isnan(reading), predicted, reading)
        after = (
            jnp.where(moved, predicted + share * (reading - predicted), predicted),
            jnp.where(moved, (1 - share) * grown, grown),
        )
        return after, (*after, predicted, grown, gain)

    first = jnp.asarray(value)[:, 0]
    start = (first, jnp.full_like(first, variance_read))
    _, (mean, variance, *between) = jax.lax.scan(one, start, (jnp.asarray(sign).T, jnp.asarray(value)[:, 1:].T))
    mean, variance = (
        jnp.concatenate([before[None], after]) for before, after in zip(start, (mean, variance), strict=True)
    )
    return mean.T, variance.T, *(each.T for each in between)


@jax.jit
def _loss(up: Any, down: Any, noise: Any, value: Any, sign: Any, used: Any) -> Any:
    def total(up: Any, down: Any, noise: Any) -> Any:
        logarithm, *_ = _filtered(up, down, noise, value, sign)
        return -jnp.sum(jnp.where(used, logarithm, 0.0))

    return jax.value_and_grad(total, argnums=(0, 1, 2))(up, down, noise)
