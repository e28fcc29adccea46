"""Turns of the moments around points between cells: textures whose winding is known."""

import numpy as np
from rows import rows

from analysis.winding import winding


@rows("turns", [1, -1, 2])
@rows("size", [8, 9])
def test_a_texture_winds_as_often_as_it_was_made_to_wherever_its_middle_is(turns, size):
    x = np.arange(size) - (size - 1) / 2
    # With an odd number of cells the middle one has no direction, and those on its two sides are antiparallel.
    plane = (x[:, None] + 1j * x) ** abs(turns)
    m = np.stack([plane.real, np.sign(turns) * plane.imag, np.zeros(plane.shape)], axis=-1)
    assert winding(m).sum() == turns


def test_nothing_winds_around_what_is_no_magnet():
    x = np.arange(4) - 1.5
    m = np.stack(np.broadcast_arrays(-x, x[:, None], 0.0), axis=-1)
    assert np.argwhere(winding(m)).tolist() == [[1, 1]]
    m[2, 2] = np.nan
    assert not winding(m).any()
