"""By how much a pulse does differently from time to time, and from device to device, as a synapse holds it."""

from __future__ import annotations

from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
from scipy import special

from solitons.numerics.parameters import real

__all__ = ["Spreads", "normal_parts"]

Floats = npt.NDArray[np.float64]


class Spreads(eqx.Module):
    """How a synapse differs from its mean; 0 where that is not known.

    Parameters
    ----------
    cycle : float
        Standard deviation in m of where one more pulse leaves the wall, by heat.
    gain : float
        Relative standard deviation over devices of how far a pulse moves the wall.
    place : float
        Standard deviation in m over devices of where the wall rests that the gain does not explain.
    devices : int
        How many devices `gain` and `place` were measured on; 0 where no others were looked at.
    temperature : float
        In K, of `cycle`; 0 where heat was not looked at.

    Examples
    --------
    >>> Spreads().known, Spreads(cycle=0.5e-9, gain=0.1).known  # 0.5 nm by heat, a tenth from device to device
    (False, True)
    >>> Spreads(place=3e-9, devices=8).between_devices, Spreads(cycle=0.5e-9).between_devices
    (True, False)
    """

    cycle: Any = eqx.field(converter=real, default=0.0)
    gain: Any = eqx.field(converter=real, default=0.0)
    place: Any = eqx.field(converter=real, default=0.0)
    devices: int = eqx.field(converter=int, static=True, default=0)
    temperature: Any = eqx.field(converter=real, default=0.0)

    def __check_init__(self) -> None:
        if self.devices < 0 or (isinstance(self.temperature, np.ndarray) and not np.all(self.temperature >= 0)):
            raise ValueError(
                f"Spreads: devices = {self.devices} and temperature = {self.temperature} K must be 0 or above"
            )
        for name in ("cycle", "gain", "place"):
            value = getattr(self, name)
            if isinstance(value, np.ndarray) and not np.all((value >= 0) & np.isfinite(value)):
                raise ValueError(f"Spreads.{name} = {value} must be a finite number, 0 or above")

    @property
    def known(self) -> bool:
        """Whether any is above 0."""
        return bool(np.any([np.any(each > 0) for each in (self.cycle, self.gain, self.place)]))

    @property
    def between_devices(self) -> bool:
        """Whether it is known how devices differ."""
        return bool(self.devices > 0 or np.any(self.gain > 0))

    @property
    def between_cycles(self) -> bool:
        """Whether it is known what heat does from pulse to pulse."""
        return bool(np.any(self.temperature > 0) or np.any(self.cycle > 0) or np.any(self.place > 0))

    def gains(self, key: Any, shape: tuple[int, ...]) -> Any:
        """Draw how far a pulse moves the walls of as many devices, over the mean; not below 0."""
        return jnp.maximum(0.0, 1 + self.gain * jax.random.normal(key, shape, dtype=float))

    def misses(self, key: Any, shape: tuple[int, ...]) -> Any:
        """Draw by how many m one pulse leaves as many walls from where it should, their gain apart.

        A place at which a wall rests is another after each pulse, so that what devices have of their
        own there is drawn anew, as heat is.
        """
        return jnp.hypot(self.cycle, self.place) * jax.random.normal(key, shape, dtype=float)


def normal_parts(count: int) -> Floats:
    """Normal numbers that stand for as many equal parts of the distribution, with its variance; 0 alone."""
    if count == 1:
        return np.zeros(1)
    found = special.ndtri((np.arange(count) + 0.5) / count)
    return np.asarray(found / np.sqrt(np.mean(found**2)))
