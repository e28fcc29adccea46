import numpy as np
import pytest
import xarray as xr
from rows import rows

from analysis import plot_correlations, plot_structure_factor, spin_correlations, structure_factor

from .ice_states import PITCH, islands_of, square_ground_state

ISLANDS = islands_of(5)
STATE = square_ground_state(ISLANDS)


@pytest.mark.parametrize("logarithmic", [False, True])
def test_structure_factor_is_drawn_in_reciprocal_units(logarithmic):
    qx, qy = np.linspace(-1, 1, 9) * 2 * np.pi / PITCH, np.linspace(0, 1, 5) * 2 * np.pi / PITCH
    found = structure_factor(STATE, ISLANDS, qx, qy)
    ax = plot_structure_factor(found, PITCH, logarithmic=logarithmic)
    (image,) = ax.images
    np.testing.assert_allclose(image.get_extent(), [-1.125, 1.125, -0.125, 1.125])
    # The peak at (1/2, 1/2): rows are qy.
    assert np.unravel_index(np.argmax(image.get_array()), (5, 9)) in ((2, 6), (2, 2))
    assert len(ax.figure.axes) == 2


@rows(
    ("change", "constant", "said"),
    [
        (lambda found: found.isel(qx=0), PITCH, "select a state"),
        (lambda found: found, 0.0, "lattice_constant is 0.0 m"),
        (lambda found: found.isel(qx=[0, 1, 3]), PITCH, "qx has not two or more values"),
        (lambda found: found.isel(qy=[0]), PITCH, "qy has not two or more values"),
    ],
)
def test_bad_structure_factors_are_said(change, constant, said):
    found = structure_factor(STATE, ISLANDS, np.arange(4) * 1e7)
    with pytest.raises(ValueError, match=said):
        plot_structure_factor(change(found), constant)


def test_correlations_are_drawn_over_the_distance():
    found = spin_correlations(STATE, ISLANDS, 1.1 * PITCH)
    ax = plot_correlations(found)
    _, dipoles, products = ax.lines
    np.testing.assert_allclose(dipoles.get_xdata(), np.array([np.sqrt(0.5), 1, 1]) * PITCH * 1e9)
    np.testing.assert_allclose(dipoles.get_ydata(), [1, 1, -1])
    np.testing.assert_allclose(products.get_ydata(), [0, -1, -1], atol=1e-9)
    with pytest.raises(ValueError, match="select a state"):
        plot_correlations(xr.concat([found, found], "step"))
