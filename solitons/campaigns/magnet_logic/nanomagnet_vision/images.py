"""Images, their edge segments, and how well two segments continue each other."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from solitons.campaigns.magnet_logic.nanomagnet_vision.settings import Image

__all__ = ["Segments", "affinities", "draw", "edge_segments"]

Floats = npt.NDArray[np.float64]

SPACING = 14.0
"""Pixels from one element of a contour to the next."""
_SIDE, _MARGIN = 112, 12.0
_ACROSS, _ALONG, _WAVELENGTH = 2.0, 4.0, 8.0
_FINE, _COARSE = 1.5, 2.0
"""Widths in pixels of the derivative of a Gaussian, and of what the direction is averaged over."""
_SOFT = 0.5
"""Bending energy, times the distance, at which two segments continue each other 1 / e as well."""
_FADES = 0.7
"""In spacings: over how much more than one the affinity fades."""
_NOTHING = 0.02
_ATTEMPTS = 20_000


class Segments(NamedTuple):
    """Edge segments of an image.

    `places` (segments, 2) are column and row in pixels, `angles` (segments,) along the edge, from the columns' axis
    towards the rows', in rad, from 0 to pi.
    """

    places: Floats
    angles: Floats


def draw(image: Image) -> tuple[Floats, Floats | None]:
    """Draw an image, and give the places of its contour's elements, or None where no contour is known.

    Elements are patches of an edge, sin(2 pi u / 8) under a Gaussian. Some lie along a contour that turns little from
    one to the next, the others anywhere in any direction (the paradigm of D. J. Field, A. Hayes and R. F. Hess, Vision
    Res. 33, 173 (1993)). If no such contour fits into the image it is an error.
    """
    rng = np.random.default_rng(image.seed)
    if image.source == "noise":
        return ndimage.gaussian_filter(rng.normal(size=(_SIDE, _SIDE)), 1.0), np.empty((0, 2))
    if image.contour is None:
        from sklearn.datasets import load_sample_image

        grey = load_sample_image(image.source).mean(axis=2)
        rows, columns = (n // image.reduced for n in grey.shape)
        whole = grey[: rows * image.reduced, : columns * image.reduced]
        blocks = whole.reshape(rows, image.reduced, columns, image.reduced)
        return np.asarray(blocks.mean(axis=(1, 3)), dtype=np.float64), None
    places, angles = _contour(image, image.contour, rng)
    contour = places.copy()
    while len(places) < image.segments:
        at = rng.uniform(_MARGIN, _SIDE - _MARGIN, 2)
        if np.linalg.norm(places - at, axis=1).min() >= SPACING:
            places, angles = np.vstack([places, at]), np.append(angles, rng.uniform(0, np.pi))
    column, row = np.meshgrid(np.arange(_SIDE), np.arange(_SIDE))
    picture = np.zeros((_SIDE, _SIDE))
    for (x, y), angle in zip(places, angles, strict=True):
        along = (column - x) * np.cos(angle) + (row - y) * np.sin(angle)
        across = (row - y) * np.cos(angle) - (column - x) * np.sin(angle)
        envelope = np.exp(-(along**2) / (2 * _ALONG**2) - across**2 / (2 * _ACROSS**2))
        picture += np.sin(2 * np.pi * across / _WAVELENGTH) * envelope
    return picture, contour


def _contour(image: Image, count: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Elements one spacing apart, each along the mean of the steps before and after it; drawn until they fit."""
    for _ in range(_ATTEMPTS):
        steps = rng.uniform(0, 2 * np.pi) + np.cumsum(rng.uniform(-image.turn, image.turn, count + 1))
        moves = SPACING * np.stack([np.cos(steps), np.sin(steps)], axis=1)
        places = rng.uniform(_MARGIN, _SIDE - _MARGIN, 2) + np.cumsum(moves[:-1], axis=0)
        if not np.all((places >= _MARGIN) & (places <= _SIDE - _MARGIN)):
            continue
        apart = np.linalg.norm(places[:, None] - places[None], axis=-1) + 2 * SPACING * np.eye(count)
        if apart.min() >= SPACING * (1 - 1e-9):
            return places, np.mod((steps[:-1] + steps[1:]) / 2, np.pi)
    raise ValueError(
        f"image {image.name!r}: contour = {count} elements that turn by at most turn = {image.turn:g} rad from one to "
        f"the next did not fit into the image in {_ATTEMPTS:,} attempts; use fewer elements (8 in a line fit), or let "
        "them turn otherwise"
    )


def edge_segments(picture: npt.ArrayLike, count: int) -> Segments:
    """Take the strongest edges of an image of grey values, none nearer to a stronger one than 0.7 spacings.

    Strength is the gradient of the image under a Gaussian; the direction is across the largest eigenvector of the mean
    of the gradient's square (the structure tensor). There must be `count` of them.
    """
    grey = np.asarray(picture, dtype=np.float64)
    down, right = (ndimage.gaussian_filter(grey, _FINE, order=order) for order in ((1, 0), (0, 1)))
    strength = np.hypot(down, right)
    dd, rr, dr = (ndimage.gaussian_filter(each, _COARSE) for each in (down * down, right * right, down * right))
    direction = np.mod(np.arctan2(2 * dr, rr - dd) / 2 + np.pi / 2, np.pi)
    edge = round(_MARGIN / 2)
    left = strength.copy()
    left[:edge] = left[-edge:] = left[:, :edge] = left[:, -edge:] = 0
    row, column = np.indices(grey.shape)
    places: list[tuple[float, float]] = []
    angles: list[float] = []
    lowest = 1e-9 * float(strength.max())
    for _ in range(count):
        at = np.unravel_index(left.argmax(), left.shape)
        if left[at] <= lowest:
            raise ValueError(
                f"edge_segments: the image has {len(places)} edges, and {count} are asked for; ask for less"
            )
        places.append((float(at[1]), float(at[0])))
        angles.append(float(direction[at]))
        left[np.hypot(row - at[0], column - at[1]) < _FADES * SPACING] = 0
    return Segments(np.array(places), np.array(angles))


def affinities(segments: Segments) -> Floats:
    r"""How well each pair of segments is continued by a smooth curve, from 0 to 1, (segments, segments).

    .. math:: A = \exp\left[-\frac{4 (\theta_1^2 + \theta_1 \theta_2 + \theta_2^2)}{0.5}\right] \exp(-g^2)

    with the angles that the two make with the line between them: the least bending energy of a curve between two
    tangents is 4 (t1^2 + t1 t2 + t2^2) / r for small ones (of y'' over the cubic that joins them). The distance beyond
    one spacing is g times 0.7 spacings. What is below 0.02 is 0, and so is the diagonal.
    """
    apart = segments.places[None] - segments.places[:, None]
    distance = np.linalg.norm(apart, axis=-1)
    line = np.arctan2(apart[..., 1], apart[..., 0])
    one, other = (
        np.mod(angle - line + np.pi / 2, np.pi) - np.pi / 2
        for angle in (segments.angles[:, None], segments.angles[None, :])
    )
    bending = 4 * (one**2 + one * other + other**2)
    far = np.maximum(0.0, distance - SPACING) / (_FADES * SPACING)
    values = np.exp(-bending / _SOFT - far**2)
    np.fill_diagonal(values, 0.0)
    values = (values + values.T) / 2
    return np.where(values < _NOTHING, 0.0, values)
