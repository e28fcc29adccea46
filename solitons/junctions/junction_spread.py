r"""How junctions of one drawing differ: barrier, critical current and conductance, which vary together.

Two things differ from pillar to pillar. An anisotropy that is larger by a little raises the barrier and the critical
current density alike, since both go with the difference K of the energy densities in the plane and along the axis. A
diameter that is larger raises the barrier with the volume, lowers K by the shape, and raises the conductance with the
area. Each is a cause: a normal number z_c, one for each junction, with

.. math:: \ln\frac{\Delta}{\langle\Delta\rangle} = \sum_c a_c z_c, \qquad
   \ln\frac{J_c}{\langle J_c\rangle} = \sum_c b_c z_c, \qquad \ln\frac{G}{\langle G\rangle} = \sum_c g_c z_c .

`pillar_spread` has the a, b and g of a pillar from its closed forms. How far J_c varies is measured: 4.4 % of the
switching voltage in 4 kbit arrays of perpendicular junctions (D. C. Worledge et al., Switching distributions and write
reliability of perpendicular spin torque MRAM, IEDM 2010, by its abstract).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import equinox as eqx
import numpy as np
import numpy.typing as npt

from geometries import Material, Pillar
from solitons.junctions.pillar_junction import pillar_junction
from solitons.numerics.parameters import real

__all__ = ["JunctionSpread", "pillar_spread"]

Floats = npt.NDArray[np.float64]

_STEP = 1e-3
"""Relative change with which derivatives are taken."""
_MOST = 0.5
"""Relative standard deviation up to which they are used."""


class JunctionSpread(eqx.Module):
    """Effect of one standard deviation of each cause on a junction, as the logarithm of a factor.

    A, b and g, (causes,), on barrier, critical current and conductance; of no cause where it is not known how junctions
    differ.
    """

    stability: Any = eqx.field(converter=real, default=())
    critical_current: Any = eqx.field(converter=real, default=())
    conductance: Any = eqx.field(converter=real, default=())

    def __check_init__(self) -> None:
        parts = (self.stability, self.critical_current, self.conductance)
        if all(isinstance(each, np.ndarray) for each in parts) and not (
            len({each.shape for each in parts}) == 1 and parts[0].ndim == 1 and np.isfinite(np.array(parts)).all()
        ):
            raise ValueError(
                "JunctionSpread: stability, critical_current and conductance must be rows of finite numbers, one for "
                f"each cause; their shapes are {', '.join(str(each.shape) for each in parts)}"
            )

    @property
    def known(self) -> bool:
        """Whether there is a cause."""
        return bool(np.size(self.stability))

    @property
    def relative(self) -> tuple[float, float, float]:
        """Standard deviations of the logarithms of barrier, critical current and conductance."""
        found = [float(np.sqrt(np.sum(np.square(each)))) for each in
                 (self.stability, self.critical_current, self.conductance)]  # fmt: skip
        return found[0], found[1], found[2]

    def scaled_to(self, critical_current: float) -> JunctionSpread:
        """The same causes, as strong as makes this relative standard deviation of the critical current.

        If nothing is known, barrier and critical current differ alike, as with an anisotropy.
        """
        if not 0 <= critical_current < math.inf:
            raise ValueError(
                f"JunctionSpread.scaled_to: critical_current = {critical_current} must be finite, 0 or above"
            )
        own = self.relative[1]
        if not own:
            return JunctionSpread([critical_current], [critical_current], [0.0])
        share = critical_current / own
        return JunctionSpread(share * self.stability, share * self.critical_current, share * self.conductance)

    def factors(self, causes: npt.ArrayLike) -> tuple[Floats, Floats, Floats]:
        """Factors of barrier, critical current and conductance of junctions, given their causes (..., causes)."""
        z = np.asarray(causes, dtype=np.float64)
        return np.exp(z @ self.stability), np.exp(z @ self.critical_current), np.exp(z @ self.conductance)

    def drawn(self, generator: np.random.Generator, shape: tuple[int, ...]) -> tuple[Floats, Floats, Floats]:
        """Factors of as many junctions."""
        return self.factors(generator.standard_normal((*shape, np.size(self.stability))))


def pillar_spread(
    pillar: Pillar, material: Material, *, critical_current: float, diameter: float = 0.0
) -> JunctionSpread:
    """How junctions differ that are made as one pillar, the mean junction, is, by its closed forms.

    `critical_current` is the relative standard deviation of its density, which an array's switching voltages show,
    `diameter` the diameter's. What the critical current varies beyond it is put down to the anisotropy. ValueError if a
    number is negative or far above what a derivative covers, the diameter alone makes the critical current vary by more
    than is given, or the anisotropy would have to vary by more than half: in a layer in the plane the critical current
    is the stray field's.
    """
    for name, value, most in (("critical_current", critical_current, _MOST), ("diameter", diameter, 0.2)):
        if not 0 <= value <= most:
            raise ValueError(f"pillar_spread: {name} = {value} must be from 0 to {most}, a relative standard deviation")

    def wider(factor: float) -> tuple[float, float]:
        other = pillar.model_copy(update={"length": pillar.axes[0] * factor, "width": pillar.axes[1] * factor})
        return _barrier_and_current(other, material)

    def harder(factor: float) -> tuple[float, float]:
        return _barrier_and_current(pillar, material.model_copy(update={"Ku": material.Ku * factor}))

    by_diameter, by_anisotropy = _slopes(wider), _slopes(harder)
    left = critical_current**2 - (by_diameter[1] * diameter) ** 2
    if left < -1e-12:
        raise ValueError(
            f"pillar_spread: diameters that differ by {diameter:.2%} make critical currents differ by "
            f"{abs(by_diameter[1]) * diameter:.2%}, more than critical_current = {critical_current:.2%}; give a "
            "smaller diameter, or a larger critical_current"
        )
    wanted = math.sqrt(max(left, 0.0))
    if wanted > _MOST * abs(by_anisotropy[1]):
        raise ValueError(
            f"pillar_spread: Ku = {material.Ku:.4g} J/m3 would have to differ by more than {_MOST:.0%} from junction "
            f"to junction for critical currents that differ by {wanted:.2%} more than diameters make them; what a "
            "layer in the plane needs is mostly its stray field. Use a perpendicular layer, or a JunctionSpread of "
            "your own numbers"
        )
    anisotropy = wanted / by_anisotropy[1] if wanted else 0.0
    return JunctionSpread(
        stability=[by_anisotropy[0] * anisotropy, by_diameter[0] * diameter],
        critical_current=[by_anisotropy[1] * anisotropy, by_diameter[1] * diameter],
        # Proportional to the area, at one resistance-area product.
        conductance=[0.0, 2 * diameter],
    )


def _barrier_and_current(pillar: Pillar, material: Material) -> tuple[float, float]:
    spin = pillar_junction(pillar, material, temperature=300.0)
    return spin.barrier, abs(spin.critical_current())


def _slopes(changed: Callable[[float], tuple[float, float]]) -> tuple[float, float]:
    """Derivatives of the logarithms of barrier and critical current by the logarithm of what is changed."""
    above, below = changed(1 + _STEP), changed(1 - _STEP)
    return tuple(math.log(a / b) / math.log((1 + _STEP) / (1 - _STEP)) for a, b in zip(above, below, strict=True))  # type: ignore[return-value]
