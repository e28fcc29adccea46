"""Conductance against pulse as a table: NetCDF and CSV, with units, spreads, provenance and residual.

The table is a Dataset over the sign of the pulses and their number in a train:

- ``conductance (sign, pulse)``: mean over devices and cycles, in S
- ``cycle_spread``: standard deviation from cycle to cycle of one device, pooled over devices, in S; readings included
- ``device_spread``: standard deviation over devices of their means, less what cycles alone would make of it, in S
- ``model``: what the fitted mean device has after as many pulses, in S
- ``residual``: conductance less model, in S
- ``trains``: how many there are

and over the nodes of the fitted steps ``node (S)``, ``step_up``, ``step_down`` (S). Its attributes have everything
else, as text or numbers. What has no number (a spread of one device, a train that is shorter) is NaN.
"""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import xarray as xr

from geometries.plain_files import LARGEST_TABLE, JsonError, parse_json, read_bytes, read_text
from runs.whole_files import write_whole, write_whole_by
from solitons.exports.pulse_fit import PulseFit

__all__ = ["FORMAT", "conductance_table", "read_table", "write_table"]

Floats = npt.NDArray[np.float64]

FORMAT = "soliton-workbench conductance table 1"
_MEASURED = ("conductance", "cycle_spread", "device_spread", "model", "residual", "trains")
_STEPS = ("step_up", "step_down")


def conductance_table(fit: PulseFit) -> xr.Dataset:
    """Conductance against pulse of fitted pulses, with all that is known of it.

    Parameters
    ----------
    fit : PulseFit
        Fit of measured or computed pulses.

    Returns
    -------
    xarray.Dataset
        As the module describes it.

    Examples
    --------
    >>> from solitons.exports import PulseData, fit_pulses
    >>> from solitons.exports.pulse_data import PulseSequence
    >>> path = 1e-6 * np.concatenate([np.arange(1, 21), np.arange(19, 0, -1)])
    >>> sign = np.repeat([1, -1], 19)
    >>> data = PulseData(tuple(PulseSequence("1", str(each), sign, path) for each in range(5)), "an ideal device")
    >>> table = conductance_table(fit_pulses(data))
    >>> dict(table.sizes), (1e6 * table.conductance.sel(sign=1)[:3]).values.round(3).tolist()  # uS
    ({'sign': 2, 'pulse': 20, 'node': 2}, [1.0, 2.0, 3.0])
    """
    trains = fit.data.trains()
    signs = sorted({each.sign for each in trains}, reverse=True)
    longest = max(each.conductance.size for each in trains)
    columns = {name: np.full((len(signs), longest), np.nan) for name in _MEASURED}
    for row, sign in enumerate(signs):
        own = [each for each in trains if each.sign == sign]
        padded = np.full((len(own), longest), np.nan)
        for index, each in enumerate(own):
            padded[index, : each.conductance.size] = each.conductance
        devices = np.array([each.device for each in own])
        there = np.isfinite(padded)
        columns["trains"][row] = there.sum(axis=0)
        columns["conductance"][row] = _mean(padded)
        columns["cycle_spread"][row], columns["device_spread"][row] = _spreads(padded, devices)
        size = int(np.flatnonzero(there.any(axis=0))[-1]) + 1
        first = int(np.argmax(there.any(axis=0)))
        start = columns["conductance"][row, first]
        columns["model"][row, first:size] = fit.synapse.train(start, np.full(size - first - 1, sign))
    columns["residual"] = columns["conductance"] - columns["model"]
    units = dict.fromkeys(_MEASURED, "S") | {"trains": "1"}
    table = xr.Dataset(
        {name: (("sign", "pulse"), values, {"units": units[name]}) for name, values in columns.items()}
        | {
            "step_up": ("node", fit.synapse.up, {"units": "S"}),
            "step_down": ("node", fit.synapse.down, {"units": "S"}),
        },
        coords={
            "sign": ("sign", np.array(signs, dtype=np.int32)),
            "pulse": ("pulse", np.arange(longest, dtype=np.int32)),
            "node": ("node", fit.synapse.nodes, {"units": "S"}),
        },
    )
    return table.assign_attrs(_attributes(fit))


def _attributes(fit: PulseFit) -> dict[str, Any]:
    synapse, origin = fit.synapse, fit.synapse.provenance
    assert origin is not None
    found: dict[str, Any] = {
        "format": FORMAT,
        "lowest_S": float(synapse.lowest),
        "highest_S": float(synapse.highest),
        "cycle_spread_of_a_pulse_up_S": float(synapse.cycle_up),
        "cycle_spread_of_a_pulse_down_S": float(synapse.cycle_down),
        "read_noise_S": float(synapse.read_noise),
        "device_spread_of_gain": float(synapse.gain) if synapse.spread_known else float("nan"),
        "verdict": fit.verdict.verdict,
        "reasons": json.dumps([each.sentence for each in fit.verdict.reasons], ensure_ascii=False),
        "held_out_rms_S": fit.errors.rms,
        "trivial_rms_S": fit.errors.trivial.rms,
        "provenance": origin.model_dump_json(),
        "origin": fit.data.origin,
    }
    if fit.levels is not None:
        found["levels"], found["levels_ci95"] = fit.levels.number, json.dumps(fit.levels.ci95)
    return found


def _mean(padded: Floats) -> Floats:
    count = np.isfinite(padded).sum(axis=0)
    return np.where(count > 0, np.nansum(padded, axis=0) / np.maximum(count, 1), np.nan)


def _spreads(padded: Floats, devices: npt.NDArray[np.str_]) -> tuple[Floats, Floats]:
    """From cycle to cycle, and from device to device."""
    squares, freedom = np.zeros(padded.shape[1]), np.zeros(padded.shape[1])
    means, counts = [], []
    for device in dict.fromkeys(devices.tolist()):
        own = padded[devices == device]
        mean = _mean(own)
        count = np.isfinite(own).sum(axis=0)
        squares += np.nansum((own - mean) ** 2, axis=0)
        freedom += np.maximum(count - 1, 0)
        means.append(mean)
        counts.append(count)
    nothing = np.full(padded.shape[1], np.nan)
    cycle = np.where(freedom > 0, np.sqrt(squares / np.maximum(freedom, 1)), nothing)
    if len(means) < 2:
        return cycle, nothing
    every = np.stack(means)
    whole = np.isfinite(every).all(axis=0)
    seen = np.where(whole, np.var(np.where(whole, every, 0.0), axis=0, ddof=1), nothing)
    by_chance = np.nan_to_num(cycle) ** 2 * np.mean(1 / np.maximum(np.stack(counts), 1), axis=0)
    return cycle, np.sqrt(np.maximum(seen - by_chance, 0.0))


def write_table(table: xr.Dataset, path: str | Path) -> Path:
    """Write a table as NetCDF (.nc) or CSV (.csv), by the file's ending.

    NetCDF is the classic format with 64-bit offsets, which every reader knows. In CSV each attribute is a line
    ``# name: value``, numbers have all their digits, and the nodes of the steps are a second block under a header of
    its own.

    Parameters
    ----------
    table : xarray.Dataset
        Table from `conductance_table`.
    path : str or pathlib.Path
        An existing file is replaced.

    Raises
    ------
    ValueError
        If the ending is another.

    Examples
    --------
    >>> import tempfile
    >>> steps = {"conductance": ("pulse", 1e-6 * np.array([1.0, 1.8, 2.4]), {"units": "S"})}
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = write_table(xr.Dataset(steps, attrs={"format": FORMAT}), Path(folder, "mine.nc"))
    ...     print(xr.load_dataset(path, engine="scipy")["conductance"].units)
    S
    """
    target = Path(path)
    if target.suffix == ".nc":
        write_whole_by(target, lambda unfinished: table.to_netcdf(unfinished, engine="scipy", format="NETCDF3_64BIT"))
    elif target.suffix == ".csv":
        write_whole(target, _as_csv(table))
    else:
        raise ValueError(f"write_table: {target.name} ends with {target.suffix!r}; write .nc (NetCDF) or .csv")
    return target


def read_table(path: str | Path) -> xr.Dataset:
    """Read what `write_table` wrote; every number comes back exactly.

    Raises
    ------
    ValueError
        If the file is no such table.

    Examples
    --------
    >>> import tempfile
    >>> steps = {"conductance": ("pulse", 1e-6 * np.array([1.0, 1.8, 2.4]), {"units": "S"})}
    >>> table = xr.Dataset(steps, attrs={"format": FORMAT})
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     again = read_table(write_table(table, Path(folder, "mine.nc")))
    >>> again.identical(table), (1e6 * again["conductance"].diff("pulse")).values.round(3).tolist()  # uS a pulse
    (True, [0.8, 0.6])
    """
    source = Path(path)
    if source.suffix == ".nc":
        content = io.BytesIO(read_bytes(source, LARGEST_TABLE))
        try:
            with xr.open_dataset(content, engine="scipy") as opened:
                table = opened.load()
        except (ArithmeticError, AttributeError, LookupError, MemoryError, TypeError, ValueError) as error:
            raise ValueError(f"{source}: not a netCDF file of version 3 ({error})") from error
        for name, value in table.attrs.items():
            table.attrs[name] = value.item() if isinstance(value, np.generic) else value
    else:
        text = read_text(source, LARGEST_TABLE)
        try:
            table = _from_csv(text)
        except (LookupError, ValueError, csv.Error) as error:
            raise ValueError(f"{source}: not a table that write_table wrote ({error})") from error
    if table.attrs.get("format") != FORMAT:
        raise ValueError(f"{source}: its format is {table.attrs.get('format')!r}, but {FORMAT!r} is what is read here")
    return table


def _as_csv(table: xr.Dataset) -> str:
    stream = io.StringIO()
    for name, value in table.attrs.items():
        stream.write(f"# {name}: {json.dumps(value, ensure_ascii=False)}\n")
    pen = csv.writer(stream, lineterminator="\n")
    pen.writerow(["sign", "pulse", *(f"{name} ({table[name].units})" for name in _MEASURED)])
    for row, sign in enumerate(table.sign.values):
        for column, pulse in enumerate(table.pulse.values):
            pen.writerow([sign, pulse, *(repr(float(table[name].values[row, column])) for name in _MEASURED)])
    pen.writerow([])
    pen.writerow(["node (S)", *(f"{name} (S)" for name in _STEPS)])
    for index, node in enumerate(table.node.values):
        pen.writerow([repr(float(node)), *(repr(float(table[name].values[index])) for name in _STEPS)])
    return stream.getvalue()


def _from_csv(text: str) -> xr.Dataset:
    attributes: dict[str, Any] = {}
    blocks: list[list[list[str]]] = [[]]
    for line in text.splitlines():
        if line.startswith("# ") and ": " in line:
            name, _, value = line[2:].partition(": ")
            try:
                attributes[name] = parse_json(value, finite=False)
            except JsonError:
                attributes[name] = value
        elif line.strip(","):
            blocks[-1].append(next(csv.reader([line])))
        elif blocks[-1]:
            blocks.append([])
    if attributes.get("format") != FORMAT or len(blocks) < 2:
        return xr.Dataset(attrs=attributes)
    (head, *rows), (_, *steps) = blocks[:2]
    names = [each.partition(" (")[0] for each in head[2:]]
    units = [each.partition(" (")[2].rstrip(")") for each in head[2:]]
    signs = list(dict.fromkeys(int(row[0]) for row in rows))
    values = np.array([[float(cell) for cell in row[2:]] for row in rows]).reshape(len(signs), -1, len(names))
    nodes = np.array([[float(cell) for cell in row] for row in steps])
    return xr.Dataset(
        {name: (("sign", "pulse"), values[:, :, index], {"units": units[index]}) for index, name in enumerate(names)}
        | {name: ("node", nodes[:, index + 1], {"units": "S"}) for index, name in enumerate(_STEPS)},
        coords={
            "sign": ("sign", np.array(signs, dtype=np.int32)),
            "pulse": ("pulse", np.arange(values.shape[1], dtype=np.int32)),
            "node": ("node", nodes[:, 0], {"units": "S"}),
        },
        attrs=attributes,
    )
