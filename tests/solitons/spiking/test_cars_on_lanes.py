import numpy as np
import pytest
from rows import rows

from solitons.spiking.cars_on_lanes import CAR_WIDTH, Road, record_cars

QUIET = {"missed": 0.0, "jitter": 0.0, "noise": 0.0, "speed_spread": 0.0}


def _pixels(recording, side):
    address = recording.events.addresses
    return address // 2 // side, address // 2 % side, address % 2


def test_a_seed_is_a_recording():
    first, again, other = (record_cars(Road(), 10.0, seed) for seed in (1, 1, 2))
    assert np.array_equal(first.events.times, again.events.times)
    assert np.array_equal(first.events.addresses, again.events.addresses)
    assert first.events.times.size != other.events.times.size


def test_the_front_of_a_car_crosses_the_picture_in_time_and_its_back_follows():
    road = Road(**QUIET, lanes=2, far=1.0, arrivals=0.05, crossing=0.8, length=(0.2, 0.2))
    recording = record_cars(road, 100.0, 3)
    side = road.pixels
    _, y, polarity = _pixels(recording, side)
    lanes_side = recording.events.addresses // 2 // side >= side // 2
    for lane, enters in zip(recording.cars.lane.values, recording.cars.enters.values, strict=True):
        way = (y if lane == 0 else side - 1 - y) + 0.5
        front = enters + way / side * road.crossing
        mine = lanes_side == bool(lane)
        at_front = mine & np.isclose(recording.events.times, front, atol=1e-12)
        at_back = mine & np.isclose(recording.events.times, front + 0.2 * road.crossing, atol=1e-12)
        across = np.sum(
            np.abs(np.arange(side) + 0.5 - (side / 4 if lane == 0 else 3 * side / 4)) <= CAR_WIDTH * side / 4
        )
        if enters + 1.2 * road.crossing < recording.duration:
            assert at_front.sum() == at_back.sum() == across * side
            assert len(set(polarity[at_front])) == 1
            assert set(polarity[at_back]) == {1 - polarity[at_front][0]}


def test_cars_of_a_lane_keep_to_it_and_are_told_from_those_of_others():
    road = Road(**QUIET, lanes=6)
    recording = record_cars(road, 60.0, 4)
    x, y, _ = _pixels(recording, road.pixels)
    scale = road.far + (1 - road.far) * (y + 0.5) / road.pixels
    lane = ((x + 0.5 - road.pixels / 2) / (road.pixels * scale) + 0.5) * road.lanes
    # Within a lane a car covers its middle part only.
    assert np.all(np.abs(lane - np.floor(lane) - 0.5) <= CAR_WIDTH / 2 + 1e-9)
    assert set(np.floor(lane).astype(int)) == set(range(6))


def test_arrivals_noise_and_missed_events_are_as_often_as_said():
    road = Road(lanes=4, arrivals=0.5, headway=0.5, noise=0.3, missed=0.4, crossing=0.5)
    recording = record_cars(road, 300.0, 5)
    # The mean time from one to the next is the headway and 1 / arrivals.
    expected = 4 * 300.0 / (0.5 + 2.0)
    assert abs(recording.cars.sizes["car"] - expected) < 4 * expected**0.5
    assert np.all(np.diff(recording.cars.enters.where(recording.cars.lane == 1, drop=True)) >= 0.5)
    without = record_cars(Road(lanes=4, arrivals=0.5, headway=0.5, noise=0.0, missed=0.4, crossing=0.5), 300.0, 5)
    noise = recording.events.times.size - without.events.times.size
    assert abs(noise - 0.3 * 300 * 32**2) < 4 * (0.3 * 300 * 32**2) ** 0.5
    complete = record_cars(Road(lanes=4, arrivals=0.5, headway=0.5, noise=0.0, missed=0.0, crossing=0.5), 300.0, 5)
    per_car = complete.events.times.size / complete.cars.sizes["car"]
    assert without.events.times.size / without.cars.sizes["car"] == pytest.approx(0.6 * per_car, rel=0.05)


@rows(
    ("fields", "words"),
    [
        ({"lanes": 40}, "pixels wide and may be seen by none"),
        ({"length": (0.3, 0.2)}, "swap them"),
        ({"missed": 1.0}, "less than 1"),
    ],
)
def test_a_road_that_cannot_be_seen_is_refused(fields, words):
    with pytest.raises(ValueError, match=words):
        Road(**fields)


def test_no_time_is_no_recording():
    with pytest.raises(ValueError, match="give a time above 0"):
        record_cars(Road(), 0.0, 1)
