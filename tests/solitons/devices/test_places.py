"""Places of a device: which one it is in, how long each lasts, and the drive from each to the next."""

import dataclasses

import numpy as np
import pytest
from rows import rows
from scipy import constants

from solitons.devices.place_plots import places_figure, places_table
from solitons.devices.places import Passage, Place, drive_between, lasting, lifetime, which_place

KT = constants.k * 300
RATE = 1e10


def place(number, left, right, of=3, barrier=40 * KT):
    """A place at 0, 1, 2, ..., with the drives that free the device and the places in which they leave it."""

    def way(step, drive):
        to = number + step if 0 <= number + step < of else None
        size, arrives = drive if isinstance(drive, tuple) else (drive, to)
        return Passage(to, number + step / 2, barrier, attempt_rate=RATE, drive=size, arrives=arrives)

    return Place(float(number), way(-1, left), way(1, right))


@rows(
    ("places", "drive"),
    [
        ([], None),
        ([place(0, -3, None, of=1)], 3),
        ([place(0, None, None, of=1)], None),
        # Outwards from the outermost there is no next place.
        ([place(0, None, 4), place(1, -5, 4), place(2, -3, None)], 5),
        ([place(0, None, 4, of=2), place(1, None, None, of=2)], None),
        # What jumps over a place is no way to it.
        ([place(0, None, (4, 2)), place(1, -5, 4), place(2, -3, None)], None),
    ],
)
def test_the_drive_that_takes_a_device_from_every_place_to_the_next(places, drive):
    assert drive_between(places) == drive


def test_a_device_is_in_a_place_between_its_hills():
    places = [place(0, None, None, of=2), dataclasses.replace(place(1, None, None, of=2), right=None)]
    assert which_place([-0.6, -0.4, 0.49, 0.5, 99.0, np.nan], places).tolist() == [-1, 0, 0, 1, 1, -1]


def test_two_ways_out_take_half_as_long_and_a_lower_hill_decides():
    way = Passage(1, 0.5, 40 * KT, attempt_rate=RATE)
    once = lifetime([way], 300.0)
    assert once == pytest.approx(np.exp(40) / RATE)
    assert lifetime([way, way], 300.0) == pytest.approx(once / 2)
    assert lifetime([way, dataclasses.replace(way, barrier=20 * KT)], 300.0) == pytest.approx(np.exp(20) / RATE)
    assert lifetime([way], 300.0, share=0.9) == pytest.approx(np.exp(36) / RATE)
    assert lifetime([], 300.0) == np.inf
    assert lifetime([dataclasses.replace(way, attempt_rate=None)], 300.0) is None


def test_how_well_a_barrier_is_known_is_how_well_its_time_is():
    found = lasting(place(1, None, None), 300.0, share=0.9, uncertainty=0.05)
    assert found.lasts == pytest.approx(np.exp(36) / RATE / 2)
    low, high = found.lasts_ci95
    assert np.log(high / found.lasts) == pytest.approx(36 * 0.05 * 1.96, rel=1e-3)
    assert np.log(found.lasts / low) == pytest.approx(36 * 0.05 * 1.96, rel=1e-3)
    assert lasting(Place(0.0, None, None), 300.0, 1.0, 0.0).lasts is None


def test_a_table_shows_what_is_known_of_places():
    places = [place(0, None, (4e11, 1), of=2), place(1, (-5e11, None), None, of=2)]
    places[0] = dataclasses.replace(places[0], conductance=2e-4, lasts=7200.0, lasts_ci95=(60.0, 4e8))
    places[1] = dataclasses.replace(places[1], right=None)
    head, table = places_table(places, "place (nm)", 1e9, 300.0)
    assert [dict(zip(head, row, strict=True)) for row in table] == [
        {
            "place (nm)": "0", "conductance (µS)": "200", "barrier, left (kT)": "40.0", "barrier, right (kT)": "40.0",
            "lasts at 300 K": "2 hours [1 minute, 13 years]", "current, left (10¹² A/m²)": "none",
            "current, right (10¹² A/m²)": "0.4 → 1e+09",
        },
        {
            "place (nm)": "1e+09", "conductance (µS)": "–", "barrier, left (kT)": "40.0", "barrier, right (kT)": "–",
            "lasts at 300 K": "–", "current, left (10¹² A/m²)": "−0.5 → no place", "current, right (10¹² A/m²)": "–",
        },
    ]  # fmt: skip


def test_arcs_are_as_high_as_the_barriers():
    places = [place(number, None, None) for number in range(3)]
    axes = places_figure(places, "position (nm)", 1e9, 300.0).axes[0]
    tops = [np.max(np.abs(line.get_ydata())) for line in axes.lines]
    assert [round(each) for each in tops if each] == [40] * 6
