"""Whether a system's states are worth more to a linear read-out than its inputs are.

The same read-out (ridge regression to the classes, its strength chosen by leaving one
out of the training data) is trained on each set of features and tested on what it has not
seen, by repeated k-fold cross-validation with the same splits for all.

The splits share training data, so that their accuracies are no independent samples. The
difference of two sets of features is judged by the corrected resampled t test: over n
splits the variance of the mean difference is s^2 (1 / n + n_test / n_train), with n - 1
degrees of freedom.

Sources: C. Nadeau and Y. Bengio, Machine Learning 52, 239 (2003); R. R. Bouckaert and E.
Frank, PAKDD 2004, LNAI 3056, 3, for repeated k folds; W. B. Johnson and J. Lindenstrauss,
Contemp. Math. 26, 189 (1984), for random projections; G.-B. Huang, Q.-Y. Zhu and C.-K. Siew,
Neurocomputing 70, 489 (2006), for random nonlinear features below a linear read-out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["PairedDifference", "compare_read_outs", "paired_difference", "random_binary_features", "random_projection"]

Floats = npt.NDArray[np.float64]

_STRENGTHS = np.logspace(-2, 4, 7)


@dataclass(frozen=True)
class PairedDifference:
    """How much more accurate one set of features is than another.

    Parameters
    ----------
    mean : float
        Difference of the accuracies.
    ci95 : (float, float)
        Its 95 % interval by the corrected resampled t test.
    p_value : float
        Of no difference, two-sided.
    verdict : str
        In a word: "gain", "loss", or "no gain" where the interval contains 0.

    Examples
    --------
    >>> found = PairedDifference(mean=-0.038, ci95=(-0.048, -0.029), p_value=1e-6, verdict="loss")
    >>> found.ci95[1] < 0  # the interval excludes no difference
    True
    """

    mean: float
    ci95: tuple[float, float]
    p_value: float
    verdict: str

    def __str__(self) -> str:
        """Say it in percentage points, such as "−3.9 points, 95 % interval −5.0 to −2.8"."""
        low, high = self.ci95
        said = f"{100 * self.mean:+.1f} points, 95 % interval {100 * low:+.1f} to {100 * high:+.1f}"
        return said.replace("-", "−")


def random_projection(inputs: npt.ArrayLike, count: int, seed: int) -> Floats:
    """A linear projection of inputs with Gaussian random weights.

    Parameters
    ----------
    inputs : array (samples, inputs)
        What is projected.
    count : int
        Number of features that come out.
    seed : int
        Of the weights.

    Examples
    --------
    >>> import numpy as np
    >>> from solitons.reservoirs.read_out import random_projection
    >>> random_projection(np.eye(4), count=3, seed=1).shape
    (4, 3)
    """
    matrix = np.asarray(inputs, dtype=np.float64)
    weights = np.random.default_rng(seed).standard_normal((matrix.shape[1], count)) / np.sqrt(matrix.shape[1])
    return np.asarray(matrix @ weights)


def random_binary_features(patterns: npt.ArrayLike, count: int, seed: int) -> Floats:
    """Random nonlinear features of binary patterns: sign(W x + b), +1 or -1 as spins are.

    The pattern x is +1 where it is True and -1 elsewhere, less the mean of all patterns, so that
    no feature is the same for nearly all of them. W and b are Gaussian, b with half the standard
    deviation of W x: without b the features would be odd functions alone.

    Parameters
    ----------
    patterns : bool array (samples, inputs)
        What is expanded.
    count : int
        Number of features that come out.
    seed : int
        Of W and b.

    Examples
    --------
    >>> inputs = np.random.default_rng(1).integers(0, 2, (100, 64))
    >>> features = random_binary_features(inputs, 30, seed=2)
    >>> features.shape, sorted(set(features.ravel().tolist()))
    ((100, 30), [-1.0, 1.0])
    """
    matrix = np.where(np.asarray(patterns, dtype=np.bool_), 1.0, -1.0)
    generator = np.random.default_rng(seed)
    drive = (matrix - matrix.mean(axis=0)) @ generator.standard_normal((matrix.shape[1], count))
    offset = 0.5 * drive.std() * generator.standard_normal(count)
    return np.where(drive + offset > 0, 1.0, -1.0)


def compare_read_outs(
    features: Mapping[str, Sequence[npt.ArrayLike]],
    labels: npt.ArrayLike,
    *,
    folds: int,
    repeats: int,
    seed: int,
) -> xr.Dataset:
    """Cross-validated accuracy of the same linear read-out on several sets of features.

    Parameters
    ----------
    features : mapping of name to sequence of arrays (samples, features)
        Each name has one set of features, or several of which the best is chosen anew in
        every split, by leaving one out of the training data.
    labels : array (samples)
        Classes.
    folds, repeats : int
        Of the stratified cross-validation.
    seed : int
        Of the splits.

    Returns
    -------
    xarray.Dataset
        `accuracy (features, split)` on test data and `choice (features, split)`, which of
        the sets was chosen. attrs: `test_over_train`, the ratio of their sizes.

    Raises
    ------
    ValueError
        If a set has another number of samples than there are labels, or none.

    Examples
    --------
    >>> generator = np.random.default_rng(1)
    >>> labels = np.repeat([0, 1], 30)
    >>> told, noise = labels[:, None] + 0.1 * generator.normal(size=(60, 1)), generator.normal(size=(60, 1))
    >>> found = compare_read_outs({"told": [told], "noise": [noise]}, labels, folds=2, repeats=2, seed=0)
    >>> found["accuracy"].mean("split").values.round(2).tolist()
    [1.0, 0.46]
    """
    import xarray as xr
    from sklearn.model_selection import RepeatedStratifiedKFold

    classes = np.asarray(labels)
    sets = {name: [np.asarray(each, dtype=np.float64) for each in several] for name, several in features.items()}
    for name, several in sets.items():
        if not several or any(each.ndim != 2 or len(each) != classes.size for each in several):
            shapes = [each.shape for each in several]
            raise ValueError(
                f"compare_read_outs: features {name!r} have the shapes {shapes}; give arrays ({classes.size}, features)"
            )
    splitter = RepeatedStratifiedKFold(n_splits=folds, n_repeats=repeats, random_state=seed)
    splits = list(splitter.split(np.zeros(classes.size), classes))
    accuracy, choice = np.empty((len(sets), len(splits))), np.zeros((len(sets), len(splits)), dtype=np.int64)
    for column, (train, test) in enumerate(splits):
        for row, several in enumerate(sets.values()):
            trained = [_trained(each[train], classes[train]) for each in several]
            best = int(np.argmax([each[-1].best_score_ for each in trained]))
            choice[row, column] = best
            accuracy[row, column] = trained[best].score(several[best][test], classes[test])
    return xr.Dataset(
        {
            "accuracy": (("features", "split"), accuracy, {"units": "1"}),
            "choice": (("features", "split"), choice),
        },
        coords={"features": list(sets)},
        attrs={"test_over_train": 1 / (folds - 1)},
    )


def _trained(features: Floats, labels: npt.NDArray[Any]) -> Any:
    from sklearn.linear_model import RidgeClassifierCV
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    return make_pipeline(StandardScaler(), RidgeClassifierCV(_STRENGTHS)).fit(features, labels)


def paired_difference(found: xr.Dataset, one: str, other: str) -> PairedDifference:
    """How much more accurate one set of features is than another, and how sure that is.

    Parameters
    ----------
    found : xarray.Dataset
        What `compare_read_outs` returned.
    one, other : str
        Names of features.

    Examples
    --------
    >>> import xarray as xr
    >>> accuracy = [[0.90, 0.92, 0.91, 0.93], [0.80, 0.83, 0.82, 0.82]]
    >>> names = {"features": ["states", "inputs"]}
    >>> found = xr.Dataset({"accuracy": (("features", "split"), accuracy)}, names, {"test_over_train": 1.0})
    >>> print(paired_difference(found, "states", "inputs"))
    +9.8 points, 95 % interval +6.3 to +13.2
    """
    difference = (found.accuracy.sel(features=one) - found.accuracy.sel(features=other)).values
    mean, count = float(difference.mean()), difference.size
    error = float(np.sqrt(difference.var(ddof=1) * (1 / count + found.attrs["test_over_train"])))
    if error == 0:
        return PairedDifference(mean, (mean, mean), 1.0 if mean == 0 else 0.0, _verdict(mean, mean))
    from scipy import stats

    reach = float(stats.t.isf(0.025, count - 1)) * error
    p_value = float(2 * stats.t.sf(abs(mean) / error, count - 1))
    return PairedDifference(mean, (mean - reach, mean + reach), p_value, _verdict(mean - reach, mean + reach))


def _verdict(low: float, high: float) -> str:
    if low > 0:
        return "gain"
    return "loss" if high < 0 else "no gain"
