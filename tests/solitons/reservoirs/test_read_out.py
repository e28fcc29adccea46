import numpy as np
import pytest
from scipy import stats
from sklearn.datasets import load_digits

from solitons.reservoirs.read_out import (
    compare_read_outs,
    paired_difference,
    random_binary_features,
    random_projection,
)


@pytest.fixture(scope="module")
def rings():
    """Two classes, inside and outside of a circle: no line parts them, their distance does."""
    points = np.random.default_rng(0).standard_normal((400, 2))
    return points, (np.hypot(*points.T) > 1.18).astype(int)


def test_a_gain_that_is_there_is_found(rings):
    points, labels = rings
    found = compare_read_outs({"points": [points], "squares": [points**2]}, labels, folds=5, repeats=2, seed=0)
    assert found.accuracy.sizes == {"features": 2, "split": 10}
    assert float(found.accuracy.sel(features="squares").mean()) > 0.8
    difference = paired_difference(found, "squares", "points")
    assert difference.verdict == "gain"
    assert paired_difference(found, "points", "squares").verdict == "loss"
    same = paired_difference(found, "points", "points")
    assert (same.mean, same.ci95, same.verdict) == (0.0, (0.0, 0.0), "no gain")


@pytest.mark.slow
def test_a_gain_that_is_not_there_is_said_not_to_be():
    # Features without any bearing on the classes: the test finds a difference about as often as its level says.
    generator = np.random.default_rng(3)
    verdicts = []
    for seed in range(40):
        labels = generator.integers(0, 2, 100)
        features = {"one": [generator.standard_normal((100, 4))], "other": [generator.standard_normal((100, 4))]}
        found = compare_read_outs(features, labels, folds=4, repeats=2, seed=seed)
        verdicts.append(paired_difference(found, "one", "other").verdict != "no gain")
    # Of 40, more than 7 at a level of 5 % have a chance of 0.1 %.
    assert sum(verdicts) <= stats.binom.isf(1e-3, 40, 0.05)


def test_of_several_sets_the_better_is_chosen_without_the_test_data(rings):
    points, labels = rings
    noise = np.random.default_rng(1).standard_normal((400, 2))
    found = compare_read_outs({"either": [noise, points**2]}, labels, folds=4, repeats=1, seed=0)
    assert found.choice.values.tolist() == [[1, 1, 1, 1]]
    single = compare_read_outs({"squares": [points**2]}, labels, folds=4, repeats=1, seed=0)
    np.testing.assert_array_equal(found.accuracy.values, single.accuracy.values)


def test_a_choice_among_noise_does_not_make_it_better():
    generator = np.random.default_rng(4)
    labels = generator.integers(0, 2, 300)
    noise = [generator.standard_normal((300, 5)) for _ in range(20)]
    found = compare_read_outs({"noise": noise}, labels, folds=5, repeats=2, seed=0)
    assert float(found.accuracy.mean()) == pytest.approx(0.5, abs=3 * 0.5 / np.sqrt(300))


def test_a_random_projection_keeps_the_share_of_a_linear_function_that_it_has_dimensions():
    # Of a linear function of d independent inputs, a projection to p holds p / d of the variance in the mean.
    inputs = np.random.default_rng(0).standard_normal((3000, 20))
    weights = np.random.default_rng(1).standard_normal((20, 400))
    shares = []
    for seed in range(20):
        basis = np.linalg.qr(random_projection(inputs, 5, seed))[0]
        targets = inputs @ weights
        shares.append(np.mean(np.sum((basis.T @ targets) ** 2, axis=0) / np.sum(targets**2, axis=0)))
    assert np.mean(shares) == pytest.approx(5 / 20, abs=0.01)


def test_projections_from_the_rank_of_the_inputs_on_are_the_inputs():
    images, _ = load_digits(return_X_y=True)
    centred = images - images.mean(axis=0)
    assert np.linalg.matrix_rank(random_projection(centred, 60, 0)) == 60
    more = random_projection(centred, 100, 0)
    weights = np.linalg.lstsq(more, centred, rcond=None)[0]
    np.testing.assert_allclose(more @ weights, centred, atol=1e-9)


def test_random_binary_features_tell_apart_what_no_linear_read_out_of_the_inputs_does():
    # Parity of two bits, beside bits that do not matter.
    patterns = np.random.default_rng(0).choice([False, True], (400, 4))
    labels = (patterns[:, 0] ^ patterns[:, 1]).astype(int)
    features = random_binary_features(patterns, 200, 0)
    assert set(np.unique(features)) == {-1.0, 1.0}
    np.testing.assert_array_equal(features, random_binary_features(patterns, 200, 0))
    found = compare_read_outs(
        {"bits": [patterns.astype(float)], "random": [features]}, labels, folds=4, repeats=1, seed=0
    )
    assert float(found.accuracy.sel(features="random").mean()) > 0.95
    assert float(found.accuracy.sel(features="bits").mean()) < 0.8


def test_features_of_other_samples_are_refused():
    with pytest.raises(ValueError, match=r"features 'short' have the shapes \[\(3, 2\)\]; give arrays \(4, features\)"):
        compare_read_outs({"short": [np.zeros((3, 2))]}, [0, 0, 1, 1], folds=2, repeats=1, seed=0)
