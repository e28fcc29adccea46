"""Whether a system helps a linear read-out to recognise patterns: its states beside what went in.

The same read-out is trained on the states, on the inputs themselves, on the binary patterns that were
written, and on random features of both (`solitons.reservoirs.read_out`). A system that is worth
its while beats the inputs; one that is worth more than its size beats as many random features.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from solitons.reservoirs.read_out import PairedDifference

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["FEATURES", "ReadOut", "ReadOuts", "compare_with_inputs"]

Floats = npt.NDArray[np.float64]

STATES, INPUTS, WRITTEN = "states", "inputs", "written inputs"
PROJECTIONS, BINARY = "random projections", "random binary features"
FEATURES = (STATES, INPUTS, WRITTEN, PROJECTIONS, BINARY)
"""What a read-out is trained on. Random projections are linear functions of the inputs, random
binary features are nonlinear ones of the written inputs."""


@dataclass(frozen=True)
class ReadOut:
    """The accuracy of a linear read-out, and how much more accurate the system's is.

    `features` is what it is trained on, one of `FEATURES`, and `count` how many; `accuracy` and `spread` are the mean
    over the splits of the cross-validation and their standard deviation. `gain` is of the system against it: with as
    many states as there are random features, with all states against the inputs; None for the states themselves.
    """

    features: str
    count: int
    accuracy: float
    spread: float
    gain: PairedDifference | None = None


@dataclass(frozen=True)
class ReadOuts:
    """All read-outs that were compared, in order of the `FEATURES`, then of their count.

    `chosen` is the set of states that was chosen most often, on training data, where all are read.
    """

    compared: tuple[ReadOut, ...]
    chosen: int


def compare_with_inputs(
    states: Sequence[npt.ArrayLike],
    inputs: npt.ArrayLike,
    written: npt.ArrayLike,
    labels: npt.ArrayLike,
    *,
    counts: Sequence[int] = (),
    folds: int,
    repeats: int,
    seed: int,
) -> ReadOuts:
    """Compare read-outs of a system's states with read-outs of its inputs.

    Parameters
    ----------
    states : sequence of array (samples, states)
        One set, or several; the best of these is chosen anew in every split.
    inputs : array (samples, inputs)
        Inputs to recognise.
    written : bool array (samples, inputs)
        The inputs that were written into the system.
    labels : array (samples)
        Classes.
    counts : sequence of int
        Numbers of states that are compared, chosen at random; all of them come last by themselves.
    folds, repeats : int
        Folds and repeats of the stratified cross-validation.
    seed : int
        Seed of its splits, the random features, and the choice of fewer states.

    Raises
    ------
    ValueError
        As `compare_read_outs`.

    Examples
    --------
    The classes are the parity of two bits: one state that is their product is worth more than both inputs:

    >>> bits = np.random.default_rng(1).integers(0, 2, (60, 2))
    >>> parity = bits.sum(axis=1) % 2
    >>> product = np.prod(2 * bits - 1, axis=1)[:, None]
    >>> found = compare_with_inputs([product], bits, bits == 1, parity, folds=2, repeats=2, seed=0)
    >>> {each.features: round(each.accuracy, 2) for each in found.compared[:2]}
    {'states': 1.0, 'inputs': 0.55}
    """
    from solitons.reservoirs.read_out import compare_read_outs, random_binary_features, random_projection

    several = [np.asarray(each, dtype=np.float64) for each in states]
    pixels, bright = np.asarray(inputs, dtype=np.float64), np.asarray(written, dtype=np.bool_)
    whole = several[0].shape[1]
    order = np.random.default_rng(seed).permutation(whole)
    sizes = sorted({whole, *(count for count in counts if count < whole)})
    features: dict[tuple[str, int], list[Floats]] = {
        **{(STATES, count): [each[:, order[:count]] for each in several] for count in sizes},
        (INPUTS, pixels.shape[1]): [pixels],
        (WRITTEN, bright.shape[1]): [bright.astype(np.float64)],
        **{(PROJECTIONS, count): [random_projection(pixels, count, seed)] for count in sizes},
        **{(BINARY, count): [random_binary_features(bright, count, seed)] for count in sizes},
    }
    named = {_name(*key): sets for key, sets in features.items()}
    found = compare_read_outs(named, labels, folds=folds, repeats=repeats, seed=seed)
    chosen = int(np.bincount(found["choice"].sel(features=_name(STATES, whole)).values).argmax())
    return ReadOuts(tuple(_read_out(found, name, count, whole) for name, count in features), chosen)


def _name(features: str, count: int) -> str:
    return f"{count} {features}"


def _read_out(found: xr.Dataset, features: str, count: int, whole: int) -> ReadOut:
    from solitons.reservoirs.read_out import paired_difference

    name = _name(features, count)
    accuracy = found["accuracy"].sel(features=name).values
    gain = None
    if features != STATES:
        states = count if features in (PROJECTIONS, BINARY) else whole
        gain = paired_difference(found, _name(STATES, states), name)
    return ReadOut(features, count, float(accuracy.mean()), float(accuracy.std(ddof=1)), gain)
