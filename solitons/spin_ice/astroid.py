"""When a field reverses an island: the generalised Stoner-Wohlfarth astroid.

With the field at an island split into its part along the easy axis and the part
across it, the island's moment stays as long as

    (|h_par| / (b h_k))^(2 / gamma) + (|h_perp| / (c h_k))^(2 / beta) < 1

and turns around where the sum passes 1 and h_par points against the moment.
b = c = 1 and beta = gamma = 3 are Stoner and Wohlfarth's coherent rotation; islands
that reverse by nucleation have b < c. The difference to 1 is how unstable the
island is, by which islands are put in order.

Source: J. H. Jensen et al., "flatspin: A large-scale artificial spin ice
simulator", Phys. Rev. B 106, 064408 (2022), arXiv:2002.11401; the classical
astroid: E. C. Stoner and E. P. Wohlfarth, Phil. Trans. R. Soc. A 240, 599 (1948).
"""

from __future__ import annotations

from typing import Any

import equinox as eqx
import numpy as np
import numpy.typing as npt

from solitons.numerics.parameters import real

__all__ = ["SwitchingAstroid"]

Floats = npt.NDArray[np.float64]

# Newton's method: most steps (five or six are enough), and smallest step in the logarithm of a field.
_MOST_STEPS, _SMALLEST_STEP = 50, 1e-15


class SwitchingAstroid(eqx.Module):
    """Shape of the switching astroid, common to all islands of one shape.

    Parameters
    ----------
    b, c : float
        Switching field along the easy and along the hard axis, in units of the
        anisotropy field h_k.
    beta, gamma : float
        Curvature at the hard and at the easy axis.

    Raises
    ------
    ValueError
        If a parameter is not positive and finite.

    Examples
    --------
    >>> astroid = SwitchingAstroid()
    >>> round(float(astroid.switching_field(np.pi / 4, 1e5)))  # h_k / 2 at 45 degrees
    50000
    """

    b: Any = eqx.field(converter=real, default=1.0)
    c: Any = eqx.field(converter=real, default=1.0)
    beta: Any = eqx.field(converter=real, default=3.0)
    gamma: Any = eqx.field(converter=real, default=3.0)

    def __check_init__(self) -> None:
        for name in ("b", "c", "beta", "gamma"):
            value = getattr(self, name)
            if np.ndim(value) or not (np.isfinite(value) and value > 0):
                raise ValueError(f"SwitchingAstroid.{name} = {value} must be one positive, finite number")

    def instability(self, against: npt.ArrayLike, across: npt.ArrayLike, anisotropy_field: npt.ArrayLike) -> Floats:
        """How far outside the astroid a field is.

        Parameters
        ----------
        against : array
            Field in A/m along the easy axis, positive where it points against the
            moment.
        across : array
            Field in A/m across the easy axis.
        anisotropy_field : array
            h_k in A/m.

        Returns
        -------
        array
            The left side of the astroid's equation less 1: positive where the island
            turns around. -1 where the field does not point against the moment.
        """
        opposed, transverse, scale = np.broadcast_arrays(against, np.abs(across), anisotropy_field)
        along = (np.maximum(opposed, 0.0) / (self.b * scale)) ** (2 / self.gamma)
        beside = (transverse / (self.c * scale)) ** (2 / self.beta)
        return np.asarray(np.where(opposed > 0, along + beside - 1, -1.0))

    def easy_axis_limit(self, across: npt.ArrayLike, anisotropy_field: npt.ArrayLike) -> Floats:
        """Switching field along the easy axis under a given field across it.

        Parameters
        ----------
        across, anisotropy_field : array
            h_perp and h_k in A/m.

        Returns
        -------
        array
            h_par in A/m on the astroid; 0 where the field across is already outside.
        """
        scale = np.asarray(anisotropy_field, dtype=np.float64)
        beside = np.minimum(np.abs(across) / (self.c * scale), 1.0) ** (2 / self.beta)
        return np.asarray(self.b * scale * (1 - beside) ** (self.gamma / 2))

    def switching_field(self, angle: npt.ArrayLike, anisotropy_field: npt.ArrayLike) -> Floats:
        """Magnitude of the field that reverses an island, over its angle.

        Parameters
        ----------
        angle : array
            Between field and easy axis in rad; only its distance from the axis counts.
        anisotropy_field : array
            h_k in A/m.

        Returns
        -------
        array
            The switching field in A/m, exact to rounding.

        Notes
        -----
        The logarithm of the astroid's sum is convex in the field's, so that Newton's method comes down to the
        root from the field that either axis alone would allow.
        """
        cosine, sine = np.abs(np.cos(angle)), np.abs(np.sin(angle))
        powers = 2 / self.gamma, 2 / self.beta
        with np.errstate(divide="ignore"):
            parts = np.log(cosine / self.b), np.log(sine / self.c)
        found = -np.maximum(*parts)
        for _ in range(_MOST_STEPS):
            terms = [np.exp(power * (found + part)) for power, part in zip(powers, parts, strict=True)]
            total = terms[0] + terms[1]
            step = np.log(total) * total / (powers[0] * terms[0] + powers[1] * terms[1])
            found = found - step
            if np.all(np.abs(step) < _SMALLEST_STEP):
                break
        return np.asarray(np.exp(found) * anisotropy_field)
