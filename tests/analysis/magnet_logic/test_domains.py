"""Logic values of regions of a film, of states that are known."""

import numpy as np
import pytest
import xarray as xr
from rows import rows

from analysis import delay, region_values, truth_table
from geometries import Region, Stripe
from geometries.domain_walls import chiral_inverter, inverter_regions

INVERTER = chiral_inverter(-1, before=1, region_anisotropy=5e5)
MIDDLE = INVERTER.length / 2


def made_run(walls):
    """A run of the inverter whose domains from the left are down, up and so on, with walls at given places (m)."""
    x = INVERTER.cell_centres()[0]
    m = np.zeros((len(walls), *INVERTER.shape, 3))
    for frame, places in zip(m, walls, strict=True):
        frame[..., 2] = -np.prod([np.where(x < place, 1.0, -1.0) for place in places], axis=0)[:, None, None]
    coords = {
        **INVERTER.coordinates(),
        "t": xr.Variable("t", np.arange(len(walls)) * 1e-9, {"units": "s"}),
        "vdims": list("xyz"),
    }
    return xr.Dataset({"m": (("t", "x", "y", "z", "vdims"), m, {"units": "1"})}, coords=coords)


RUN = made_run([(44e-9, MIDDLE), (60e-9, MIDDLE), (MIDDLE, 132e-9), (MIDDLE,)])


def test_a_region_with_a_wall_in_it_is_undecided():
    found = region_values(RUN, INVERTER, inverter_regions(INVERTER))
    assert found.value.sel(magnet="input").values.tolist() == [0, 0, -1, -1]
    assert found.value.sel(magnet="output").values.tolist() == [-1, -1, 0, 1]
    # Half of the output is up, half down.
    assert abs(float(found.projection.sel(magnet="output")[2])) < 0.1
    assert delay(found, {"output": 1}) == pytest.approx(3e-9)


def test_an_inverter_has_a_truth_table():
    output = region_values(RUN, INVERTER, inverter_regions(INVERTER)).projection.sel(magnet="output").values
    table = truth_table([[output[-1]], [output[2]]], [1, 1])
    assert (table.right.values.tolist(), table.undecided.values.tolist()) == ([1, 0], [0, 1])


def test_another_axis_is_read_whatever_its_length():
    regions = inverter_regions(INVERTER)
    across = region_values(RUN, INVERTER, regions, axis=(1, 0, 0))
    assert not across.value.any()
    twice = region_values(RUN, INVERTER, regions, axis=(0, 0, -2)).projection
    np.testing.assert_array_equal(twice, -region_values(RUN, INVERTER, regions).projection)


@rows(
    ("device", "regions", "axis", "words"),
    [
        (INVERTER, (), (0, 0, 1), "give one or more"),
        (INVERTER, (Region(name="a"), Region(name="a")), (0, 0, 1), "each with a name of its own"),
        (INVERTER, (Region(name="a"),), (0, 0, 0), "has no direction"),
        (Stripe.example(), (Region(name="a"),), (0, 0, 1), "give the device that was simulated"),
        (INVERTER, (Region(name="a", x=(0, 1e-10)),), (0, 0, 1), "covers no magnet"),
    ],
)
def test_what_cannot_be_read_is_refused(device, regions, axis, words):
    with pytest.raises(ValueError, match=words):
        region_values(RUN, device, regions, axis=axis)


def test_a_stripe_without_the_part_is_no_inverter():
    with pytest.raises(ValueError, match="no part 'inverter'"):
        inverter_regions(Stripe.example())
