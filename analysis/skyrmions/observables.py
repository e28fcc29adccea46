"""Observables of skyrmions over time, for the page on a store."""

from __future__ import annotations

from collections.abc import Sequence

import xarray as xr

from analysis.observables import Observables
from analysis.skyrmions.finding import find_skyrmions
from runs.spec import RunSpec

__all__ = ["OBSERVABLES"]


def _over_time(spec: RunSpec, run: xr.Dataset) -> Sequence[xr.DataArray]:
    del spec
    found = find_skyrmions(run)
    drawn = [found["number"].assign_attrs(long_name="number of skyrmions", units="1")]
    if found.sizes["skyrmion"]:
        drawn += [found[each].assign_attrs(long_name=f"skyrmion {each}", units="m") for each in ("x", "y")]
    return drawn


OBSERVABLES = Observables(over_time={"skyrmion_track": _over_time})
