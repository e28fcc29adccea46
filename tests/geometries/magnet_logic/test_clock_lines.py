"""Lines that clock the zones of an array: where they lie, and what has none."""

import numpy as np
import pytest
from pydantic import ValidationError

from geometries import StripLine
from geometries.magnet_logic import full_adder, majority_gate
from geometries.magnet_logic.builders import corner
from geometries.magnet_logic.clock_lines import clock_line_zones, with_clock_lines


def test_each_run_of_columns_of_one_zone_has_a_line():
    adder = with_clock_lines(full_adder((1, 1, -1)))
    assert clock_line_zones(adder) == {"clock_0": 0, "clock_1": 1, "clock_2": 0}
    placed = adder.placed_outlines()
    field = {line.name: line.field_in(adder)[:, 0, 0, 0] * line.width for line in adder.terminals}
    x = adder.cell_centres()[0]
    for magnet, place in zip(adder.magnets, placed.x, strict=True):
        at = int(np.argmin(np.abs(x - place)))
        on = [name for name in field if field[name][at] == 1]
        if magnet.clocked:
            assert [clock_line_zones(adder)[name] for name in on] == [magnet.zone]


def test_zones_above_each_other_have_no_lines():
    with pytest.raises(ValueError, match="'h2' of zone 2 and 'v1' of zone 3 overlap along x"):
        with_clock_lines(corner(3, 3))
    with pytest.raises(ValueError, match="has clock lines already"):
        with_clock_lines(with_clock_lines(majority_gate((1, 1, 1))))


def test_lines_in_the_film_are_refused():
    with pytest.raises(ValidationError, match="clock_0"):
        with_clock_lines(majority_gate((1, 1, 1)), distance=-5e-9)


def test_a_clad_line_has_amperes_field_over_it_and_none_beside():
    line = StripLine(name="line", centre=1e-6, width=2e-7, height=-3e-8, clad=True)
    h_x, h_z = line.field([0.8e-6, 0.95e-6, 1.05e-6, 1.2e-6], 0.0)
    np.testing.assert_allclose(h_x, [0, 5e6, 5e6, 0])
    assert not h_z.any()
    # Far from its edges it is twice that of a line that is not clad, whose other side has as much.
    bare = StripLine(name="line", centre=1e-6, width=1e-4, height=-3e-8).field(1e-6, 0.0)[0]
    assert float(line.model_copy(update={"width": 1e-4}).field(1e-6, 0.0)[0]) == pytest.approx(
        2 * float(bare), rel=1e-3
    )
