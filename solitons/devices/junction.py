"""The tunnel junction that reads a device: its two conductances, and what lies between them over one wall."""

from __future__ import annotations

from typing import Any

import equinox as eqx
import numpy as np

from solitons.devices.junction_read_out import JunctionReadOut
from solitons.numerics.parameters import namespace_of, real

__all__ = ["Junction", "conductances_of"]


class Junction(eqx.Module):
    r"""A tunnel junction on a stripe with one wall in it.

    Domains conduct in parallel, so that the conductance is linear in the wall's
    position while the wall is under the junction. The wall's own profile,
    m_z = p tanh((x - q) / Delta), smears the ends:

    .. math::

       G(q) = G_{AP} + (G_P - G_{AP})\left[\frac12 + \frac{s p \Delta}{2 (b - a)}
              \ln\frac{\cosh((b - q)/\Delta)}{\cosh((a - q)/\Delta)}\right]

    Parameters
    ----------
    left, right : float
        Ends a and b of the junction along the stripe in m.
    parallel, antiparallel : float
        Conductances G_P and G_AP in S with the whole junction in one domain.
    polariser : float
        s: m . p of an up domain, 1 for a fixed layer magnetised up, -1 for down.

    Raises
    ------
    ValueError
        If the junction has no length, or the conductances are not
        G_P > G_AP > 0.

    Examples
    --------
    >>> junction = Junction(left=0.0, right=100e-9, parallel=5e-4, antiparallel=1e-4)
    >>> round(float(junction.conductance(50e-9, polarity=-1, width=5e-9)) * 1e4, 6)
    3.0
    """

    left: Any = eqx.field(converter=real)
    right: Any = eqx.field(converter=real)
    parallel: Any = eqx.field(converter=real)
    antiparallel: Any = eqx.field(converter=real)
    polariser: Any = eqx.field(converter=real, default=1.0)

    def __check_init__(self) -> None:
        numbers = (self.left, self.right, self.parallel, self.antiparallel)
        if not all(isinstance(number, np.ndarray) for number in numbers):
            return  # traced parameters have no value to look at
        if not self.right > self.left:
            raise ValueError(f"Junction.right = {self.right} m is not beyond left = {self.left} m; give it a length")
        if not self.parallel > self.antiparallel > 0:
            raise ValueError(
                f"Junction.parallel = {self.parallel} S must be larger than antiparallel = {self.antiparallel} S, "
                "and both above 0"
            )

    def conductance(self, position: Any, polarity: Any, width: Any) -> Any:
        """Conductance in S with the wall at `position` (m), of `polarity` +-1 and `width` (m)."""
        smeared = _log_cosh((self.right - position) / width) - _log_cosh((self.left - position) / width)
        up_minus_down = polarity * width * smeared / (self.right - self.left)
        return self.antiparallel + (self.parallel - self.antiparallel) * (1 + self.polariser * up_minus_down) / 2

    def position_for(self, conductance: Any, polarity: Any) -> Any:
        """Wall position in m that gives a conductance in S, for a sharp wall under the junction."""
        up = (conductance - self.antiparallel) / (self.parallel - self.antiparallel)
        up = (1 + self.polariser * (2 * up - 1)) / 2
        from_left = (1 - polarity) / 2 * up + (1 + polarity) / 2 * (1 - up)
        return self.left + from_left * (self.right - self.left)


def _log_cosh(x: Any) -> Any:
    # log(cosh(x)) without overflow.
    xp = namespace_of(x)
    return xp.abs(x) + xp.log1p(xp.exp(-2 * xp.abs(x))) - np.log(2.0)


def conductances_of(area: float, read_out: JunctionReadOut, axis: str = "z") -> tuple[float, float, float]:
    """Conductances in S of a junction whose free layer (`area` in m2) is one domain along + or - an axis.

    Returns the larger and the smaller one, and 1 where the larger one belongs to +, -1 where it belongs to -. A
    polariser without a part along the axis is refused.
    """
    part = read_out.polariser["xyz".index(axis)]
    if not part:
        raise ValueError(
            f"junction: read_out.polariser = {read_out.polariser} has no part along {axis}, so that both domains "
            "conduct alike; give it one"
        )
    parallel = area / read_out.resistance_area
    cosine = part / float(np.linalg.norm(read_out.polariser))
    # A tilted polariser sees less than the whole difference of the two domains.
    middle, half = parallel * (1 + 1 / (1 + read_out.tmr)) / 2, parallel * (1 - 1 / (1 + read_out.tmr)) / 2
    return middle + half * abs(cosine), middle - half * abs(cosine), float(np.sign(cosine))
