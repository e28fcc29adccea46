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

    `mean` is the difference of the accuracies, `ci95` its 95 % interval by the corrected resampled t test, `p_value` of
    no difference, two-sided. The verdict is "gain", "loss", or "no gain" where the interval contains 0.
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
    """A linear projection of inputs (samples, inputs) to `count` features, with Gaussian random weights."""
    matrix = np.asarray(inputs, dtype=np.float64)
    weights = np.random.default_rng(seed).standard_normal((matrix.shape[1], count)) / np.sqrt(matrix.shape[1])
    return np.asarray(matrix @ weights)


def random_binary_features(patterns: npt.ArrayLike, count: int, seed: int) -> Floats:
    """Random nonlinear features of binary patterns (samples, inputs): sign(W x + b), +1 or -1 as spins are.

    The pattern x is +1 where it is True and -1 elsewhere, less the mean of all patterns, so that no feature is the same
    for nearly all of them. W and b are Gaussian, b with half the standard deviation of W x: without b the features
    would be odd functions alone.
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

    Each name has one array (samples, features), or several; the best of these is chosen anew in every split, by leaving
    one out of the training data. The cross-validation is stratified. The Dataset has `accuracy (features, split)` on
    test data and `choice (features, split)`, which of the sets was chosen; attrs: `test_over_train`, the ratio of their
    sizes.
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
    """How much more accurate one set of features of `compare_read_outs` is than another, and how sure that is."""
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
