"""The drift of a wall in cells, against sums over the cells of a wall that is written down here."""

import numpy as np
import pytest
from rows import rows

from solitons.domain_walls.mesh import drift_in_cells


@rows("s", [0.1, 0.5, 0.7, 1.0, 1.5])
def test_it_is_the_central_difference_projected_on_the_shift_of_the_wall(s):
    # On average over where the wall is between two cells, which the mesh pins besides.
    x = s * (np.arange(-400, 401) + np.linspace(0, 1, 16, endpoint=False)[:, None])
    m = np.stack([1 / np.cosh(x), np.tanh(x)])
    shift = np.stack([-np.tanh(x) / np.cosh(x), 1 / np.cosh(x) ** 2])
    difference = (m[..., 2:] - m[..., :-2]) / (2 * s)
    projected = np.sum(shift[..., 1:-1] * difference) / np.sum(shift**2)
    assert drift_in_cells(s, 1.0) == pytest.approx(projected, rel=1e-6)
