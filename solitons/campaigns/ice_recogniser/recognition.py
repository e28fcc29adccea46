"""Digits written into a spin ice and read off it, beside what went in."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import xarray as xr
from sklearn.datasets import load_digits

from solitons.campaigns.ice_recogniser.campaign import IceRecogniserCampaign
from solitons.campaigns.ice_recogniser.ice import Ice
from solitons.campaigns.ice_recogniser.summary import Accuracy, Difference, ReadOutCount, Recognition
from solitons.reservoirs import compare_read_outs, paired_difference, random_binary_features, random_projection
from solitons.spin_ice import MacrospinLattice, pattern_cascades

__all__ = ["recognise"]

Floats = npt.NDArray[np.float64]


def recognise(campaign: IceRecogniserCampaign, ice: Ice, model: MacrospinLattice) -> Recognition | None:
    """Read the digits off the ice and off what went into it; None if no field turns an island.

    Parameters
    ----------
    campaign : IceRecogniserCampaign
        How.
    ice : Ice
        Its ports.
    model : MacrospinLattice
        The lattice.
    """
    settings = campaign.patterns
    images, labels = load_digits(return_X_y=True)
    pixels = images / 16.0
    bright = pixels > settings.threshold
    cascades = [
        pattern_cascades(
            model, bright, ice.inputs.tolist(), angle=settings.angle, amplitude=amplitude, steps=settings.steps
        )
        for amplitude in settings.amplitudes
    ]
    if not any(int(each["flips"].sum()) for each in cascades):
        return None
    states = [each["spin"].values[:, ice.read_outs].astype(np.float64) for each in cascades]
    order = np.random.default_rng(settings.seed).permutation(ice.read_outs.size)
    counts = [*(count for count in settings.read_outs if count < ice.read_outs.size), ice.read_outs.size]
    features: dict[str, list[Floats]] = {"pixels": [pixels], "written": [bright.astype(np.float64)]}
    for count in counts:
        features[f"ice {count}"] = [each[:, order[:count]] for each in states]
        features[f"projection {count}"] = [random_projection(pixels, count, settings.seed)]
        features[f"random {count}"] = [random_binary_features(bright, count, settings.seed)]
    found = compare_read_outs(features, labels, folds=settings.folds, repeats=settings.repeats, seed=settings.seed)
    ice_name = f"ice {counts[-1]}"
    chosen = int(np.bincount(found["choice"].sel(features=ice_name).values).argmax())
    return Recognition(
        images=len(images),
        ice=_accuracy(found, ice_name),
        pixels=_accuracy(found, "pixels"),
        written=_accuracy(found, "written"),
        # The read-out has an offset: what is the same in all images adds no dimension.
        pixel_rank=int(np.linalg.matrix_rank(pixels - pixels.mean(axis=0))),
        against_pixels=_difference(found, ice_name, "pixels"),
        against_written=_difference(found, ice_name, "written"),
        by_read_outs=[
            ReadOutCount(
                read_outs=count,
                ice=_accuracy(found, f"ice {count}"),
                projection=_accuracy(found, f"projection {count}"),
                against_projection=_difference(found, f"ice {count}", f"projection {count}"),
                random=_accuracy(found, f"random {count}"),
                against_random=_difference(found, f"ice {count}", f"random {count}"),
            )
            for count in counts
        ],
        chosen_amplitude=settings.amplitudes[chosen],
        cascade=float(cascades[chosen]["flips"].mean()),
    )


def _accuracy(found: xr.Dataset, name: str) -> Accuracy:
    values = found["accuracy"].sel(features=name).values
    return Accuracy(mean=float(values.mean()), spread=float(values.std(ddof=1)))


def _difference(found: xr.Dataset, one: str, other: str) -> Difference:
    difference = paired_difference(found, one, other)
    return Difference(
        mean=difference.mean, ci95=difference.ci95, p_value=difference.p_value, verdict=difference.verdict
    )
