import numpy as np
import pytest
from scipy import stats

from solitons.spin_ice import SwitchingAstroid
from solitons.spin_ice.astroid_fit import fit_astroid

TRUTH = {"anisotropy_field": 1.5e5, "b": 0.38, "beta": 1.7, "gamma": 2.7}
ASTROID = SwitchingAstroid(b=0.38, beta=1.7, gamma=2.7)
ANGLES = np.deg2rad(np.arange(0, 91, 5))


def found(fit):
    astroid = fit.astroid
    return {
        "anisotropy_field": fit.anisotropy_field,
        **{name: float(getattr(astroid, name)) for name in ("b", "beta", "gamma")},
    }


def test_an_exact_table_gives_the_parameters_back():
    fit = fit_astroid(ANGLES, ASTROID.switching_field(ANGLES, 1.5e5))
    assert fit.astroid.c == 1
    for name, value in found(fit).items():
        assert value == pytest.approx(TRUTH[name], rel=1e-4)
    assert np.abs(fit.residuals).max() < 1e-4 * 1.5e5


@pytest.mark.slow
def test_standard_errors_cover_the_truth():
    """Over noisy tables the errors over their standard errors have the variance 1."""
    generator, scores = np.random.default_rng(8), []
    noise = 500.0
    for _ in range(200):
        table = ASTROID.switching_field(ANGLES, 1.5e5) + noise * generator.standard_normal(len(ANGLES))
        fit = fit_astroid(ANGLES, table, uncertainty=noise)
        scores.append([(value - TRUTH[name]) / fit.standard_errors[name] for name, value in found(fit).items()])
    spread = np.sqrt(np.mean(np.square(scores), axis=0))
    # Each is the root of chi^2 / 200, and outside these bounds once in a thousand times.
    low, high = np.sqrt(stats.chi2.ppf([5e-4, 1 - 5e-4], 200) / 200)
    assert np.all((spread > low) & (spread < high)), spread


def test_without_uncertainty_the_residuals_say_it():
    noisy = ASTROID.switching_field(ANGLES, 1.5e5) + 500 * np.random.default_rng(9).standard_normal(len(ANGLES))
    said, measured = fit_astroid(ANGLES, noisy, uncertainty=500.0), fit_astroid(ANGLES, noisy)
    freedom = len(ANGLES) - 4
    factor = np.sqrt(np.sum(measured.residuals**2) / freedom) / 500
    for name, error in said.standard_errors.items():
        assert measured.standard_errors[name] == pytest.approx(factor * error, rel=1e-2)


def test_fields_that_reject_the_astroid_widen_its_errors():
    noisy = ASTROID.switching_field(ANGLES, 1.5e5) + 500 * np.random.default_rng(9).standard_normal(len(ANGLES))
    said, measured = fit_astroid(ANGLES, noisy, uncertainty=50.0), fit_astroid(ANGLES, noisy)
    for name, error in said.standard_errors.items():
        assert error == pytest.approx(measured.standard_errors[name], rel=1e-2)


def test_bad_tables_are_refused():
    fields = ASTROID.switching_field(ANGLES, 1.5e5)
    with pytest.raises(ValueError, match="give one each"):
        fit_astroid(ANGLES[1:], fields)
    with pytest.raises(ValueError, match="switching_field must be positive and finite"):
        fit_astroid(ANGLES, np.where(ANGLES == 0, np.nan, fields))
    with pytest.raises(ValueError, match="uncertainty must be positive"):
        fit_astroid(ANGLES, fields, uncertainty=0.0)
    with pytest.raises(ValueError, match="angle must be finite"):
        fit_astroid(np.where(ANGLES == 0, np.nan, ANGLES), fields)
    mirrored = np.deg2rad([10, 20, 30, 40, 170, -20])
    with pytest.raises(ValueError, match="has 4 different angles"):
        fit_astroid(mirrored, ASTROID.switching_field(mirrored, 1e5))
