"""One OVF file as a Dataset: names, labels and units as a physicist expects them."""

from __future__ import annotations

import os
import re
from collections import Counter
from typing import Any

import numpy as np
import xarray as xr
from xarray.core import indexing

from runs.reading.known_headers import read_header
from runs.reading.lazy_frames import FrameArray
from runs.reading.ovf_data import open_file
from runs.reading.ovf_header import AXES, Header

_MAGNETISATION = ("magnetization", "m_full")
_DIRECTION = ("m", "spin")
# What discretisedfield writes for every field.
_NO_NAME = ("field", "field_x")
_RESERVED = (*AXES, "t", "step", "point", "vdims")


def open_header(path: str, segment: int | None = None) -> Header:
    """Read the header of a file's segment; see `read_header`."""
    with open_file(path) as stream:
        return read_header(stream, path, segment)


def file_dataset(path: str | os.PathLike[str], segment: int | None = None) -> xr.Dataset:
    """Open one segment (from 0, needed where there are several) of an OVF file lazily; see `OVFBackend`.

    An OVFError if the file is not OVF, or is not whole as far as its header and size tell.
    """
    name = os.path.abspath(path)
    header = open_header(name, segment)
    array = FrameArray((name,), header, over_time=False, segment=segment)
    attributes: dict[str, Any] = {"title": header.title, "description": "\n".join(header.description)}
    if header.time is not None:
        attributes["time"] = header.time
    return xr.Dataset(
        {variable_name(header, name): quantity_variable(array, header, name)},
        coordinates(header, name, segment),
        attributes | header.counters,
    )


def quantity_variable(array: FrameArray, header: Header, path: str, first: tuple[str, ...] = ()) -> xr.Variable:
    """Put a lazy array into a variable; `first` are dimensions before the mesh's."""
    dims = (*first, *(("point",) if header.irregular else AXES), *(("vdims",) if header.valuedim > 1 else ()))
    owner = re.fullmatch(r"\w+:[\w :]+", header.title)
    attributes = {"long_name": header.title if owner else _quantity(header, path) or "field"}
    if len(set(header.units)) == 1 and header.units[0]:
        attributes["units"] = header.units[0]
    chunks = dict(zip(dims, array.preferred_chunks, strict=True))
    return xr.Variable(dims, indexing.LazilyIndexedArray(array), attributes, {"preferred_chunks": chunks})


def coordinates(header: Header, path: str, segment: int | None = None) -> dict[str, xr.Variable]:
    """Return cell centres, or the points of an irregular mesh, and the components' names and units.

    The points are read from the file when they are asked for.
    """
    found = {}
    for index, axis in enumerate(AXES):
        values: Any
        if header.base is None or header.step is None:
            columns = range(index, index + 1)
            array = FrameArray((path,), header, over_time=False, columns=columns, segment=segment)
            dim, values, what = "point", indexing.LazilyIndexedArray(array), f"position along {axis}"
        else:
            values = header.base[index] + header.step[index] * np.arange(header.nodes[index])
            dim, what = axis, f"cell centre along {axis}" if header.has_sizes else f"number of the cell along {axis}"
        attributes = {"long_name": what} | ({"units": header.mesh_unit} if header.mesh_unit else {})
        found[axis] = xr.Variable(dim, values, attributes)
    if header.valuedim > 1:
        found["vdims"] = xr.Variable("vdims", np.array(component_names(header), dtype=np.str_))
        if len(set(header.units)) > 1:
            found["component_units"] = xr.Variable("vdims", np.array(header.units, dtype=np.str_))
    return found


def component_names(header: Header) -> list[str]:
    """Return what distinguishes the components: x, y, z of "Magnetization_x Magnetization_y Magnetization_z"."""
    prefix = _common_prefix(header.labels)
    if prefix:
        return [label[len(prefix) + 1 :] for label in header.labels]
    if header.labels and max(Counter(header.labels).values()) == 1:
        return list(header.labels)
    return list(AXES) if header.valuedim == 3 else [str(index) for index in range(header.valuedim)]


def variable_name(header: Header, path: str) -> str:
    """Return the name of the variable for what a file holds.

    M is magnetisation as A/m or whatever unit the file has and m its direction: OOMMF's "Magnetization" and mumax3's
    "m_full" are M, "Spin" and "m" are m. Anything else is called as in the file, with _ for what is no letter or digit,
    and "field" where the file does not tell. The extension .omf stands for magnetisation where the header lacks the
    quantity.
    """
    quantity = _quantity(header, path)
    if quantity.lower() in _DIRECTION:
        return "m"
    if quantity.lower() in _MAGNETISATION:
        return "m" if set(header.units) == {"1"} else "M"
    name = "".join(letter if f"_{letter}".isidentifier() else "_" for letter in quantity).strip("_") or "field"
    return f"field_{name}" if name in _RESERVED or not name.isidentifier() else name


def _quantity(header: Header, path: str) -> str:
    """Return what a file holds, in its own words; "" where it has none."""
    # "Oxs_TimeDriver::Magnetization", "ferromagnet:magnetization" and "m", but no path and no sentence.
    title = re.fullmatch(r"(?:\w[\w ]*::?)+(\w[\w ]*)|(\w+)", header.title)
    only = header.labels[0] if header.valuedim == 1 and header.labels else ""
    for words in (title[1] or title[2] if title else "", _common_prefix(header.labels), only):
        if words and words.lower() not in _NO_NAME:
            return words
    return "Magnetization" if path.lower().endswith(".omf") else ""


def _common_prefix(labels: tuple[str, ...]) -> str:
    """Return Magnetization of "Magnetization_x Magnetization_y": "" unless every label has it and an end of its own."""
    parts = [label.rpartition("_") for label in labels]
    prefixes, ends = {part[0] for part in parts}, {part[2] for part in parts}
    return prefixes.pop() if len(labels) > 1 and len(prefixes) == 1 and len(ends) == len(labels) else ""
