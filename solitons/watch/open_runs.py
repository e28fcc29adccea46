"""One run as the page shows it: what it is, its table, and its frames, stored or as they come."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import numpy as np
import numpy.typing as npt

from runs.frames_so_far import FramesSoFar, frames_so_far, spec_in
from runs.spec import OlderSchemaError, RunSpec, read_spec
from runs.store import RunState, Store

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["Kept", "OpenRun", "details", "finished", "frame_of", "one_frame", "open_run_of", "prepare"]

Frame = npt.NDArray[np.float32]
K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

# Points that a line of a chart has at most: more than a screen has columns.
_MOST_POINTS = 1500
# Unpacked bytes of frames that are read at once, and kept for the next ones of a film.
_BLOCK = 1 << 26


class Kept(Generic[K, V]):
    """The last `most` results that are expensive to make, for all threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._items: OrderedDict[K, V] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: K, make: Callable[[], V]) -> V:
        """Value of a key, made if it is not there."""
        with self._lock:
            if key in self._items:
                self._items.move_to_end(key)
                return self._items[key]
        made = make()
        with self._lock:
            self._items[key] = made
            self._items.move_to_end(key)
            while len(self._items) > self._most:
                self._items.popitem(last=False)
        return made


@dataclass(frozen=True, eq=False)
class OpenRun:
    """A run that can be looked into.

    `state` is how it stands, `spec` what it is (None if unknown), `root` the folder of its store; `stored` is its lazy
    Dataset if it is in the store, else `so_far` has its frames up to now.
    """

    state: RunState
    spec: RunSpec | None
    root: Path
    stored: xr.Dataset | None = None
    so_far: FramesSoFar | None = None

    @property
    def frames(self) -> int:
        """How many frames there are."""
        if self.stored is not None:
            return int(self.stored.sizes[self.dimension])
        return 0 if self.so_far is None else len(self.so_far.values)

    @property
    def dimension(self) -> str:
        """The dimension along which they lie: "t" or "step"."""
        if self.stored is not None:
            return "t" if "t" in self.stored.dims else "step"
        return "t" if self.spec is None or self.spec.protocol.rest_fields is None else "step"


_opened: Kept[tuple[Path, str, float | None], OpenRun] = Kept(8)
_blocks: Kept[tuple[Path, str, float | None, int, int], Frame] = Kept(3)


_imports = threading.Lock()


def prepare() -> None:
    """Import what opening a run needs, which takes a second or two, once.

    One thread does it: xarray's list of back ends was seen without zarr where two threads imported it at once.
    """
    with _imports:
        import xarray as xr
        import zarr

        xr.backends.list_engines()
        del zarr


def open_run_of(state: RunState, store: Store) -> OpenRun:
    """Open a run of a store.

    A damaged entry raises `CorruptEntryError` or `StoreFormatError`, one that is gone `KeyError`.
    """
    prepare()
    if state.state == "stored":
        return _opened.get((store.root, state.run_id, state.last_word), lambda: _stored(state, store))
    if state.directory is None:
        return OpenRun(state, None, store.root)
    spec = spec_in(state.directory, state.run_id)
    return OpenRun(state, spec, store.root, so_far=None if spec is None else frames_so_far(state.directory, spec))


def _stored(state: RunState, store: Store) -> OpenRun:
    run = store.open(state.run_id)
    try:
        spec = read_spec(str(run.attrs.get("spec", "")), state.run_id)
    except OlderSchemaError as error:
        spec = error.spec
    except ValueError:
        spec = None
    return OpenRun(state, spec, store.root, stored=run)


def details(run: OpenRun) -> dict[str, Any]:
    """Description of a run and its table, as the page gets it.

    It has `id`, `state`, `device`, `engine`, `cells`, `size` (m), `layers`, `members`, `dimension`, `frames`, `values`
    (times in s or numbers of steps, of each frame), `playable` (whether all frames can be drawn, or only the newest),
    `components`, `component` (the most informative one), `every` (of how many cells one is drawn), `charts`.
    """
    answer: dict[str, Any] = {"id": run.state.run_id, "state": run.state.state, "frames": run.frames, "charts": []}
    answer |= {"dimension": run.dimension, "playable": run.stored is not None, "values": [], "components": []}
    if run.spec is not None:
        spec, device = run.spec, run.spec.device
        answer |= {
            "device": device.kind,
            "engine": spec.engine,
            "cells": list(device.shape),
            "size": list(device.extent),
            "layers": device.shape[2],
            "members": spec.ensemble.members if spec.ensemble is not None else None,
        }
        if run.stored is None or "m" in run.stored:
            charges = ["vertex charge", "monopole charge"] if device.kind == "spin_ice" else []
            answer["components"] = ["z", "x", "y", "direction", *charges]
            answer["component"] = _component(spec)
    elif run.stored is not None and "m" in run.stored:
        # A device or an engine that is not installed here: its cells are in its coordinates.
        cells = [run.stored.sizes[axis] for axis in "xyz"]
        size = [number * _cell(run.stored[axis].values) for axis, number in zip("xyz", cells, strict=True)]
        answer |= {"device": "device that is not installed here", "engine": str(run.stored.attrs.get("engine", ""))}
        answer |= {"cells": cells, "size": size, "layers": cells[2], "members": run.stored.sizes.get("member")}
        answer |= {"components": ["z", "x", "y", "direction"], "component": "direction"}
    values = run.so_far.values if run.so_far is not None else None
    if run.stored is not None:
        values = run.stored[run.dimension].values
    if values is not None and len(values):
        answer["values"] = [_number(value) for value in values]
        answer["charts"] = _charts(run, np.asarray(values, dtype=float))
    return answer


def _cell(centres: npt.NDArray[np.float64]) -> float:
    """Length of a cell in m; the corner of a device is at the origin."""
    return float(centres[1] - centres[0]) if len(centres) > 1 else 2 * float(centres[0])


def _component(spec: RunSpec) -> str:
    perpendicular = spec.material.Ku > 0 and abs(spec.material.easy_axis[2]) > 0.9
    return "z" if perpendicular and spec.device.kind != "spin_ice" else "direction"


def _charts(run: OpenRun, values: npt.NDArray[np.float64]) -> list[dict[str, Any]]:
    """The table's columns, each kind in one chart."""
    if run.so_far is not None:
        columns = {name: (column, _UNITS[name]) for name, column in run.so_far.columns.items()}
    else:
        assert run.stored is not None
        columns = {}
        for name, variable in run.stored.data_vars.items():
            frames = variable.dims[:1] == (run.dimension,) or variable.dims[:2] == ("member", run.dimension)
            if name in ("m", run.dimension) or not frames or variable.dtype.kind not in "fi":
                continue
            over = variable.mean("member") if "member" in variable.dims else variable
            unit = str(variable.attrs.get("units", "1"))
            if over.ndim == 1:
                columns[str(name)] = over.values, unit
            elif over.ndim == 2:
                for number, part in enumerate(over.transpose(run.dimension, ...).values.T):
                    label = str(over[over.dims[1]].values[number]) if over.dims[1] in over.coords else str(number)
                    columns[f"{name} {label}"] = part, unit
    charts: dict[str, dict[str, Any]] = {}
    for name, (column, unit) in columns.items():
        title, line = _TITLES.get(name, (None, name))
        title = title or name.rpartition(" ")[0].replace("_", " ") or name.replace("_", " ")
        chart = charts.setdefault(title, {"title": title, "unit": unit, "series": []})
        if name.partition(" ")[0] in _DRIVES and run.spec is not None and _is_held(run.spec):
            chart["held"] = True
        chart["series"].append({"name": line.rpartition(" ")[2], "values": np.asarray(column, dtype=float)})
    shown = [chart for chart in charts.values() if any(_tells(each["values"]) for each in chart["series"])]
    order = list(dict.fromkeys(title for title, _ in _TITLES.values()))
    for chart in shown:
        chart["series"].sort(key=lambda each: each["name"])
    shown.sort(key=lambda chart: order.index(chart["title"]) if chart["title"] in order else len(order))
    return [finished(chart, values) for chart in shown]


# What drives a run, in each frame.
_DRIVES = ("applied_field", "current", "current_density", "voltage")


def _is_held(spec: RunSpec) -> bool:
    """Whether a drive keeps its value until it jumps to the next, so that no line may join two frames by a ramp."""
    steps = getattr(spec.protocol, "steps", ())
    return all(step.do.startswith("constant") or step.do in ("rest", "relax") for step in steps)


_UNITS = {"energy": "J", "mx": "1", "my": "1", "mz": "1"}
_TITLES = {
    **{f"m{axis}": ("mean magnetisation", f"m{axis}") for axis in "xyz"},
    "energy": ("energy", "energy"),
}


def _tells(values: npt.NDArray[np.float64]) -> bool:
    """Whether a line is more than 0 throughout."""
    return bool(np.any(np.nan_to_num(values)))


def finished(chart: dict[str, Any], values: npt.NDArray[np.float64]) -> dict[str, Any]:
    """A chart with its abscissa and no more points than a screen shows; what is not finite becomes null."""
    every = -(-len(values) // _MOST_POINTS)
    series = [
        {"name": each["name"], "values": [_number(value) for value in np.asarray(each["values"], float)[::every]]}
        for each in chart["series"]
    ]
    return chart | {"series": series, "x": [_number(value) for value in values[::every]]}


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def frame_of(run: OpenRun, frame: int, member: int = 0) -> Frame | None:
    """The unit vectors (x, y, z, 3) of a frame; the last one for -1. None where it cannot be had.

    A damaged entry raises `CorruptEntryError`.
    """
    if run.stored is None:
        return None if run.so_far is None else run.so_far.newest
    if "m" not in run.stored or run.frames == 0:
        return None
    m = run.stored["m"]
    if "member" in m.dims:
        m = m.isel(member=min(max(member, 0), m.sizes["member"] - 1))
    number = run.frames - 1 if frame < 0 else min(frame, run.frames - 1)
    length = max(1, min(32, _BLOCK // max(1, int(m[0].nbytes))))
    first = number - number % length
    key = run.root, run.state.run_id, run.state.last_word, member, first
    block = _blocks.get(key, lambda: np.asarray(m[first : first + length].values))
    chosen: Frame = block[number - first]
    return chosen


def one_frame(run: OpenRun, m: Frame) -> xr.Dataset:
    """A frame as a run of its own, for what looks at runs."""
    import xarray as xr

    assert run.spec is not None
    first = np.array([0.0]) if run.dimension == "t" else np.array([0])
    dims = (run.dimension, "x", "y", "z", "vdims")
    units = {"units": "s"} if run.dimension == "t" else {}
    return xr.Dataset(
        {"m": (dims, m[np.newaxis], {"units": "1"})},
        coords={run.dimension: (run.dimension, first, units), "vdims": ["x", "y", "z"]} | run.spec.device.coordinates(),
    )
