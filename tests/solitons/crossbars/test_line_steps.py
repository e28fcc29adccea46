"""A step along a line beside the diffusion's delay, a steady crossbar, and the matrix exponential."""

import numpy as np
import pytest
from scipy.linalg import expm

from solitons.crossbars import ResistorCrossbar, Wires
from solitons.crossbars.line_steps import far_step


def test_a_step_is_that_of_a_diffusive_line_and_ends_as_the_steady_crossbar():
    r, c, n = 2.5, 2e-16, 400
    assert far_step(0.3793 * r * c * n**2, n, r, c) == pytest.approx(0.5, abs=2e-3)
    pulse = np.linspace(0, 3, 400) * r * c * n**2
    left = [(far_step(pulse, n, r, c) - far_step(pulse - w * r * c * n**2, n, r, c)).max() for w in (0.02, 0.3, 3)]
    assert left[0] < 0.04
    assert left[2] > 0.99
    cells = np.full((1, 60), 1e-4)
    steady = ResistorCrossbar(cells, Wires(word_segment=r)).solve([1.0]).bit_current[-1] / 1e-4
    assert far_step(1e-9, 60, r, c, 1e-4) == pytest.approx(float(steady), rel=1e-9)
    matrix = np.diag(np.full(60, -2 / r - 1e-4)) + np.diag(np.full(59, 1 / r), 1) + np.diag(np.full(59, 1 / r), -1)
    matrix[-1, -1] += 1 / r
    at, source = 3e-13, np.eye(60)[0] / r
    exact = np.linalg.solve(matrix, (expm(matrix / c * at) - np.eye(60)) @ source)[-1]
    assert far_step(at, 60, r, c, 1e-4) == pytest.approx(exact, rel=1e-9)
    assert far_step([1e-18, 1.0], 100_000, r, c) == pytest.approx([0, 1], abs=1e-14)
    for wrong in (
        (1e-9, 60, 0, c),
        (np.nan, 60, r, c),
        (1e-9, 60.0, r, c),
        (1e-9, 60, np.inf, c),
        (1e-9, 60, r, np.nan),
    ):
        with pytest.raises(ValueError, match=f"cells = {wrong[1]} must.* segment = {wrong[2]} ohm"):
            far_step(*wrong)
