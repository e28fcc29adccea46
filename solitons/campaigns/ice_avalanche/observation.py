"""What the runs of a spin ice's campaign show: when islands turn, and how their moments lean."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import xarray as xr

from analysis import macrospins
from geometries import SpinIce
from runs import Store
from solitons.campaigns.ice_avalanche.campaign import IceRun
from solitons.spin_ice.lattice_fit import IslandRamp, PairRamp
from solitons.spin_ice.switching import field_along, switching_fields

__all__ = ["IceObservation", "island_ramp", "observe_ice", "observe_ice_runs", "pair_ramp"]


@dataclass(frozen=True, eq=False)
class IceObservation:
    """One run and what was read off it.

    Parameters
    ----------
    ice_run : IceRun
        The run and what it is for.
    islands : xarray.Dataset
        Its islands.
    spins : xarray.Dataset
        `analysis.macrospins` of it.
    field : array (steps)
        Applied field along the ramp in A/m.
    switching : xarray.Dataset
        `switching_fields` of it.
    energy : float
        Of the first state, without field, in J.
    engine_version : str
        What computed it.
    """

    ice_run: IceRun
    islands: xr.Dataset
    spins: xr.Dataset
    field: npt.NDArray[np.float64]
    switching: xr.Dataset
    energy: float
    engine_version: str


def observe_ice(ice_run: IceRun, run: xr.Dataset, field_angle: float) -> IceObservation:
    """Read macrospins and switching fields off a run.

    Parameters
    ----------
    ice_run : IceRun
        What the run is for.
    run : xarray.Dataset
        It.
    field_angle : float
        Direction of its ramp in rad from x.
    """
    device = ice_run.spec.device
    assert isinstance(device, SpinIce)  # the campaign has refused others
    islands = device.islands(ice_run.spec.material)
    spins = macrospins(run, islands, device.labels())
    field = field_along(run["applied_field"].values, field_angle)
    return IceObservation(
        ice_run=ice_run,
        islands=islands,
        spins=spins,
        field=field,
        switching=switching_fields(spins["spin"], field),
        energy=float(run["energy"].values[0]),
        engine_version=str(run.attrs["engine_version"]),
    )


def observe_ice_runs(
    ice_runs: Sequence[IceRun],
    store: str | Path,
    field_angle: float,
    progress: Callable[[], None] = lambda: None,
) -> list[IceObservation]:
    """`observe_ice` every run of a campaign; `progress` is called after each."""
    folder = Store(Path(store))
    found = []
    for ice_run in ice_runs:
        along = math.pi - ice_run.angle if ice_run.role in ("angle", "size") else field_angle
        found.append(observe_ice(ice_run, folder.open(ice_run.spec.run_id), along))
        progress()
    return found


def island_ramp(seen: IceObservation) -> IslandRamp:
    """A run of one island, along x, as the fit takes it."""
    mean = seen.spins["macrospin"].values[:, 0, :2]
    return IslandRamp(
        angle=seen.ice_run.angle,
        quantity=seen.ice_run.quantity,
        deviation=seen.ice_run.deviation,
        field=seen.field,
        # The field comes from the upper left: it has a part along +y.
        macrospin=mean,
        switching_field=float(seen.switching["switching_field"][0]),
        uncertainty=float(seen.switching["uncertainty"][0]),
    )


def pair_ramp(seen: IceObservation) -> PairRamp:
    """A run of two islands as the fit takes it."""
    kind = seen.ice_run.kind
    assert kind is not None  # only pairs come here
    return PairRamp(
        kind=kind,
        islands=seen.islands,
        reversed_source=seen.ice_run.reversed_source,
        disordered=seen.ice_run.seed is not None,
        energy=seen.energy,
        start=float(seen.field[1]),
        switching_field=seen.switching["switching_field"].values,
    )
