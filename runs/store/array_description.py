"""The description of an array of an entry: Zarr format 3, as far as this workbench writes it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from geometries.plain_files import parse_json

__all__ = ["LARGEST_CHUNK", "ArrayDescription", "parse_description"]

LARGEST_CHUNK = 1 << 32
"""Bytes of a chunk that are read at once, unpacked."""

_LONGEST_TEXT = 4096
_NUMBERS = {"bool": 1, "complex64": 8, "complex128": 16, "float16": 2, "float32": 4, "float64": 8} | {
    f"{sign}int{8 * size}": size for sign in ("", "u") for size in (1, 2, 4, 8)
}
_MEMBERS = {
    "group": {"zarr_format", "node_type", "attributes", "consolidated_metadata"},
    "array": {
        *("zarr_format", "node_type", "attributes", "shape", "data_type", "chunk_grid", "chunk_key_encoding"),
        *("fill_value", "codecs", "dimension_names", "storage_transformers"),
    },
}
_CHANGING = {
    "scale_factor",
    "add_offset",
    "missing_value",
    "_Unsigned",
    "dtype",
    "_Encoding",
    "flag_values",
    "flag_meanings",
}
_TEXTS = {"units", "coordinates", "grid_mapping", "calendar"}
# NaN as xarray writes it, a double in base 64 whatever the numbers are.
_MISSING = {(data_type, "AAAAAAAA+H8=") for data_type in ("float16", "float32", "float64")}


@dataclass(frozen=True)
class ArrayDescription:
    """Shape, chunks and names of the dimensions of an array; `chunk_size` are the bytes of a chunk, unpacked."""

    shape: tuple[int, ...]
    chunks: tuple[int, ...]
    dims: tuple[str, ...]
    chunk_size: int

    @property
    def chunk_count(self) -> int:
        """How many chunks it has."""
        return math.prod(-(-size // chunk) for size, chunk in zip(self.shape, self.chunks, strict=True))


# Most arrays of the runs of a campaign are described alike.
@lru_cache(maxsize=1024)
def parse_description(content: bytes) -> ArrayDescription | None:
    """Read a description; None for a group. What is not written here is a ValueError that names it."""
    found = parse_json(content, finite=False)
    form = found.get("zarr_format") if isinstance(found, dict) else None
    if form != 3 or isinstance(form, bool):
        raise ValueError(f"is of Zarr format {short(form)}, but only format 3 is read")
    kind = found.get("node_type")
    if kind not in _MEMBERS:
        raise ValueError(f"describes a {short(kind)}, but an array or a group is what is read")
    if unknown := sorted(set(found) - _MEMBERS[kind]):
        raise ValueError(f"has {short(unknown[0])}, which is not read")
    if kind == "group":
        _check_attributes(found.get("attributes", {}))
        # Zarr 3.0 wrote that there is nothing.
        if found.get("consolidated_metadata") not in (
            None,
            {"kind": "inline", "must_understand": False, "metadata": {}},
        ):
            raise ValueError("describes other arrays in it, which is not read")
        return None
    if found.get("storage_transformers", []) != []:
        raise ValueError(f"has storage transformers {short(found['storage_transformers'])}, which are not read")
    if found["chunk_key_encoding"] not in (
        {"name": "default"},
        {"name": "default", "configuration": {"separator": "/"}},
    ):
        raise ValueError(f"names its chunks by {short(found['chunk_key_encoding'])}, which is not read")
    item = _item_size(found["data_type"])
    _check_codecs(found["codecs"], one_byte=item == 1)
    _check_attributes(found.get("attributes", {}), found["data_type"])
    # Zero, nothing or NaN: what Zarr and xarray take.
    if not any(found["fill_value"] == fill for fill in _fills(found["data_type"])):
        raise ValueError(f"has the fill value {short(found['fill_value'])}, which is not read")
    grid = found["chunk_grid"]
    if not isinstance(grid, dict) or grid.get("name") != "regular":
        raise ValueError(f"has chunks {short(grid)}, but only regular ones are read")
    shape, chunks = _sizes(found["shape"], 0), _sizes(grid["configuration"]["chunk_shape"], 1)
    dims = found.get("dimension_names", [])
    if not isinstance(dims, list) or not all(isinstance(dim, str) for dim in dims) or len(set(dims)) != len(dims):
        raise ValueError(f"has the dimensions {short(dims)}, but each needs a name of its own")
    if not len(shape) == len(chunks) == len(dims):
        raise ValueError(f"has {len(dims)} dimensions, {len(shape)} sizes and {len(chunks)} sizes of a chunk")
    size = item * math.prod(chunks)
    if size > LARGEST_CHUNK:
        raise ValueError(f"has chunks of {size:.3g} bytes, but at most {LARGEST_CHUNK:.3g} are read at once")
    return ArrayDescription(shape, chunks, tuple(dims), size)


def _fills(data_type: Any) -> tuple[Any, ...]:
    if not isinstance(data_type, str):
        return ("",)
    if data_type.startswith("complex"):
        return ([0.0, 0.0], ["NaN", "NaN"], ["NaN", 0.0])
    return (0, "NaN") if data_type.startswith("float") else (0,)


def _check_attributes(attributes: Any, data_type: Any = None) -> None:
    """Check those by which xarray would change the numbers, or fail."""
    if not isinstance(attributes, dict):
        raise ValueError("has attributes that are no names with values")
    # xarray has truth values as small numbers.
    truth = {"dtype"} if (data_type, attributes.get("dtype")) == ("int8", "bool") else set()
    if changing := sorted(_CHANGING & set(attributes) - truth):
        raise ValueError(f"has the attribute {changing[0]!r}, by which its numbers would be changed on reading")
    for name in _TEXTS & set(attributes):
        if not isinstance(attributes[name], str):
            raise ValueError(f"has the attribute {name!r} {short(attributes[name])}, but a text is needed")
    if "_FillValue" in attributes and (data_type, attributes["_FillValue"]) not in _MISSING:
        raise ValueError(f"has {short(attributes['_FillValue'])} for what is missing, but only NaN is read")


def _check_codecs(codecs: Any, *, one_byte: bool) -> None:
    order, packed = _codecs(codecs)
    checksum, level = packed.get("checksum", False), packed.get("level", 0)
    if order not in ({"endian": "little"}, {"endian": "big"}, *([{}] if one_byte else [])):
        raise ValueError(f"has its bytes in the order {short(order)}, which is not read")
    if (
        packed != {"level": level, "checksum": checksum}
        or type(level) is not int
        or not 0 <= level <= 22
        or type(checksum) is not bool
    ):
        raise ValueError(f"is packed by zstd with {short(packed)}, whose settings are not read")


def _codecs(codecs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Settings of the two codecs."""
    whole: list[dict[str, Any]] = [{"name": codec} if isinstance(codec, str) else codec for codec in codecs]
    names = [codec["name"] for codec in whole]
    if names != ["bytes", "zstd"] or any(set(codec) - {"name", "configuration"} for codec in whole):
        raise ValueError(f"is packed with {short(names)}, but only ['bytes', 'zstd'] is read")
    order, packed = (codec.get("configuration", {}) for codec in whole)
    return order, packed


def _item_size(data_type: Any) -> int:
    """Bytes of a number, or of a text of a fixed length."""
    if isinstance(data_type, str) and data_type in _NUMBERS:
        return _NUMBERS[data_type]
    if isinstance(data_type, dict) and data_type.get("name") == "fixed_length_utf32":
        (length,) = _sizes([data_type["configuration"]["length_bytes"]], 4)
        if length <= _LONGEST_TEXT:
            return length
    raise ValueError(f"holds {short(data_type)}, but only numbers and text of a fixed length are read")


def _sizes(values: Any, least: int) -> tuple[int, ...]:
    if not isinstance(values, list) or any(type(value) is not int or value < least for value in values):
        raise ValueError(f"has the sizes {short(values)}, but each is a whole number of at least {least}")
    return tuple(values)


def short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:80]}..."
