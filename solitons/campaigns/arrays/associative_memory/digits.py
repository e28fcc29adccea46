"""Mean images of handwritten digits as attractors: noisy ones, frames of a recall, and handwriting itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from solitons.attractors.patterns import WRONG_ALLOWED, hebbian_matrix
from solitons.attractors.threshold_neurons import fall_to_rest, wrong_shares
from solitons.campaigns.arrays.associative_memory.networks import (
    Network,
    network_of,
    recalls,
    with_wrong_bits,
    without_own,
)
from solitons.campaigns.arrays.associative_memory.results import DigitMemory, Handwriting, NoisyDigits, RecallFrames
from solitons.campaigns.arrays.associative_memory.settings import DigitSettings
from solitons.networks.image_sets import split_images

__all__ = ["SIDE", "digit_memory", "digit_patterns"]

Floats = npt.NDArray[np.float64]

SIDE = 11
"""Pixels of a side: 121 neurons."""
_SHOWN, _FRAMES = 4, 5
"""Recalls that are shown, and frames of each."""
_TEST, _SPLIT = 0.5, 0
"""Share of the images that is not in the means, and the seed of the split."""
_STARTS = 10
"""Noisy images of each digit, in each network."""


def _black_and_white(images: Floats) -> Floats:
    """Images (images, 64) of 8 x 8 grey pixels from 0 to 1, as (images, 121) pixels of +-1."""
    from scipy import ndimage

    grey = images.reshape(-1, 8, 8)
    finer = ndimage.zoom(grey, (1, SIDE / 8, SIDE / 8), order=1)
    return np.where(finer.reshape(-1, SIDE**2) > 0.5, 1.0, -1.0)


def digit_patterns(digits: tuple[int, ...]) -> Floats:
    """Mean images (digits, 121) of half of scikit-learn's digits, black where the mean is above a half."""
    images, _, shown, _ = split_images("digits", _TEST, _SPLIT)
    return _black_and_white(np.stack([images[shown == digit].mean(axis=0) for digit in digits]))


def digit_memory(
    settings: DigitSettings, weights: Callable[[Network], Floats], seeds: range, advance: Callable[[], None]
) -> DigitMemory:
    """Recall noisy mean images by the weights that act in each network, and let handwriting fall."""
    patterns = digit_patterns(settings.digits)
    several = {
        share: [network_of(patterns, "pseudo_inverse", share, _STARTS, seed) for seed in seeds]
        for share in settings.wrong_bits
    }
    # Starts differ from share to share, the weights do not.
    read, noisy = {network.seed: weights(network) for network in several[settings.wrong_bits[0]]}, []
    for share, networks in several.items():
        noisy.append(
            NoisyDigits(
                wrong_bits=share,
                ideal=recalls(networks, lambda network: network.weights).score,
                written=recalls(networks, lambda network: read[network.seed]).score,
            )
        )
        advance()
    acting = without_own(read[seeds[0]])
    middle = settings.wrong_bits[len(settings.wrong_bits) // 2]
    frames = [_frames(patterns[index], acting, middle, seeds[0] + index) for index in range(min(_SHOWN, len(patterns)))]
    at_rest = ((patterns @ hebbian_matrix(patterns)) * patterns >= 0).all(axis=1)
    return DigitMemory(
        digits=list(settings.digits), hebbian=int(at_rest.sum()), noisy=noisy, frames=frames,
        handwriting=_handwriting(settings, acting),
    )  # fmt: skip


def _frames(pattern: Floats, couplings: Floats, share: float, seed: int) -> RecallFrames:
    """States of one recall, evenly over its changes, the first and the last among them."""
    start = with_wrong_bits(pattern[None], share, np.random.default_rng([seed, SIDE]))
    states: list[Floats] = []

    def watch(now: npt.NDArray[Any]) -> None:
        states.append(now[0].copy())

    found = fall_to_rest(couplings, start, np.random.default_rng(seed), watch=watch)
    states.append(found.states[0])
    chosen = np.unique(np.linspace(0, len(states) - 1, _FRAMES).round().astype(int))
    return RecallFrames(
        changes=chosen.tolist(),
        states=[(states[index] > 0).astype(int).tolist() for index in chosen],
        wanted=(pattern > 0).astype(int).tolist(),
        at_rest=bool(found.at_rest[0]),
    )


def _handwriting(settings: DigitSettings, couplings: Floats) -> Handwriting:
    """Images of the other half fall; beside it the nearest of the patterns, without a network."""
    _, images, _, shown = split_images("digits", _TEST, _SPLIT)
    known = np.isin(shown, settings.digits)
    starts, right = _black_and_white(images[known]), np.searchsorted(settings.digits, shown[known])
    patterns = digit_patterns(settings.digits)
    end = fall_to_rest(couplings, starts, np.random.default_rng(_SPLIT)).states
    reached = np.stack([wrong_shares(end, each) <= WRONG_ALLOWED for each in patterns], axis=1)
    fallen = reached[np.arange(len(right)), right]
    return Handwriting(
        images=len(right),
        fallen=float(fallen.mean()),
        elsewhere=float(np.mean(reached.any(axis=1) & ~fallen)),
        nearest=float(np.mean((starts @ patterns.T).argmax(axis=1) == right)),
    )
