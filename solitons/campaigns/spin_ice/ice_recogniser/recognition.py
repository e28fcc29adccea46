"""Digits written into a spin ice and read off it, beside what went in."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import xarray as xr
from sklearn.datasets import load_digits

from solitons.campaigns.spin_ice.ice_recogniser.reduced_model import ReducedIce
from solitons.campaigns.spin_ice.ice_recogniser.results import Recognition
from solitons.campaigns.spin_ice.ice_recogniser.settings import IcePatterns
from solitons.reservoirs import compare_with_inputs
from solitons.spin_ice import MacrospinLattice
from solitons.spin_ice.input_encoding import pattern_cascades

__all__ = ["digits", "recognise", "written_patterns"]

Floats = npt.NDArray[np.float64]


def digits() -> tuple[Floats, npt.NDArray[np.int64]]:
    """Grey levels of the images from 0 to 1, (images, pixels), and what they show."""
    images, labels = load_digits(return_X_y=True)
    return images / 16.0, labels


def written_patterns(
    settings: IcePatterns, ice: ReducedIce, model: MacrospinLattice, bright: npt.NDArray[np.bool_], amplitude: float
) -> xr.Dataset:
    """States that patterns leave in the ice, see `pattern_cascades`."""
    return pattern_cascades(
        model, bright, ice.inputs.tolist(), angle=settings.angle, amplitude=amplitude, steps=settings.steps
    )


def recognise(settings: IcePatterns, ice: ReducedIce, model: MacrospinLattice) -> Recognition | None:
    """Read the digits off the ice and off what went into it; None if no field turns an island."""
    pixels, labels = digits()
    bright = pixels > settings.threshold
    cascades = [written_patterns(settings, ice, model, bright, amplitude) for amplitude in settings.amplitudes]
    if not any(int(each["flips"].sum()) for each in cascades):
        return None
    found = compare_with_inputs(
        [each["spin"].values[:, ice.read_outs] for each in cascades],
        pixels,
        bright,
        labels,
        counts=settings.read_outs,
        folds=settings.folds,
        repeats=settings.repeats,
        seed=settings.seed,
    )
    return Recognition(
        images=len(pixels),
        read_outs=found.compared,
        # The read-out has an offset: what is the same in all images adds no dimension.
        pixel_rank=int(np.linalg.matrix_rank(pixels - pixels.mean(axis=0))),
        chosen_amplitude=settings.amplitudes[found.chosen],
        cascade=float(cascades[found.chosen]["flips"].mean()),
    )
