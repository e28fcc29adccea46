"""What the solitons of a stored run do over time: the walls of a stripe, skyrmions, the monopoles of a spin ice."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from geometries import SpinIce
from solitons.watch.open_runs import Kept, OpenRun, finished

__all__ = ["solitons_of"]

# Bytes of m, unpacked, that are read for a page; what is larger is for a script.
_LARGEST = 1 << 29
# Lines that can be told apart.
_MOST_LINES = 12

_Find = Callable[[OpenRun], tuple[list[dict[str, Any]], str]]

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
    find = _BY_DEVICE.get(run.spec.device.kind)
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
    try:
        charts, note = find(run)
    except (ValueError, TypeError) as error:
        return {"charts": [], "note": str(error)}
    values = np.asarray(run.stored[run.dimension].values, dtype=float)
    return {"charts": [finished(chart, values) for chart in charts], "note": note}


def _walls(run: OpenRun) -> tuple[list[dict[str, Any]], str]:
    from analysis import walls

    assert run.stored is not None
    found = walls(run.stored)
    if not found.sizes["wall"]:
        return [], str(found.attrs.get("no_walls", "no wall was found"))
    number = np.isfinite(found["position"].values).sum(axis=1)
    charts = [
        _chart("wall position", "m", found["position"].values, "wall", found["wall"].values),
        _chart("wall angle", "rad", found["angle"].values, "wall", found["wall"].values),
    ]
    if found.sizes["wall"] > 1:
        charts.append(_chart("number of walls", "1", number[:, np.newaxis], "walls", [""]))
    return charts, ""


def _skyrmions(run: OpenRun) -> tuple[list[dict[str, Any]], str]:
    from analysis import find_skyrmions

    assert run.stored is not None
    found = find_skyrmions(run.stored)
    names = found["skyrmion"].values
    charts = [_chart("number of skyrmions", "1", found["number"].values[:, np.newaxis], "skyrmions", [""])]
    if len(names):
        charts += [
            _chart("skyrmion x", "m", found["x"].values, "skyrmion", names),
            _chart("skyrmion y", "m", found["y"].values, "skyrmion", names),
        ]
    return charts, ""


def _monopoles(run: OpenRun) -> tuple[list[dict[str, Any]], str]:
    from analysis import macrospins, vertices

    assert run.stored is not None
    assert run.spec is not None
    device = run.spec.device
    assert isinstance(device, SpinIce)
    islands = device.islands(run.spec.material)
    spin = macrospins(run.stored, islands, device.labels())["spin"]
    charge = vertices(spin, islands)["monopole_charge"].values.astype(float)
    moment = islands["axis"].values[np.newaxis] * spin.values[..., np.newaxis]
    return [
        _chart("monopoles", "1", np.abs(charge).sum(axis=1)[:, np.newaxis] / 2, "monopoles", [""]),
        _chart("mean moment of the islands", "1", moment.mean(axis=1), "along", ["x", "y"]),
    ], ""


_BY_DEVICE = {"stripe": _walls, "skyrmion_track": _skyrmions, "spin_ice": _monopoles}


def _chart(title: str, unit: str, columns: npt.NDArray[Any], name: str, labels: Any) -> dict[str, Any]:
    columns = np.asarray(columns, dtype=float)
    shown = columns.T[:_MOST_LINES]
    series = [{"name": f"{name} {label}".strip(), "values": each} for label, each in zip(labels, shown, strict=False)]
    left = columns.shape[1] - len(shown)
    return {
        "title": f"{title} (the first {len(shown)}, {left} more)" if left else title,
        "unit": unit,
        "series": series,
    }
