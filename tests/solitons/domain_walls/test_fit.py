"""Fits: known parameters come back, with intervals that cover them."""

from dataclasses import replace

import numpy as np
import pytest
from made_runs import FREE, START, TRUTH, made
from rows import rows

from solitons.domain_walls.fit import fit_wall
from solitons.domain_walls.pinning import HarmonicPinning
from solitons.fits.provenance import OutsideFittedRange


@pytest.mark.slow
def test_parameters_come_back_and_held_out_runs_are_predicted():
    runs = made()
    held_out = [runs[2].run_id, runs[3].run_id]
    fit = fit_wall(runs, START, held_out=held_out, free=FREE, knots=0)
    assert fit["drift_per_current"].value == pytest.approx(-9.5e-11, rel=0.01)
    assert fit["beta"].value == pytest.approx(0.05, abs=0.01)
    assert fit["hard_axis_field"].value == pytest.approx(8e3, rel=0.2)
    # No better than the noise, and hardly worse: mean |x| of a normal is 0.8 sigma.
    assert fit.held_out_error == pytest.approx(0.8 * 0.5e-9, rel=0.2)
    assert fit.held_out_error_over_length == pytest.approx(fit.held_out_error / 512e-9)
    assert fit.provenance.held_out == tuple(held_out)
    assert set(fit.provenance.trained_on) == {run.run_id for run in runs} - set(held_out)
    assert set(fit.residuals) == {run.run_id for run in runs}
    fitted = fit.provenance.fitted_range
    assert fitted.amplitude == pytest.approx((6e11, 12e11))
    assert fitted.width == pytest.approx((0.2e-9, 0.5e-9))
    assert fit.covariance.shape == (3, 3)
    assert fit.check_range(8e11, 0.3e-9)
    with pytest.warns(OutsideFittedRange, match="amplitude"):
        assert not fit.check_range(2e12)
    with pytest.raises(KeyError, match="no free parameter 'alpha'"):
        fit["alpha"]


@pytest.mark.slow
def test_positions_alone_are_enough_where_the_angle_matters():
    # A wall under DMI precesses against a strong field, which its position shows.
    chiral = replace(TRUTH, hard_axis_field=3e4)
    runs = made(chiral, angle=False, noise=0.2e-9)
    fit = fit_wall(runs, replace(START, hard_axis_field=4e4), free=FREE, knots=0)
    assert fit.training_error < 0.25e-9
    assert fit["hard_axis_field"].value == pytest.approx(3e4, rel=0.05)
    # The equations do not tell phi from phi + pi.
    assert abs(np.sin(fit["start_angle"].value - 0.2)) < 0.1


@pytest.mark.slow
def test_parameters_of_the_given_landscape_can_be_free():
    well = replace(TRUTH, pinning=HarmonicPinning(stiffness=3e10, centre=200e-9))
    start = replace(well, pinning=HarmonicPinning(stiffness=2e10, centre=190e-9))
    for knots in (0, 2):
        fit = fit_wall(
            made(well, noise=0.1e-9),
            start,
            free=["pinning.stiffness", "pinning.centre"][: 2 if knots == 0 else 1],
            knots=knots,
        )
        assert fit["pinning.stiffness"].value == pytest.approx(3e10, rel=0.1 if knots == 0 else 0.5)


@rows(
    ("arguments", "message"),
    [
        ({"held_out": ["nobody"]}, "nobody"),
        ({"free": ["mass"]}, "'mass'"),
        ({"free": ["pinning.depth"]}, "'pinning.depth'"),
        ({"knots": 1}, "knots = 1"),
        ({"free": ["beta", "beta"]}, "names a parameter twice; name each once"),
        ({"free": ["polarity"]}, "'polarity', which is no single number"),
        ({"free": ["provenance"]}, "'provenance', which is no single number"),
    ],
)
def test_bad_arguments(arguments, message):
    with pytest.raises(ValueError, match=message):
        fit_wall(made(), START, **arguments)


def test_runs_that_do_not_go_together():
    runs = made()
    with pytest.raises(ValueError, match="same run_id"):
        fit_wall([runs[0], runs[0]], START)
    with pytest.raises(ValueError, match="different length"):
        fit_wall([runs[0], replace(runs[1], length=1e-6)], START)
    with pytest.raises(ValueError, match="polarity"):
        fit_wall(runs, replace(START, polarity=1))
    with pytest.raises(ValueError, match="no run is left"):
        fit_wall(runs[:1], START, held_out=[runs[0].run_id])
