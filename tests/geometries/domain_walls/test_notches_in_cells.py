import pytest
from rows import rows

from geometries import Notch, Stripe
from geometries.domain_walls.notches_in_cells import notches_in_cells
from geometries.outlines.notches import PeriodicNotches


def stripe(*notches, cell="4 nm", **more):
    return Stripe(length="400 nm", width="80 nm", thickness="1 nm", cell=(cell, cell, "1 nm"), notches=notches, **more)


def test_each_notch_of_a_row_has_its_depth():
    row = PeriodicNotches(first="100 nm", period="100 nm", count=3, depth="8 nm", width="40 nm", shape="rectangular")
    found = notches_in_cells(stripe(row))
    assert [each.position for each in found] == pytest.approx([100e-9, 200e-9, 300e-9])
    assert [each.meshed for each in found] == pytest.approx([16e-9] * 3)
    assert [each.drawn for each in found] == pytest.approx([16e-9] * 3)


def test_notches_that_face_or_overlap_each_other_have_each_their_own_depth():
    facing = [Notch(position="200 nm", depth="12 nm", width="40 nm", edge=edge) for edge in ("top", "bottom")]
    beside = Notch(position="225 nm", depth="24 nm", width="40 nm", edge="top")
    found = notches_in_cells(stripe(*facing, beside))
    assert [each.meshed for each in found] == pytest.approx([12e-9, 12e-9, 24e-9])


@rows(("cell", "meshed"), [("4 nm", 8e-9), ("2 nm", 10e-9), ("1 nm", 10e-9)])
def test_smaller_cells_come_nearer(cell, meshed):
    notch = Notch(position="200 nm", depth="10 nm", width="40 nm", edge="top", shape="round")
    (found,) = notches_in_cells(stripe(notch, cell=cell))
    assert found.drawn == pytest.approx(10e-9)
    assert found.meshed == pytest.approx(meshed)


def test_a_notch_that_no_cell_sees_is_not_there_and_roughness_does_not_count():
    notch = Notch(position="200 nm", depth="1.5 nm", width="40 nm")
    rough = {"rms": "3 nm", "correlation_length": "20 nm", "seed": 1}
    (found,) = notches_in_cells(stripe(notch, edge_roughness=rough))
    assert found.meshed == 0.0
