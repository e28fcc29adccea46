"""Places at which dipoles have the couplings of a problem, and problems that have none."""

import numpy as np
import pytest
from rows import rows
from scipy.optimize import approx_fprime

from solitons.magnet_logic import coupling_residual, place_magnets
from solitons.magnet_logic.placement import _misfit, dipole_couplings


def ring(count, coupling):
    wanted = np.zeros((count, count))
    wanted[range(count), (np.arange(count) + 1) % count] = coupling
    return wanted + wanted.T


def test_the_gradient_is_that_of_differences():
    rng = np.random.default_rng(2)
    pairs = np.triu_indices(5, 1)
    goal = rng.normal(size=10)
    arguments = (goal / np.linalg.norm(goal), pairs, 5, True, (0.5, 0.3))
    x = np.concatenate([2 * rng.random(10), rng.uniform(-1, 1, 5)])
    slope = approx_fprime(x, lambda at: _misfit(at, *arguments)[0], 1e-7)
    np.testing.assert_allclose(_misfit(x, *arguments)[1], slope, rtol=1e-3, atol=1e-3)


def test_couplings_of_dipoles_are_found_again():
    wanted = dipole_couplings([[0, 0], [1.1, 0.2], [1.5, 1.3], [0.2, 1.2]], [0.3, -0.5, 1.0, 0.1])
    found = place_magnets(wanted, box=(4, 4), turned=True, seed=1)
    assert found.residual < 0.05
    assert coupling_residual(dipole_couplings(found.places, found.angles), wanted) == pytest.approx(found.residual)


def test_a_contour_is_a_row_and_the_rest_is_out_of_its_way():
    wanted = np.zeros((8, 8))
    wanted[:4, :4] = np.eye(4, k=1) + np.eye(4, k=-1)
    found = place_magnets(wanted, box=(6, 4), turned=False, seed=1)
    assert found.residual < 0.15
    apart = np.linalg.norm(found.places[:, None] - found.places[None], axis=-1) + 9 * np.eye(8)
    assert apart.min() >= 1 - 1e-9
    assert np.all(found.angles == 0)


def test_what_no_plane_can_hold_has_a_residual():
    # Ten magnets, each coupled against each as strongly: a plane has no ten points at one distance.
    assert place_magnets(np.eye(10) - 1, box=(5, 5), turned=True, seed=1, starts=3).residual > 0.3


@rows(
    ("wanted", "words"),
    [
        ([[0, 1], [0, 0]], "symmetric"),
        ([[0, 1e-21], [0, 0]], "symmetric"),  # in J
        (np.zeros((3, 3)), "all wanted couplings are 0"),
        ([[0.0]], "shape"),
    ],
)
def test_what_is_no_problem_is_refused(wanted, words):
    with pytest.raises(ValueError, match=words):
        place_magnets(wanted, box=(3, 3), turned=True, seed=1)


def test_a_box_that_is_too_small_is_refused():
    with pytest.raises(ValueError, match="give a larger box"):
        place_magnets(ring(9, -1.0), box=(0.5, 0.5), turned=True, seed=1, starts=2)
