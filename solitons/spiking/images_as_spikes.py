"""Images as a network of spiking neurons sees them: each is shown for a while, bright and dark pixels fire."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import numpy as np
import numpy.typing as npt
from pydantic import Field, model_validator

from geometries.description import Description
from geometries.quantities import Duration, Frequency, PureNumber
from solitons.spiking.events import EventRecording

__all__ = ["ImageCoding", "ImageRecording", "record_images"]


class ImageCoding(Description):
    r"""How images become spikes.

    A pixel of the brightness x has two inputs, one that fires at the rate x r and one that fires at (1 - x) r, so that
    every image sends as many spikes: a layer then compares shapes and not brightnesses. Each train is regular, from a
    phase of its own that is drawn anew for each image. Before, the contrast is raised,

    .. math:: x = \min(1, \max(0, (b - b_0) / (b_1 - b_0))).

    Parameters
    ----------
    rate : float or str
        Spikes a second of an input that is fully active, r.
    shown : float or str
        Time in s for which an image is shown.
    pause : float or str
        Time in s until the next.
    contrast : (float, float)
        Brightnesses from 0 to 1 at and below which a pixel is dark, b_0, and at and above which it is bright, b_1.
    """

    rate: Annotated[Frequency, Field(gt=0, le=1e6)] = 100.0
    shown: Annotated[Duration, Field(gt=0)] = 0.05
    pause: Annotated[Duration, Field(ge=0)] = 0.3
    contrast: tuple[Annotated[PureNumber, Field(ge=0, lt=1)], Annotated[PureNumber, Field(gt=0, le=1)]] = (0.1, 0.8)

    @model_validator(mode="after")
    def _has_contrast(self) -> ImageCoding:
        if self.contrast[0] >= self.contrast[1]:
            raise ValueError(f"contrast = {self.contrast}: the first must be below the second; swap them")
        if self.spikes_a_pixel > 1e4:
            raise ValueError(
                f"rate = {self.rate:g} Hz for shown = {self.shown:g} s are {self.spikes_a_pixel:.3g} spikes a pixel "
                "and image; show images for a shorter time, with at most 10000"
            )
        return self

    @property
    def spikes_a_pixel(self) -> float:
        """Mean number of spikes of both inputs of a pixel, in each image."""
        return self.rate * self.shown

    def bright(self, images: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """Pixels after the contrast was raised, from 0 to 1."""
        low, high = self.contrast
        return np.clip((np.asarray(images, dtype=float) - low) / (high - low), 0.0, 1.0)


@dataclass(frozen=True)
class ImageRecording:
    """Images that were shown one after another, each from its time in `starts` (s), (images,).

    Inputs 0 to pixels - 1 fire where a pixel is bright, the others where it is dark.
    """

    events: EventRecording
    starts: npt.NDArray[np.float64]

    def image_at(self, times: npt.ArrayLike) -> npt.NDArray[np.int64]:
        """Index of the last image to appear at each time in s."""
        return np.asarray(np.searchsorted(self.starts, np.asarray(times, dtype=float), side="right") - 1)


def record_images(images: npt.ArrayLike, coding: ImageCoding, seed: int) -> ImageRecording:
    """Show images (images, pixels), brightness from 0 to 1, one after another; the trains have random phases."""
    shown = np.asarray(images, dtype=float)
    if shown.ndim != 2 or not np.all((shown >= 0) & (shown <= 1)):
        raise ValueError(
            f"record_images: images of the shape {shown.shape}, from {shown.min():g} to {shown.max():g}; give "
            "(images, pixels), with brightnesses from 0 to 1"
        )
    generator = np.random.default_rng(seed)
    bright = coding.bright(shown)
    active = np.hstack([bright, 1 - bright])
    starts = np.arange(len(shown)) * (coding.shown + coding.pause)
    # A fraction of a spike is a chance of one, so that the mean number is exact.
    counts = np.floor(active * coding.spikes_a_pixel + generator.random(active.shape)).astype(int)
    image, address = np.nonzero(counts)
    many = counts[image, address]
    first = np.repeat(np.cumsum(many) - many, many)
    place = np.arange(many.sum()) - first + np.repeat(generator.random(many.size), many)
    times = np.repeat(starts[image], many) + place / np.repeat(many, many) * coding.shown
    order = np.argsort(times, kind="stable")
    return ImageRecording(
        EventRecording(times[order], np.repeat(address, many)[order], active.shape[1]), np.asarray(starts)
    )
