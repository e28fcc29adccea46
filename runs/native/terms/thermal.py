"""The thermal field: what it is, and how strong."""

import dataclasses
import math
import numbers
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Literal

import discretisedfield as df
import equinox as eqx
import jax.numpy as jnp
import micromagneticmodel as mm
import numpy as np
from jax import Array
from typing_extensions import override

from runs.native.abstract import MU0, EnergyTerm, to_device
from runs.native.discretisation import Discretisation, scalar_parameter
from runs.native.model import Model
from runs.native.neighbours import inverse
from runs.native.terms.damping import Damping
from runs.native.terms.modulation import Modulation, modulated, modulation_of
from runs.native.terms.precession import Precession
from runs.native.waveform import Waveform


@dataclasses.dataclass(frozen=True)
class ThermalField:
    r"""Gaussian white noise in the effective field that holds a magnet at a temperature.

    .. math:: \langle h_i(t) h_j(t') \rangle = \frac{2 \alpha k_B T}{\gamma_0 \mu_0 M_s V} \delta_{ij} \delta(t - t')

    Parameters
    ----------
    seed : int
        Same seed, same numbers, on one platform and version of JAX. The noise of a step is a function of
        seed and step number, so that keeping more states changes m by rounding only, if they lie on steps.
        It is drawn in single precision: in an ensemble, compiled otherwise, a last digit may be another one,
        which after 5,000 steps has moved m by 1e-8.
    time_step : float
        Step of the integration in s. A stretch between two save times is cut into equal steps no
        longer than this.
    temperature : float, dict or discretisedfield.Field, optional
        In K; a dict gives one value a subregion, 0 where it names none. If not given, `system.T`.
    func : PiecewiseLinear, PerRegion or callable, optional
        Function of time that multiplies the temperature, never negative.
    dt : float, optional
        For a callable `func`: time in s between two samples.
    check : {"start", "frames", "never"}
        When the step is checked (see `runs.native.time.stochastic.check_step`): once at the start, at every
        state that is kept but the last, or never. A temperature that rises later needs "frames".

    Raises
    ------
    ValueError
        A seed that is not a whole number, or a step that is not positive.

    Examples
    --------
    >>> ThermalField(seed=1, time_step=1e-14, temperature=300.0).check
    'start'
    """

    seed: int
    time_step: float
    temperature: float | Mapping[str, float] | df.Field | None = None
    func: Any = None
    dt: float | None = None
    check: Literal["start", "frames", "never"] = "start"
    name: ClassVar[str] = "thermal"

    def __post_init__(self) -> None:
        if isinstance(self.seed, bool) or not isinstance(self.seed, (int, np.integer)) or not 0 <= self.seed < 2**32:
            raise ValueError(f"ThermalField: seed={self.seed!r} must be a whole number from 0 to 2^32 - 1")
        step: Any = self.time_step
        if not (isinstance(step, numbers.Real) and float(step) > 0 and math.isfinite(step)):
            raise ValueError(f"ThermalField: time_step={self.time_step!r} s must be positive")
        if self.check not in ("start", "frames", "never"):
            raise ValueError(f"ThermalField: check={self.check!r} must be 'start', 'frames' or 'never'")
        if self.dt is not None and not self.dt > 0:
            raise ValueError(f"ThermalField: dt={self.dt!r} s must be positive")
        if isinstance(self.func, str):
            raise ValueError(f"ThermalField: func={self.func!r} becomes negative; a temperature must not")


class Sample(EnergyTerm):
    """One moment of the thermal field; it has no energy."""

    value: Array
    """A/m, (3, nz, ny, nx)."""

    @override
    def field(self, m: Array, amplitudes: Array) -> Array:
        return self.value

    @override
    def density(self, m: Array, amplitudes: Array) -> Array:
        return jnp.zeros_like(m[0])


class Noise(eqx.Module):
    r"""Strength of the thermal field, by the fluctuation-dissipation theorem.

    The equation of motion is, with what pulls m towards the field at rate d and turns it about the
    field at rate p, in m/(A s),

    .. math:: \frac{dm}{dt} = -p \, m \times (H + h) - d \, m \times (m \times (H + h))

    Where m x h is a step to the side, m x (m x h) is one along h, so that a white h of strength
    :math:`\langle h_i h_j \rangle = S \delta_{ij}` diffuses m on the sphere with the constant
    :math:`(p^2 + d^2) S / 2`, while the drift down the energy E has the mobility
    :math:`d / (\mu_0 M_s V)`. The stationary distribution is exp(-E / k_B T) if and only if the one
    is k_B T times the other,

    .. math:: S = \frac{2 d}{p^2 + d^2} \frac{k_B T}{\mu_0 M_s V}

    which is :math:`2 \alpha k_B T / (\gamma_0 \mu_0 M_s V)` with precession, where
    :math:`p = \gamma_0 / (1 + \alpha^2)` and d = alpha p, and larger without. Over a step h is
    constant with variance S / step. There is none outside the magnet, where alpha = 0, and where
    T = 0. Torques that are not made by the field (spin currents) do not enter. Brown, Phys. Rev.
    130, 1677 (1963); García-Palacios and Lázaro, Phys. Rev. B 58, 14937 (1998).
    """

    strength: Array
    """S in A2 s/m2, (nz, ny, nx)."""
    angle: Array
    """arctan(p / d), between damping alone and precession alone, (nz, ny, nx)."""
    modulation: Modulation | None

    def deviation(self, step: Array, amplitudes: Array) -> Array:
        """Return the standard deviation of h in A/m over a step in s, (nz, ny, nx)."""
        return jnp.sqrt(modulated(self.strength, self.modulation, amplitudes) / step)


@dataclasses.dataclass(frozen=True, eq=False)
class NotNegative(Waveform):
    """A waveform that raises where it becomes negative."""

    waveform: Waveform

    @override
    def start(self) -> float:
        return float(_not_negative(self.waveform.start()))

    @override
    def breakpoints(self) -> np.ndarray:
        return self.waveform.breakpoints()

    @override
    def intervals(self, start: float, stop: float) -> int:
        return self.waveform.intervals(start, stop)

    @override
    def tabulate(self, start: float, stop: float, intervals: int) -> np.ndarray:
        return _not_negative(self.waveform.tabulate(start, stop, intervals))


def noise_of(
    thermal: ThermalField,
    system: mm.System,
    discretisation: Discretisation,
    model: Model,
    register: Callable[[Waveform], int],
) -> Noise:
    """Return the strength of a thermal field in a system, whose T counts if `thermal` has no temperature.

    `model` has the rates of precession and damping. A ValueError for a temperature that is negative, not finite, or
    given twice.
    """
    if thermal.temperature is None:
        if not system.T:
            raise ValueError(
                f"system {system.name!r}: a thermal field, but no temperature; set system.T or ThermalField.temperature"
            )
        temperature = np.asarray(float(system.T))
    elif system.T:
        raise ValueError(
            f"system {system.name!r}: T={system.T} K and ThermalField.temperature={thermal.temperature!r} are both "
            "given; set system.T=0 or leave temperature out"
        )
    else:
        temperature = scalar_parameter(thermal, "temperature", discretisation)
    if np.any(temperature < 0):
        raise ValueError(f"ThermalField: temperature={thermal.temperature!r} is negative")
    precession, damping = (
        sum((np.asarray(torque.rate) for torque in model.torques if isinstance(torque, kind)), np.zeros(()))
        for kind in (Precession, Damping)
    )
    rates2 = precession**2 + damping**2
    mobility = np.divide(damping, rates2, out=np.zeros_like(rates2), where=rates2 > 0)
    saturation, volume = discretisation.saturation, math.prod(discretisation.cell)
    if np.any(temperature > 0) and not np.any(mobility * (saturation > 0) > 0):
        raise ValueError(
            f"system {system.name!r}: a temperature without damping, which alone couples m to heat; add "
            "micromagneticmodel.Damping with alpha > 0, or leave the thermal field out"
        )
    moment_inverse = inverse(saturation) / (MU0 * volume)
    modulation = modulation_of(thermal, discretisation, lambda waveform: register(NotNegative(waveform)))
    return Noise(
        strength=to_device(2.0 * mobility * mm.consts.kB * temperature * moment_inverse),
        angle=to_device(np.broadcast_to(np.arctan2(precession, damping), saturation.shape)),
        modulation=modulation,
    )


def _not_negative(values: Any) -> np.ndarray:
    # The line through two inner points of a jump may miss zero by rounding.
    if np.any(np.asarray(values) < -1e-12):
        raise ValueError(f"ThermalField: func returned {np.min(values):.6g}; a temperature must not be negative")
    return np.asarray(np.maximum(values, 0.0))
