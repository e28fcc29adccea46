"""Anisotropy and exchange bias that vary in a film: a gradient, and grains."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Annotated, Literal

import numpy as np
import numpy.typing as npt
import scipy
from pydantic import Field

from geometries.description import Description, PositiveLength
from geometries.quantities import Angle, FieldStrength, PureNumber, format_quantity
from geometries.regions import Meshed
from geometries.sizes import check_samples

__all__ = ["AnisotropyGradient", "Grains", "bias_of_grains", "relative_anisotropy", "tilted_axes"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


class AnisotropyGradient(Description):
    """A uniaxial anisotropy that changes linearly along the device.

    A wall and a skyrmion go towards the lower anisotropy, where they cost less; the
    Magnus force turns a skyrmion aside.

    Parameters
    ----------
    along : {"x", "y"}
        The axis.
    first, last : float
        Ku over the material's at the beginning and at the end of the box, above 0.

    Examples
    --------
    >>> AnisotropyGradient(first=1.0, last=0.9).factor(np.array([0.0, 0.5, 1.0]))
    array([1.  , 0.95, 0.9 ])
    """

    along: Literal["x", "y"] = "x"
    first: Annotated[PureNumber, Field(gt=0, le=100)] = 1.0
    last: Annotated[PureNumber, Field(gt=0, le=100)]

    def factor(self, share: FloatArray) -> FloatArray:
        """Give Ku over the material's at shares of the way, from 0 to 1."""
        return self.first + (self.last - self.first) * share


class Grains(Description):
    """Grains of a polycrystalline film, each with an anisotropy and an axis of its own.

    Grains are Voronoi cells of random points, through the whole thickness. The points depend on
    the seed and on the box of the device alone: a finer cell samples the same grains.
    Their anisotropies are K (1 + s g) with g standard normal, cut at three; their
    axes lean by |t| from the material's, t normal, in random directions.

    Over an antiferromagnet each grain has an exchange bias of its own, H + s (g_x, g_y, 0) with g standard normal, cut
    at three: one number spreads size and direction, as where many small crystals of the antiferromagnet, each with
    a random share, add up under a grain. Nothing changes the antiferromagnet. Exchange across borders is the
    material's.

    Parameters
    ----------
    size : float
        Mean size, in m: the root of the mean area.
    anisotropy_spread : float
        Relative standard deviation s of Ku, below 0.3.
    axis_spread : float
        Standard deviation of t in rad, such as "3 deg".
    exchange_bias : three of float or str
        Mean exchange bias H along x, y, z in A/m ("20 mT/mu0" is one).
    exchange_bias_spread : float or str
        Standard deviation s of its x and of its y component in A/m, from grain to grain.
    seed : int
        Seed of the random numbers.

    References
    ----------
    J.-V. Kim and M.-W. Yoo, Appl. Phys. Lett. 110, 132404 (2017), for the anisotropy. S. Fukami et al., Nature Mater.
    15, 535 (2016), for the film over an antiferromagnet.

    Examples
    --------
    >>> grains = Grains(size="20 nm", anisotropy_spread=0.05, seed=1)
    >>> grains.number_in((400e-9, 40e-9))  # those around the box too
    144
    >>> factors = grains.factors(1000)
    >>> float(factors.mean().round(2)), float(factors.std().round(2))
    (1.0, 0.05)
    >>> Grains(size="20 nm", exchange_bias=("10 mT/mu0", 0, 0), seed=1).biases(2).round().tolist()
    [[7958.0, 0.0, 0.0], [7958.0, 0.0, 0.0]]
    """

    size: PositiveLength
    anisotropy_spread: Annotated[PureNumber, Field(ge=0, lt=0.3)] = 0.0
    axis_spread: Annotated[Angle, Field(ge=0, le=0.5)] = 0.0
    exchange_bias: tuple[FieldStrength, FieldStrength, FieldStrength] = (0.0, 0.0, 0.0)
    exchange_bias_spread: Annotated[FieldStrength, Field(ge=0)] = 0.0
    seed: int = Field(ge=0)

    def number_in(self, extent: tuple[float, float]) -> int:
        """Give the number of points in a box, in m, and around it."""
        margin = 4 * self.size
        return max(1, round((extent[0] + margin) * (extent[1] + margin) / self.size**2))

    def check(self, extent: tuple[float, float]) -> None:
        """Refuse more grains than could be drawn, and a single one.

        Raises
        ------
        ValueError
            Naming the size, and the remedy.
        """
        size = format_quantity(self.size, "m")
        if self.size > max(extent):
            raise ValueError(
                f"grains.size = {size} is more than the device's {format_quantity(max(extent), 'm')}, so that it would "
                "be a single grain; choose a smaller one, or leave grains out"
            )
        check_samples(f"grains.size = {size}", 100 * self.number_in(extent), "choose a larger one")

    def numbers(self, x: FloatArray, y: FloatArray, extent: tuple[float, float]) -> IntArray:
        """Number the grain of each place, shape (nx, ny), from 0.

        Parameters
        ----------
        x, y : numpy.ndarray
            Cell centres, in m.
        extent : tuple of two floats
            Extent of the device, in m.
        """
        return _numbers(self, tuple(x.tolist()), tuple(y.tolist()), extent)

    def factors(self, count: int) -> FloatArray:
        """Give Ku over the material's for each of a number of grains."""
        normal = np.clip(np.random.default_rng([self.seed, 1]).standard_normal(count), -3, 3)
        factors: FloatArray = 1 + self.anisotropy_spread * normal
        return factors

    @property
    def biased(self) -> bool:
        """Whether there is an exchange bias in any grain."""
        return any(self.exchange_bias) or self.exchange_bias_spread > 0

    def biases(self, count: int) -> FloatArray:
        """Give the exchange bias of each of a number of grains in A/m, shape (count, 3)."""
        normal = np.clip(np.random.default_rng([self.seed, 3]).standard_normal((count, 3)), -3, 3)
        biases: FloatArray = np.array(self.exchange_bias) + self.exchange_bias_spread * normal * (1, 1, 0)
        return biases

    def axes(self, axis: tuple[float, float, float], count: int) -> FloatArray:
        """Give the axes of a number of grains of a material with an axis: unit vectors, shape (count, 3)."""
        generator = np.random.default_rng([self.seed, 2])
        lean = self.axis_spread * generator.standard_normal(count)
        azimuth = generator.uniform(0, 2 * math.pi, count)
        middle = np.array(axis)
        # Two directions across the axis: with the axis of a coordinate that is least along it.
        one = np.cross(middle, np.eye(3)[np.argmin(np.abs(middle))])
        one /= np.linalg.norm(one)
        other = np.cross(middle, one)
        across = np.cos(azimuth)[:, None] * one + np.sin(azimuth)[:, None] * other
        axes: FloatArray = np.cos(lean)[:, None] * middle + np.sin(lean)[:, None] * across
        return axes


def relative_anisotropy(
    gradient: AnisotropyGradient | None, grains: Grains | None, device: Meshed
) -> FloatArray | None:
    """Ku over the material's in each cell (nx, ny, nz); None where nothing varies.

    It is the gradient's factor times the grains'.
    """
    if gradient is None and grains is None:
        return None
    x, y, z = device.cell_centres()
    factor = np.ones((x.size, y.size))
    if gradient is not None:
        along = x[:, None] / device.extent[0] if gradient.along == "x" else y[None, :] / device.extent[1]
        factor = factor * gradient.factor(along)
    if grains is not None:
        extent = device.extent[:2]
        factor = factor * grains.factors(grains.number_in(extent))[grains.numbers(x, y, extent)]
    return np.repeat(factor[:, :, None], z.size, axis=2)


def tilted_axes(grains: Grains | None, axis: tuple[float, float, float], device: Meshed) -> FloatArray | None:
    """Give the easy axis of the grain of each cell of a device, shape (nx, ny, nz, 3), in a material with an axis.

    Parameters are as of `relative_anisotropy`; None where all have the material's.
    """
    if grains is None or not grains.axis_spread:
        return None
    (x, y, z), extent = device.cell_centres(), device.extent[:2]
    axes = grains.axes(axis, grains.number_in(extent))[grains.numbers(x, y, extent)]
    return np.repeat(axes[:, :, None], z.size, axis=2)


def bias_of_grains(grains: Grains | None, device: Meshed) -> FloatArray | None:
    """Give the exchange bias of the grain of each cell of a device in A/m, shape (nx, ny, nz, 3); None without one."""
    if grains is None or not grains.biased:
        return None
    (x, y, z), extent = device.cell_centres(), device.extent[:2]
    bias = grains.biases(grains.number_in(extent))[grains.numbers(x, y, extent)]
    return np.repeat(bias[:, :, None], z.size, axis=2)


@lru_cache(maxsize=8)
def _numbers(grains: Grains, x: tuple[float, ...], y: tuple[float, ...], extent: tuple[float, float]) -> IntArray:
    margin = 2 * grains.size
    low = np.array([-margin, -margin])
    size = np.array(extent) + 2 * margin
    points = low + size * np.random.default_rng([grains.seed, 0]).random((grains.number_in(extent), 2))
    places = np.stack(np.meshgrid(x, y, indexing="ij"), axis=-1)
    numbers: IntArray = scipy.spatial.cKDTree(points).query(places)[1].astype(np.int64)
    numbers.flags.writeable = False  # many ask for the same
    return numbers
