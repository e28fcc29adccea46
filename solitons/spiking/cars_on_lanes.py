"""An artificial recording of an event camera: cars on the lanes of a road, with the truth beside it.

The recordings on which such networks were shown to count cars (a dynamic vision sensor above a motorway) come with no
package, so that this one is made up: every number that follows from it belongs to an artificial road.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import numpy as np
from pydantic import Field, model_validator

from geometries.description import Description
from geometries.quantities import Duration, PureNumber
from solitons.spiking.events import EventRecording

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["CarRecording", "Road", "record_cars"]

CAR_WIDTH = 0.7
"""Width of a car as part of its lane's."""


class Road(Description):
    """A straight road seen in perspective by a camera that reports changes of brightness.

    Half of the lanes lead away from the camera, the others towards it. The picture has `pixels` times `pixels` pixels;
    the far end of the road is drawn at `far` times the scale of the near one. A car covers the pixels of its lane from
    its front to its back. Where its front arrives a pixel reports a change of brightness, where its back leaves the
    opposite one; bright and dark cars are as frequent, so that both polarities come first. A pixel that is covered
    misses an event with the chance `missed`, is off by `jitter`, and reports noise at the rate `noise`.

    Parameters
    ----------
    lanes : int
        Number of lanes, at least 2.
    pixels : int
        Along each side of the picture.
    arrivals : float
        Cars a second on each lane, beyond the shortest distance in time.
    headway : float
        Shortest time in s between the arrivals of two cars on a lane.
    crossing : float
        Time in s that a car of mean speed takes from one end of the picture to the other.
    speed_spread : float
        Standard deviation of the logarithm of the speed, which a car keeps.
    far : float
        Scale at the far end over that at the near end.
    length : (float, float)
        Shortest and longest car, as parts of the picture's height at the near end.
    missed : float
        Chance that a pixel misses an event.
    jitter : float
        Standard deviation of an event's time, in s.
    noise : float
        Events a second of each pixel that no car makes.
    """

    lanes: Annotated[int, Field(ge=2, le=64)] = 6
    pixels: Annotated[int, Field(ge=8, le=256)] = 32
    arrivals: Annotated[float, Field(gt=0, le=100)] = 0.12
    headway: Annotated[Duration, Field(ge=0)] = 0.6
    crossing: Annotated[Duration, Field(gt=1e-3)] = 1.0
    speed_spread: Annotated[PureNumber, Field(ge=0, le=1)] = 0.1
    far: Annotated[PureNumber, Field(gt=0, le=1)] = 0.5
    length: tuple[Annotated[PureNumber, Field(gt=0, le=1)], Annotated[PureNumber, Field(gt=0, le=1)]] = (0.1, 0.22)
    missed: Annotated[PureNumber, Field(ge=0, lt=1)] = 0.1
    jitter: Annotated[Duration, Field(ge=0)] = 3e-3
    noise: Annotated[float, Field(ge=0, le=1e3)] = 0.05

    @model_validator(mode="after")
    def _can_be_drawn(self) -> Road:
        if self.length[0] > self.length[1]:
            raise ValueError(f"length = {self.length}: the shortest car is longer than the longest; swap them")
        narrowest = CAR_WIDTH * self.pixels / self.lanes * self.far
        if narrowest < 1:
            raise ValueError(
                f"lanes = {self.lanes} in {self.pixels} pixels: a car at the far end is {narrowest:.2g} pixels wide "
                "and may be seen by none; give fewer lanes, more pixels, or a larger value of far"
            )
        return self

    @property
    def inputs(self) -> int:
        """Number of inputs of a network that sees the road: two polarities a pixel."""
        return 2 * self.pixels**2


@dataclass(frozen=True)
class CarRecording:
    """A recording, which lasts `duration` (s), and the cars that made it.

    The address of an event is 2 (pixels x + y) + polarity, with the polarity 0 of a pixel that becomes brighter. `cars`
    has `lane`, `enters` and `leaves` (s) over `car`: between the two the car is in the picture.
    """

    events: EventRecording
    cars: xr.Dataset
    duration: float


def record_cars(road: Road, duration: float, seed: int) -> CarRecording:
    """Record a road for a while.

    Cars come at random: the time from one to the next on a lane is the headway and an exponential time. They arrive
    before `duration` (s) ends; events after it are left out.
    """
    if not duration > 0:
        raise ValueError(f"record_cars: duration = {duration:g} s; give a time above 0")
    generator = np.random.default_rng(seed)
    side = road.pixels
    x, y = np.meshgrid(np.arange(side) + 0.5, np.arange(side) + 0.5, indexing="ij")
    scale = road.far + (1 - road.far) * y / side
    address = 2 * (np.arange(side)[:, None] * side + np.arange(side))
    times, addresses, cars = [], [], []
    for lane in range(road.lanes):
        middle = side / 2 + ((lane + 0.5) / road.lanes - 0.5) * side * scale
        covered = np.abs(x - middle) <= CAR_WIDTH / 2 * side / road.lanes * scale
        # The way to a pixel from where cars of this lane come into the picture.
        way = (y if lane < road.lanes // 2 else side - y)[covered]
        seen, size = address[covered], scale[covered]
        arrival = generator.exponential(1 / road.arrivals)
        while arrival < duration:
            speed = side / road.crossing * np.exp(generator.normal(0.0, road.speed_spread))
            length = side * generator.uniform(*road.length)
            front = arrival + way / speed
            bright = bool(generator.random() < 0.5)
            for when, brighter in ((front, bright), (front + length * size / speed, not bright)):
                detected = generator.random(when.size) >= road.missed
                times.append((when + generator.normal(0.0, road.jitter, when.size))[detected])
                addresses.append((seen + (0 if brighter else 1))[detected])
            cars.append((lane, arrival, arrival + (side + length) / speed))
            arrival += road.headway + generator.exponential(1 / road.arrivals)
    noise = generator.poisson(road.noise * duration * side * side)
    times.append(generator.uniform(0.0, duration, noise))
    addresses.append(generator.integers(0, road.inputs, noise))
    at, where = np.concatenate(times), np.concatenate(addresses)
    order = np.argsort(at, kind="stable")
    order = order[(at[order] >= 0) & (at[order] < duration)]
    import xarray as xr

    table = np.array(sorted(cars, key=lambda car: car[1]), dtype=float).reshape(-1, 3)
    return CarRecording(
        events=EventRecording(at[order], where[order], road.inputs),
        cars=xr.Dataset(
            {
                "lane": ("car", table[:, 0].astype(int)),
                "enters": ("car", table[:, 1], {"units": "s"}),
                "leaves": ("car", table[:, 2], {"units": "s"}),
            }
        ),
        duration=duration,
    )
