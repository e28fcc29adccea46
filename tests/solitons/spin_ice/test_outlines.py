"""Which islands have the same cells."""

import numpy as np
from rows import rows

from solitons.spin_ice.outlines import outline_keys

CELL = (5e-9, 5e-9)
DIAGONAL = np.radians(225)


def keys(*islands, angle=DIAGONAL, cell=CELL):
    """Islands one beside the other; of any cells, an odd number apart."""
    labels = np.zeros((sum(each.shape[0] + 3 for each in islands), max(each.shape[1] for each in islands)), int)
    place = 1
    for number, each in enumerate(islands):
        labels[place : place + each.shape[0], : each.shape[1]][each] = number + 1
        place += each.shape[0] + 3
    return outline_keys(labels, len(islands), angle, cell)


LONG = np.ones((6, 2), bool)
CUT = LONG.copy()
CUT[0, 0] = False


def test_islands_with_the_same_cells_have_one_name_wherever_they_are():
    assert len(set(keys(LONG, LONG, CUT[::-1, ::-1], CUT))) == 2
    assert all(len(key) == 16 for key in keys(LONG))


@rows(
    ("degrees", "cell", "same"),
    [
        (225, CELL, True),
        (45, CELL, True),
        (-45, CELL, True),
        (225, (5e-9, 4e-9), False),
        (220, CELL, False),
        (180, CELL, False),
    ],
)
def test_a_field_along_the_diagonal_of_square_cells_does_not_tell_rows_from_columns(degrees, cell, same):
    one, other = keys(LONG, LONG.T, angle=np.radians(degrees), cell=cell)
    assert (one == other) is same


def test_a_field_along_an_axis_of_the_cells_does_not_tell_left_from_right():
    assert len(set(keys(CUT, CUT[::-1], angle=np.pi))) == 1
    assert len(set(keys(CUT, CUT[::-1], angle=np.radians(170)))) == 2
