"""Disorder of a spin ice: islands that are not as drawn, from a seed."""

from __future__ import annotations

from typing import Annotated

import numpy as np
import numpy.typing as npt
from pydantic import Field, model_validator

from geometries.description import Description
from geometries.quantities import Angle, Length

__all__ = ["Disorder", "MissingIslands"]

FloatArray = npt.NDArray[np.float64]
Spread = Annotated[float, Field(ge=0, lt=1, allow_inf_nan=False)]


class Disorder(Description):
    """Independent Gaussian deviations of every island from the ideal one.

    Each kind of deviation has random numbers of its own from the seed, for every site
    of the complete lattice: adding one kind, changing a spread, or leaving islands out
    does not change the draws of the rest.

    Parameters
    ----------
    position : float
        Standard deviation of x and of y, each, in m.
    angle : float
        Standard deviation of the angle, in rad.
    length, width : float
        Standard deviation of length and width, relative to them.
    saturation_magnetisation : float
        Standard deviation of Ms, relative to the material's.
    seed : int
        Seed of the random numbers.

    Raises
    ------
    pydantic.ValidationError
        If a spread is negative or of another dimension, a relative one is not below 1,
        or `seed` is negative or not an integer.

    Examples
    --------
    >>> Disorder(width=0.05, seed=1).draw("width", 1000).std().round(2)
    np.float64(0.05)
    """

    position: Annotated[Length, Field(ge=0)] = 0.0
    angle: Annotated[Angle, Field(ge=0)] = 0.0
    length: Spread = 0.0
    width: Spread = 0.0
    saturation_magnetisation: Spread = 0.0
    seed: int = Field(ge=0)

    def draw(self, quantity: str, number: int) -> FloatArray:
        """Draw the deviations of one quantity.

        Parameters
        ----------
        quantity : {"x", "y", "angle", "length", "width", "saturation_magnetisation"}
            Quantity that deviates.
        number : int
            Number of sites.

        Returns
        -------
        numpy.ndarray, shape (number,)
            In m, in rad, or relative.
        """
        stream = _STREAMS.index(quantity)
        spread: float = getattr(self, "position" if quantity in "xy" else quantity)
        generator = np.random.default_rng(np.random.SeedSequence(self.seed, spawn_key=(stream,)))
        return spread * generator.standard_normal(number)


# The place of a quantity in this list is part of every lattice that was ever drawn.
_STREAMS = ["x", "y", "angle", "length", "width", "saturation_magnetisation"]


class MissingIslands(Description):
    """Sites of a lattice without an island.

    Parameters
    ----------
    sites : tuple of int
        Labels of sites that are left empty.
    fraction : float
        In place of `sites`: the fraction of the sites that are empty, drawn at random;
        exactly this fraction, rounded to whole islands.
    seed : int, optional
        Seed of the draw, with `fraction`.

    Raises
    ------
    pydantic.ValidationError
        If both or neither of `sites` and `fraction` are given, `fraction` is not
        between 0 and 1, or it comes without a seed.

    Examples
    --------
    >>> MissingIslands(fraction=0.1, seed=1).choose(50).size
    5
    """

    sites: tuple[Annotated[int, Field(ge=0, le=10**12)], ...] = ()
    fraction: Annotated[float, Field(ge=0, lt=1)] = 0.0
    seed: Annotated[int, Field(ge=0)] | None = None

    @model_validator(mode="after")
    def _one_way(self) -> MissingIslands:
        if bool(self.sites) == bool(self.fraction):
            given = "both are" if self.sites else "neither is"
            raise ValueError(
                f"missing islands are given by sites or by a fraction, but {given} given; give one of them"
            )
        if self.fraction and self.seed is None:
            raise ValueError(
                f"fraction = {self.fraction:g} of the islands is drawn at random, but there is no seed; give one"
            )
        if self.sites and self.seed is not None:
            raise ValueError(f"seed = {self.seed} has nothing to draw, since the sites are given; leave it out")
        return self

    def choose(self, number: int) -> npt.NDArray[np.int64]:
        """Give the labels of the empty sites.

        Parameters
        ----------
        number : int
            Number of sites of the lattice.

        Returns
        -------
        numpy.ndarray of int
            In ascending order.

        Raises
        ------
        ValueError
            If a site is not on the lattice.
        """
        if not self.fraction:
            sites = np.unique(np.array(self.sites, dtype=np.int64))
            if sites[-1] >= number:
                raise ValueError(
                    f"missing.sites has {sites[-1]}, but the lattice has {number} sites; use labels from 0 to "
                    f"{number - 1}"
                )
            return sites
        chosen = np.random.default_rng(self.seed).permutation(number)[: round(self.fraction * number)]
        return np.sort(chosen)
