"""Pinning landscapes: the field that a stripe exerts on its wall.

A potential V(q) in J (the stripe's energy with the wall at q) pushes the wall
like a field would. Every landscape gives that push as

    F(q) = -1 / (2 mu0 Ms S) dV/dq        in A/m,

S being the stripe's cross-section. Positive F pushes the wall towards +x whatever
its polarity. Landscapes add up: `PinningSum`.
"""

from __future__ import annotations

import abc
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np

from solitons.numerics.parameters import real

__all__ = [
    "AbstractPinning",
    "EndConfinement",
    "HarmonicPinning",
    "NoPinning",
    "PeriodicPinning",
    "PinningSum",
    "SplinePinning",
    "TabulatedPinning",
    "UniformPush",
    "is_convex",
]


class AbstractPinning(eqx.Module):
    """A landscape that pushes a wall."""

    @abc.abstractmethod
    def push(self, position: Any) -> Any:
        """Push F(q) on the wall in A/m, positive towards +x, at positions q in m, of any shape."""


class NoPinning(AbstractPinning):
    """A perfect, endless stripe: F = 0."""

    def push(self, position: Any) -> Any:
        """Push on the wall in A/m: none."""
        return jnp.zeros_like(jnp.asarray(position))


class UniformPush(AbstractPinning):
    """A constant push in A/m, positive towards +x, as from a linear taper or the mean of a field gradient.

    F = strength. A wall in a stripe whose width w(x) grows along x is pushed towards the narrow end, with V = sigma w t
    and thus F = -sigma w' / (2 mu0 Ms w), sigma being the wall's energy per area.
    """

    strength: Any = eqx.field(converter=real)

    def push(self, position: Any) -> Any:
        """Push on the wall in A/m, the same everywhere."""
        return self.strength * jnp.ones_like(jnp.asarray(position))


class HarmonicPinning(AbstractPinning):
    """A parabolic well: F = -stiffness (q - centre).

    Parameters
    ----------
    stiffness : float
        Push per displacement in A/m2; positive for a well, negative for a hill.
    centre : float
        Bottom of the well in m.

    Examples
    --------
    >>> round(float(HarmonicPinning(stiffness=1e10, centre=256e-9).push(266e-9)), 6)
    -100.0
    """

    stiffness: Any = eqx.field(converter=real)
    centre: Any = eqx.field(converter=real)

    def push(self, position: Any) -> Any:
        """Push on the wall in A/m, towards the centre of a well."""
        return -self.stiffness * (position - self.centre)


class PeriodicPinning(AbstractPinning):
    """A sinusoidal landscape, as from equally spaced notches.

    F = -strength sin(2 pi (q - site) / period): sites where the wall rests are
    `period` apart, and a field above `strength` depins the wall.

    Parameters
    ----------
    strength : float
        Largest push in A/m: the depinning field.
    period : float
        Distance of two sites in m.
    site : float
        Position of one of the sites in m.

    Examples
    --------
    >>> from solitons.domain_walls import PeriodicPinning
    >>> pinning = PeriodicPinning(strength=1000.0, period=50e-9, site=10e-9)
    >>> round(float(pinning.push(10e-9)), 6), round(abs(float(pinning.push(22.5e-9))))
    (-0.0, 1000)
    """

    strength: Any = eqx.field(converter=real)
    period: Any = eqx.field(converter=real)
    site: Any = eqx.field(converter=real)

    def __check_init__(self) -> None:
        _require_positive("PeriodicPinning.period", self.period)

    def push(self, position: Any) -> Any:
        """Push on the wall in A/m, towards the nearest site."""
        return -self.strength * jnp.sin(2 * jnp.pi * (position - self.site) / self.period)


class EndConfinement(AbstractPinning):
    """Two pinned ends that hold the wall between them.

    F = strength [s((left - q) / reach) - s((q - right) / reach)] with the logistic
    function s(x) = 1 / (1 + exp(-x)): a push of half the strength on the end's
    edge, all of it beyond, and none in the middle. It stays finite, so that a wall
    that overshoots comes back in finite steps.

    Parameters
    ----------
    left, right : float
        Position where the ends begin to win, in m.
    reach : float
        Length over which the push sets in, in m; about the wall's width.
    strength : float
        Push beyond an end in A/m. It holds a wall that drifts with u, precessing, when
        alpha gamma0 Delta strength exceeds (1 + alpha beta) u.

    Examples
    --------
    >>> from solitons.domain_walls import EndConfinement
    >>> ends = EndConfinement(left=0.0, right=200e-9, reach=20e-9, strength=1e4)
    >>> bool(ends.push(5e-9) > 0), bool(ends.push(195e-9) < 0)  # back into the stripe
    (True, True)
    """

    left: Any = eqx.field(converter=real)
    right: Any = eqx.field(converter=real)
    reach: Any = eqx.field(converter=real)
    strength: Any = eqx.field(converter=real)

    def __check_init__(self) -> None:
        _require_positive("EndConfinement.reach", self.reach)
        _require_ordered("EndConfinement", "left", self.left, "right", self.right)

    def push(self, position: Any) -> Any:
        """Push on the wall in A/m, away from the nearer end."""
        # s(x) = (1 + tanh(x / 2)) / 2, which is faster than its exponential.
        from_left = jnp.tanh((self.left - position) / (2 * self.reach))
        from_right = jnp.tanh((position - self.right) / (2 * self.reach))
        return self.strength / 2 * (from_left - from_right)


class SplinePinning(AbstractPinning):
    """Any smooth landscape: a uniform cubic B-spline.

    F(q) = sum_k coefficients[k] B(s - k), s = (n - 1) (q - start) / (stop - start), with the cubic B-spline B of
    support (-2, 2). `start` and `stop` in m are where the first and the last of the n >= 2 coefficients (A/m) sit.
    Between them the push is twice continuously differentiable, and beyond them it keeps the value it has there. Control
    values beyond the ends are the linear continuation, so that straight lines are reproduced up to the ends.
    """

    start: Any = eqx.field(converter=real)
    stop: Any = eqx.field(converter=real)
    coefficients: Any = eqx.field(converter=real)

    def __check_init__(self) -> None:
        if jnp.ndim(self.coefficients) == 0 or self.coefficients.shape[-1] < 2:
            raise ValueError(f"SplinePinning.coefficients has shape {jnp.shape(self.coefficients)}; give at least two")
        _require_ordered("SplinePinning", "start", self.start, "stop", self.stop)

    def push(self, position: Any) -> Any:
        """Push on the wall in A/m, from the spline."""
        values = jnp.asarray(self.coefficients)
        before = 2 * values[..., :1] - values[..., 1:2]
        after = 2 * values[..., -1:] - values[..., -2:-1]
        padded = jnp.concatenate([before, values, after], axis=-1)
        last = values.shape[-1] - 1
        s = jnp.clip(last * (position - self.start) / (self.stop - self.start), 0.0, last)
        # All weights at once, most of them zero: a gather of four is slower under vmap.
        distance = jnp.abs(s[..., None] - jnp.arange(-1, last + 2))
        weights = (jax.nn.relu(2 - distance) ** 3 - 4 * jax.nn.relu(1 - distance) ** 3) / 6
        return jnp.sum(weights * padded, axis=-1)


class TabulatedPinning(AbstractPinning):
    """A landscape that was measured at many places.

    Straight lines between n >= 2 values in A/m, evenly spaced from `start` to `stop` in m. Beyond them the push keeps
    the value it has there. One more row of the table costs nothing in a step, unlike a coefficient of `SplinePinning`.
    """

    start: Any = eqx.field(converter=real)
    stop: Any = eqx.field(converter=real)
    values: Any = eqx.field(converter=real)

    def __check_init__(self) -> None:
        if jnp.ndim(self.values) == 0 or self.values.shape[-1] < 2:
            raise ValueError(f"TabulatedPinning.values has shape {jnp.shape(self.values)}; give at least two")
        _require_ordered("TabulatedPinning", "start", self.start, "stop", self.stop)

    @property
    def places(self) -> np.ndarray:
        """Positions in m of the values, (n,)."""
        return np.linspace(float(self.start), float(self.stop), self.values.shape[-1])

    def push(self, position: Any) -> Any:
        """Push on the wall in A/m, from the two values beside it."""
        values = jnp.asarray(self.values)
        last = values.shape[-1] - 1
        s = jnp.clip(last * (position - self.start) / (self.stop - self.start), 0.0, last)
        before = jnp.minimum(jnp.floor(s).astype(int), last - 1)
        share = s - before
        return (1 - share) * values[before] + share * values[before + 1]


class PinningSum(AbstractPinning):
    """Several landscapes at once: their pushes add up.

    Parameters
    ----------
    parts : tuple of AbstractPinning
        The landscapes.

    Examples
    --------
    >>> both = PinningSum((UniformPush(30.0), HarmonicPinning(stiffness=1e9, centre=0.0)))
    >>> round(float(both.push(20e-9)), 4)
    10.0
    """

    parts: tuple[AbstractPinning, ...]

    def push(self, position: Any) -> Any:
        """Push on the wall in A/m: the sum over the parts."""
        total = jnp.zeros_like(jnp.asarray(position))
        for part in self.parts:
            total = total + part.push(position)
        return total


def is_convex(pinning: AbstractPinning) -> bool:
    """Whether a landscape pushes the less the further a wall goes: then no hill or notch is in its way, to pass or not.

    It has values, not traced ones.
    """
    if isinstance(pinning, PinningSum):
        return all(is_convex(part) for part in pinning.parts)
    if isinstance(pinning, TabulatedPinning | SplinePinning):
        values = np.asarray(pinning.values if isinstance(pinning, TabulatedPinning) else pinning.coefficients)
        return bool(np.all(np.diff(values, axis=-1) <= 0))
    if isinstance(pinning, HarmonicPinning):
        return bool(np.all(np.asarray(pinning.stiffness) >= 0))
    return isinstance(pinning, NoPinning | UniformPush | EndConfinement)


def _require_positive(name: str, value: Any) -> None:
    # Traced parameters have no value to look at, here and below.
    if isinstance(value, np.ndarray) and not np.all(value > 0):
        raise ValueError(f"{name} = {value} m must be positive")


def _require_ordered(owner: str, low_name: str, low: Any, high_name: str, high: Any) -> None:
    if isinstance(low, np.ndarray) and isinstance(high, np.ndarray) and not np.all(low < high):
        raise ValueError(f"{owner}.{low_name} = {low} m must lie left of {high_name} = {high} m")
