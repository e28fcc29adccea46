"""A run of a sweep, with what several observables are read off: its walls, its islands' spins."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import xarray as xr

from analysis import macrospins, walls
from analysis.domain_walls.absence import NoWalls
from analysis.schema import frame_dimension
from geometries import SpinIce, Stripe
from runs.spec import RunSpec

__all__ = ["NotInThisRun", "SeenRun"]


class NotInThisRun(ValueError):
    """A run does not have what was looked for; the message has the reason, without the run's name."""


@dataclass(frozen=True, eq=False)
class SeenRun:
    """A lazy run and what is seen in it, each found once, when it is asked for."""

    spec: RunSpec
    run: xr.Dataset

    @cached_property
    def walls(self) -> xr.Dataset:
        """`analysis.walls` of it; of field steps too, with the number of the step in the place of t.

        `NotInThisRun` if walls cannot be followed in it.
        """
        run = self.run
        if frame_dimension(run) == "step":
            # Walls are linked from state to state as from time to time; what has a time in it nobody asks for.
            count = np.arange(run.sizes["step"], dtype=np.float64)
            run = run.drop_vars("step").rename(step="t").assign_coords(t=("t", count, {"units": "s"}))
        device = self.spec.device
        component = device.domain_axis if isinstance(device, Stripe) else None
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", NoWalls)  # which the campaign's notes say
            try:
                return walls(run, component=component)
            except ValueError as error:
                raise NotInThisRun(f"walls cannot be followed in it: {error}") from error

    @cached_property
    def first_wall(self) -> xr.Dataset:
        """The wall that was there first, the leftmost of several; `NotInThisRun` if there is none in any frame."""
        if not self.walls.sizes["wall"]:
            raise NotInThisRun(f"there is no wall: {self.walls.attrs['no_walls']}")
        return self.walls.isel(wall=0)

    @cached_property
    def islands(self) -> xr.Dataset:
        """The islands of its spin ice."""
        assert isinstance(self.spec.device, SpinIce)  # `measured` has refused others
        return self.spec.device.islands(self.spec.material)

    @cached_property
    def spins(self) -> xr.DataArray:
        """Spins of the islands, +1 and -1, over frames and islands; `NotInThisRun` if they cannot be distinguished."""
        assert isinstance(self.spec.device, SpinIce)  # as above
        try:
            return macrospins(self.run, self.islands, self.spec.device.labels())["spin"]
        except ValueError as error:
            raise NotInThisRun(f"islands cannot be seen in it: {error}") from error
