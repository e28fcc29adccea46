"""Edge roughness: the right ensemble, the same sample from the same seed."""

import numpy as np
import pytest
from pydantic import ValidationError
from rows import rows

from geometries import EdgeRoughness

LENGTH, RMS, CORRELATION = 400e-9, 2e-9, 20e-9
X = np.linspace(0, LENGTH, 41)
GOLDEN = np.array(
    [[1.126814672939, 0.398438248932, 0.413564608514], [0.307034716012, -0.942315056607, -1.889683878993]]
)


def sample(seed):
    return EdgeRoughness(rms=RMS, correlation_length=CORRELATION, seed=seed).displacements(X, LENGTH)


def test_the_ensemble_has_the_rms_and_the_correlation_asked_for_and_independent_edges():
    d = np.array([sample(seed) for seed in range(1500)]) / RMS
    samples = d.reshape(-1, X.size)  # both edges
    covariance = samples.T @ samples / len(samples)
    expected = np.exp(-(((X[:, None] - X) / CORRELATION) ** 2))
    # The standard error of a covariance of n Gaussian pairs is at most sqrt(2 / n) = 0.026.
    np.testing.assert_allclose(covariance, expected, atol=5 * np.sqrt(2 / len(samples)))
    assert np.sqrt(np.mean(samples**2)) == pytest.approx(1, abs=0.015)
    assert np.abs(samples.mean(axis=0)).max() < 5 / np.sqrt(len(samples))
    assert np.abs(np.mean(d[:, 0] * d[:, 1], axis=0)).max() < 5 / np.sqrt(len(d))


def test_a_seed_is_a_sample():
    np.testing.assert_array_equal(sample(7), sample(7))
    assert np.abs(sample(7) - sample(8)).max() > 0.1 * RMS
    assert np.abs(sample(7)[0] - sample(7)[1]).max() > 0.1 * RMS


def test_the_sample_of_a_seed_is_pinned():
    # A run is named after its spec: the same seed has to give the same edge in every release.
    d = EdgeRoughness(rms=RMS, correlation_length=CORRELATION, seed=1).displacements(X[:3], LENGTH)
    np.testing.assert_allclose(d * 1e9, GOLDEN, atol=1e-9)


@rows(
    ("keys", "message"),
    [
        ({"rms": 0}, "rms\n.*above 0"),
        ({"correlation_length": "-3 nm"}, "correlation_length\n.*-3 nm is not a size"),
        ({"seed": -1}, "seed\n.*greater than or equal to 0"),
        ({"seed": 1.5}, "seed\n.*integer"),
    ],
)
def test_what_no_roughness_is(keys, message):
    with pytest.raises(ValidationError, match=message):
        EdgeRoughness(**{"rms": RMS, "correlation_length": CORRELATION, "seed": 1} | keys)
