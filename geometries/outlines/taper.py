"""A linear taper: a stripe that narrows, so that its walls feel a slope."""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt
from pydantic import model_validator

from geometries.description import Description, PositiveLength

__all__ = ["Taper"]


class Taper(Description):
    """A linear decrease of the width of a stripe towards one end.

    The energy of a wall grows with the width it spans, so that a taper drives
    the wall towards the narrow end: the leak of a domain-wall neuron. The width
    falls linearly, both edges leaning inwards alike, from the stripe's `width`
    at one end to the end width at the other.

    Parameters
    ----------
    end_width : float, optional
        Width at the narrow end, in m.
    ratio : float, optional
        Width at the narrow end over the stripe's width, above 0 and at most 1;
        give this or `end_width`.
    narrow_end : {"right", "left"}
        The end towards which the stripe narrows.

    Raises
    ------
    pydantic.ValidationError
        If neither or both of `end_width` and `ratio` are given, or one is out of
        its range.

    References
    ----------
    N. Hassan et al., "Magnetic domain wall neuron with lateral inhibition",
    J. Appl. Phys. 124, 152127 (2018), and W. H. Brigner et al., "Shape-based
    magnetic domain wall drift for an artificial spintronic leaky
    integrate-and-fire neuron", IEEE Trans. Electron Devices 66, 4970 (2019).

    Examples
    --------
    >>> import numpy as np
    >>> Taper(ratio=0.5).width_at(np.array([0.0, 250e-9, 500e-9]), 500e-9, 100e-9) * 1e9
    array([100.,  75.,  50.])
    """

    end_width: PositiveLength | None = None
    ratio: float | None = None
    narrow_end: Literal["right", "left"] = "right"

    @model_validator(mode="after")
    def _one_way_to_say_it(self) -> Taper:
        if (self.end_width is None) == (self.ratio is None):
            raise ValueError(f"give either end_width or ratio, not {'neither' if self.ratio is None else 'both'}")
        if self.ratio is not None and not 0 < self.ratio <= 1:
            raise ValueError(
                f"ratio = {self.ratio:g} is not above 0 and at most 1; the width of the stripe is that "
                "of its wide end, so choose narrow_end for the other direction"
            )
        return self

    def narrow_width(self, width: float) -> float:
        """Give the width of the narrow end, in m, of a stripe of `width` (m)."""
        if self.end_width is not None:
            return self.end_width
        assert self.ratio is not None  # one of the two is given
        return self.ratio * width

    def width_at(self, x: npt.NDArray[np.float64], length: float, width: float) -> npt.NDArray[np.float64]:
        """Give the local width of a stripe.

        Parameters
        ----------
        x : numpy.ndarray
            Positions along the stripe, in m.
        length, width : float
            Length of the stripe and width of its wide end, in m.

        Returns
        -------
        numpy.ndarray
            Local width in m, of the shape of `x`.
        """
        along = x / length if self.narrow_end == "right" else 1 - x / length
        return width + (self.narrow_width(width) - width) * along
