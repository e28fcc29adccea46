"""Numbers, vectors, tables over regions and fields: whether a MIF file has the value that a term has."""

import math
from collections.abc import Mapping
from typing import Any

import discretisedfield as df
import numpy as np

from runs.mif.ledger import Asked, Entry, Ledger
from runs.mif.regions import region_names
from runs.mif.text import split_list

__all__ = ["check_file", "check_pairs", "check_scalar", "check_vector", "check_word", "same_number"]

_TABLE = "give a dict with one number a subregion, which keeps the sign, or use engine 'native' (runs.native)"


def same_number(word: str, value: Any) -> bool:
    """Say whether a word is this number, to the last digit that its type holds."""
    try:
        read, asked = float(word), float(value)
    except (TypeError, ValueError):
        return False
    single = isinstance(value, np.floating) and value.dtype.itemsize < 8
    return math.isclose(read, asked, rel_tol=float(np.finfo(value.dtype).eps) if single else 0.0)


def same_vector(word: str, value: Any) -> bool:
    """Say whether a word is this list of numbers."""
    components = split_list(word)
    return len(components) == len(value) and all(map(same_number, components, value))


def check_word(ledger: Ledger, asked: Asked, entry: Entry, label: str, expected: Any) -> None:
    """Raise unless a block has this word, number or list of numbers under a label.

    Raises
    ------
    ModelLostError
        It has none or another.
    """
    word = _taken(ledger, asked, entry, label)
    if isinstance(expected, str):
        same = split_list(word) == split_list(expected)
    else:
        same = same_vector(word, expected) if np.ndim(expected) else same_number(word, expected)
    if not same:
        raise ledger.lost(asked, f"{entry.title} has {label} {word!r}")


def check_scalar(ledger: Ledger, asked: Asked, entry: Entry, label: str, *, default: float = 0.0) -> None:
    """Raise unless a block has a scalar parameter as it was asked for: a number, a dict or a field.

    `default` is what OOMMF must take where a dict names no region and has no "default".

    Raises
    ------
    ModelLostError
        It has none or another.
    """
    if isinstance(asked.value, df.Field):
        norm = ledger.refer(asked, "Oxs_VecMagScalarField", _taken(ledger, asked, entry, label))
        _check_field(ledger, asked, _taken(ledger, asked, norm, "field"), dimensions=1)
    elif isinstance(asked.value, dict):
        _check_table(ledger, asked, entry, label, "Oxs_AtlasScalarField", default, same_number)
    else:
        check_word(ledger, asked, entry, label, asked.value)


def check_vector(ledger: Ledger, asked: Asked, entry: Entry, label: str) -> None:
    """Raise unless a block has a vector parameter as it was asked for: three numbers, a dict or a field.

    Raises
    ------
    ModelLostError
        It has none or another.
    """
    if isinstance(asked.value, df.Field):
        _check_field(ledger, asked, _taken(ledger, asked, entry, label), dimensions=3)
    elif isinstance(asked.value, dict):
        _check_table(ledger, asked, entry, label, "Oxs_AtlasVectorField", (0.0, 0.0, 0.0), same_vector)
    else:
        check_word(ledger, asked, entry, label, asked.value)


def check_pairs(ledger: Ledger, asked: Asked, entry: Entry, label: str) -> None:
    """Raise unless a block has the coupling within and between regions that was asked for, a number or a dict.

    Raises
    ------
    ModelLostError
        It has none or another.
    """
    value: Mapping[str, Any] = asked.value if isinstance(asked.value, dict) else {"default": asked.value}
    check_word(ledger, asked, entry, "atlas", ":main_atlas")
    check_word(ledger, asked, entry, f"default_{label}", value.get("default", 0))
    words = split_list(_taken(ledger, asked, entry, label))
    found = {(first, second): word for first, second, word in zip(words[::3], words[1::3], words[2::3], strict=False)}
    if 3 * len(found) != len(words):
        raise ledger.lost(asked, f"{entry.title} has {label} {' '.join(words)!r}")
    if not isinstance(asked.value, dict):
        whole = region_names(ledger.mesh)[-1]
        if list(found) != [(whole, whole)] or not same_number(found[whole, whole], asked.value):
            raise ledger.lost(asked, f"{entry.title} has {label} {' '.join(words)!r}")
        return
    expected: dict[tuple[str, str], Any] = {}
    for key, number in value.items():
        if key == "default":
            continue
        first, _, second = key.partition(":")
        pair = (first, second or first)
        _check_region(ledger, asked, pair[0])
        _check_region(ledger, asked, pair[1])
        if expected.get(pair[::-1], number) != number:
            raise ledger.lost(asked, f"OOMMF has one value for {key!r} and the reverse; give one of them")
        expected[pair] = number
    for pair, number in expected.items():
        if pair not in found or not same_number(found.pop(pair), number):
            raise ledger.lost(asked, f"{entry.title} has no {label} {pair[0]} {pair[1]} {number}")
    if found:
        raise ledger.lost(asked, f"{entry.title} has {label} for {found} also")


def check_file(ledger: Ledger, asked: Asked, reference: str, array: np.ndarray, mesh: df.Mesh, *, norm: bool) -> None:
    """Raise unless a file beside the MIF holds these values (nx, ny, nz, n), or vectors of these lengths.

    Raises
    ------
    ModelLostError
        There is no such file, or it holds others.
    """
    entry = ledger.refer(asked, "Oxs_FileVectorField", reference)
    check_word(ledger, asked, entry, "atlas", ":main_atlas")
    name = _taken(ledger, asked, entry, "file")
    path = ledger.directory / name
    if not path.is_file():
        raise ledger.lost(asked, f"the file {name} is not in {ledger.directory}")
    field = df.Field.from_file(str(path))
    if tuple(field.mesh.n) != tuple(mesh.n):
        raise ledger.lost(asked, f"{name} has {tuple(field.mesh.n)} cells, not {tuple(mesh.n)}")
    read = np.linalg.norm(field.array, axis=-1, keepdims=True) if norm else field.array
    # What OOMMF takes for a scalar is a length, which is rounded.
    same = np.isclose(read, array, rtol=1e-14, atol=0.0) if norm else read == array
    if read.shape != array.shape or not np.all(same):
        where = tuple(int(index) for index in np.argwhere(~np.all(same, axis=-1))[0])
        found = f"in cell {where} OOMMF would read {read[where].tolist()} from {name}, not {array[where].tolist()}"
        raise ledger.lost(asked, found)


def _check_field(ledger: Ledger, asked: Asked, reference: str, *, dimensions: int) -> None:
    field, mesh = asked.value, ledger.mesh
    if field.nvdim != dimensions:
        raise ledger.lost(asked, f"the field has nvdim={field.nvdim} where the parameter needs {dimensions}")
    if not np.all(np.isfinite(field.array)):
        raise ledger.lost(asked, "the field has values that are not finite")
    resample = Asked(asked.owner, asked.parameter, field, "resample it on the magnetisation's mesh")
    if not mesh.region.allclose(field.mesh.region):
        raise ledger.lost(resample, "OOMMF would stretch the field from its own region over the magnetisation's")
    if np.any(mesh.n % field.mesh.n):
        raise ledger.lost(resample, f"its {tuple(field.mesh.n)} cells do not hold the mesh's {tuple(mesh.n)} evenly")
    if dimensions == 1 and np.any(field.array < 0):
        signed = Asked(asked.owner, asked.parameter, field, _TABLE)
        raise ledger.lost(signed, "it is negative in places, and of a scalar field OOMMF reads the absolute value")
    check_file(ledger, asked, reference, field.array, field.mesh, norm=dimensions == 1)


def _check_table(ledger: Ledger, asked: Asked, entry: Entry, label: str, kind: str, default: Any, same: Any) -> None:
    table = ledger.refer(asked, kind, _taken(ledger, asked, entry, label))
    value: Mapping[str, Any] = {"default": default, **asked.value}
    for region in value:
        _check_region(ledger, asked, region)
    check_word(ledger, asked, table, "atlas", ":main_atlas")
    check_word(ledger, asked, table, "default_value", value["default"])
    words = split_list(_taken(ledger, asked, table, "values"))
    found = dict(zip(words[::2], words[1::2], strict=False))
    if 2 * len(found) != len(words) or set(found) != set(value) - {"default"}:
        raise ledger.lost(asked, f"{table.title} has values for {', '.join(words[::2]) or 'no region'}")
    for region, word in found.items():
        if not same(word, value[region]):
            raise ledger.lost(asked, f"{table.title} has {word!r} in {region}")


def _check_region(ledger: Ledger, asked: Asked, name: str) -> None:
    known = region_names(ledger.mesh)
    if name != "default" and name not in known:
        raise ledger.lost(asked, f"{name!r} is no region of the mesh (there are: {', '.join(known)})")


def _taken(ledger: Ledger, asked: Asked, entry: Entry, label: str) -> str:
    word = entry.take(label)
    if word is None:
        raise ledger.lost(asked, f"{entry.title} has no {label}")
    return word
