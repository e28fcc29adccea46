"""A campaign's stored runs: as one Dataset where they fit, and as a table."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from runs.store import Store
from solitons.campaigns.framework.axes import Axis, points
from solitons.campaigns.framework.base import AbstractCampaign, LabelledRun, SweptPoint
from solitons.campaigns.framework.settling import settled_as_stored

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

__all__ = ["campaign_table", "open_campaign"]


def campaign_table(campaign: AbstractCampaign, store: str | Path, engine: str) -> pd.DataFrame:
    """The runs of a campaign, a row each, whether they are stored or not.

    Parameters
    ----------
    campaign : AbstractCampaign
        The campaign, of any kind that has runs.
    store : str or pathlib.Path
        The store's folder.
    engine : str
        The engine whose runs are meant.

    Returns
    -------
    pandas.DataFrame
        Indexed by `run_id`: a column for each swept axis (SI), `role` (what the run is for),
        `nx, ny, nz` (cells), and `stored` (bool).

    Raises
    ------
    ValueError
        If the campaign has no runs by its kind.

    Examples
    --------
    >>> from solitons import load_campaign
    >>> table = campaign_table(load_campaign("dw-synapse"), "no-such-store", "native")
    >>> list(table.columns), len(table)
    (['amplitude', 'width', 'role', 'nx', 'ny', 'nz', 'stored'], 8)
    """
    import pandas as pd

    folder, rows = Store(Path(store)), {}
    for at, run in _runs(campaign, engine, folder):
        point = run.role.values_by_axis if isinstance(run.role, SweptPoint) else {}
        nx, ny, nz = run.spec.device.shape
        rows[run.spec.run_id] = {
            **at,
            **point,
            "role": str(run.role),
            "nx": nx,
            "ny": ny,
            "nz": nz,
            "stored": folder.holds(run.spec.run_id),
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("run_id")


def open_campaign(
    campaign: AbstractCampaign,
    store: str | Path,
    engine: str,
    *,
    missing: Literal["raise", "fill"] = "raise",
) -> xr.Dataset:
    """All stored runs of a campaign as one lazy Dataset, or what is read off each: a swept parameter a dimension.

    Parameters
    ----------
    campaign : AbstractCampaign
        The campaign.
    store : str or pathlib.Path
        The store's folder.
    engine : str
        The engine whose runs are opened.
    missing : {"raise", "fill"}
        Action where a run is not in the store: raise, or fill its place with NaN, which takes
        no memory. So a campaign that is being computed can be looked at; open it again to see more.

    Returns
    -------
    xarray.Dataset
        As a run's, with a dimension for every axis, and ``run_id`` and the coordinate ``stored`` (bool)
        over them. Runs of different length are padded with NaN. Where cells differ from run to run, as in a sweep over
        sizes, the observables of the campaign in place of the runs, NaN where a run does not have them. A run of the
        sweep that the campaign did not choose is NaN, its ``run_id`` empty.

    Raises
    ------
    KeyError
        If a run is not in the store, or none is.
    ValueError
        If the kind has no runs, the runs are not from a sweep, or their cells differ and the kind
        reads no observables off each run; `campaign_table` lists them then.

    Examples
    --------
    Before anything was computed:

    >>> from solitons import load_campaign
    >>> open_campaign(load_campaign("dw-synapse"), "no-such-store", "native", missing="fill")
    Traceback (most recent call last):
    ...
    KeyError: "campaign 'dw-synapse' has no run of engine native in store 'no-such-store' yet"
    """
    folder = Store(Path(store))
    found = _runs(campaign, engine, folder)
    what = f"campaign {campaign.name!r}: "
    remedy = "; list them with campaign_table and open each with open_run"
    axes = list(getattr(campaign, "sweep", ()))
    specs = {}
    # A sweep may have further runs beside it, which campaign_table lists.
    swept = [(at, run) for at, run in found if isinstance(run.role, SweptPoint)]
    if not swept:
        raise ValueError(f"{what}its runs are no outer product of axes, such as {str(found[0][1].role)!r}{remedy}")
    for at, run in swept:
        values = at | run.role.values_by_axis
        specs[tuple(values[axis.name] for axis in axes)] = run.spec
    cells = {(spec.device.shape, spec.device.cell): None for spec in specs.values()}
    if len(cells) > 1 and type(campaign).observed is AbstractCampaign.observed:
        (first, _), (other, _) = list(cells)[:2]
        raise ValueError(
            f"{what}its runs have different cells, {first} and {other}, and fit into no one Dataset{remedy}"
        )
    opened = {
        point: folder.open(spec.run_id).drop_attrs(deep=False)
        for point, spec in specs.items()
        if missing == "raise" or folder.holds(spec.run_id)
    }
    if not opened:
        raise KeyError(f"campaign {campaign.name!r} has no run of engine {engine} in store {str(store)!r} yet")
    if len(cells) > 1:
        opened = {point: campaign.observed(specs[point], run) for point, run in opened.items()}
    nothing = _nothing_like(next(iter(opened.values())))
    # A campaign that chooses its runs makes a part of the sweep.
    runs = {
        point: opened.get(point, nothing).assign(
            run_id=specs[point].run_id if point in specs else "", stored=point in opened
        )
        for point in points(axes)
    }
    return _concatenated(runs, axes).set_coords("stored")


def _runs(campaign: AbstractCampaign, engine: str, store: Store) -> list[tuple[dict[str, float], LabelledRun[Any]]]:
    if not campaign.has_runs:
        raise ValueError(
            f"campaign {campaign.name!r} has no micromagnetic runs and never will: the reduced model computes all of "
            "it; read summary.json in its folder of the store"
        )
    return [
        (at, run) for at, variant in settled_as_stored(campaign, engine, store) for run in variant.labelled_runs(engine)
    ]


def _nothing_like(run: xr.Dataset) -> xr.Dataset:
    """The place of a run that is not there: its dimensions, and lazy NaN."""
    import xarray as xr

    return run.map(lambda each: xr.full_like(each, np.nan, dtype=each.dtype if each.dtype.kind == "f" else float))


def _concatenated(runs: dict[tuple[float, ...], xr.Dataset], axes: list[Axis]) -> xr.Dataset:
    import xarray as xr

    if not axes:
        return runs[()]
    axis = axes[0]
    parts = [
        _concatenated({point[1:]: run for point, run in runs.items() if point[0] == value}, axes[1:])
        for value in axis.values
    ]
    dimension = xr.DataArray(list(axis.values), dims=axis.name, name=axis.name, attrs={"units": axis.unit})
    return xr.concat(parts, dim=dimension, join="outer", data_vars="all", coords="minimal", compat="override")
