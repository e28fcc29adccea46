"""Charts of what the solitons of a stored run do over time (`analysis.observables`)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from analysis.observables import observables_over_time
from runs.spec import RunSpec
from solitons.watch.open_runs import Kept, OpenRun, finished

__all__ = ["solitons_of"]

# Bytes of m, unpacked, that are read for a page; what is larger is for a script.
_LARGEST = 1 << 29
# Lines that can be distinguished.
_MOST_LINES = 12

_Find = Callable[[RunSpec, xr.Dataset], Sequence[xr.DataArray]]

_followed: Kept[tuple[Path, str, float | None], dict[str, Any]] = Kept(16)


def solitons_of(run: OpenRun) -> dict[str, Any]:
    """Charts of what the solitons do, by the kind of the device, and a note why there are none, or "".

    `charts` are as `open_runs.details` has them. What is stored damaged raises `CorruptEntryError`.
    """
    if run.stored is None:
        return {"charts": [], "note": "they are followed when the run is stored"}
    if run.spec is None:
        return {"charts": [], "note": "what this run is needs a device or an engine that is not installed here"}
    if "m" not in run.stored or "member" in run.stored.dims:
        return {"charts": [], "note": "they are followed in single runs with frames, not in ensembles"}
    find = observables_over_time(run.spec.device.kind)
    if find is None:
        return {"charts": [], "note": f"none are looked for in a device of kind {run.spec.device.kind}"}
    size = int(run.stored["m"].nbytes)
    if size > _LARGEST:
        return {
            "charts": [],
            "note": f"the frames take {size / 2**30:.1f} GiB, more than a page reads; follow them in a script, with "
            f"runs.open_run({run.state.run_id!r}, store)",
        }
    return _followed.get((run.root, run.state.run_id, run.state.last_word), lambda: _follow(run, find))


def _follow(run: OpenRun, find: _Find) -> dict[str, Any]:
    assert run.stored is not None
    assert run.spec is not None
    try:
        drawn = find(run.spec, run.stored)
    except (ValueError, TypeError) as error:
        return {"charts": [], "note": str(error)}
    values = np.asarray(run.stored[run.dimension].values, dtype=float)
    return {"charts": [finished(_chart(each), values) for each in drawn], "note": ""}


def _chart(values: xr.DataArray) -> dict[str, Any]:
    """A chart of values over frames, and over one dimension more where there are several lines."""
    lines = [str(each) for each in values.dims[1:]]
    columns = np.asarray(values.values, dtype=float).reshape(len(values), -1)
    names = [f"{lines[0]} {label}" for label in values[lines[0]].values] if lines else [str(values.attrs["long_name"])]
    shown = columns.T[:_MOST_LINES]
    left, title = columns.shape[1] - len(shown), str(values.attrs["long_name"])
    return {
        "title": f"{title} (the first {len(shown)}, {left} more)" if left else title,
        "unit": str(values.attrs["units"]),
        "series": [{"name": name, "values": each} for name, each in zip(names, shown, strict=False)],
    }
