"""Numbers, vectors, tables over regions and fields: whether a MIF file has the value that a term has."""

import math
from collections.abc import Mapping
from typing import Any

import discretisedfield as df
import numpy as np

from runs.mif.ledger import Asked, Entry, Ledger
from runs.mif.text import split_list

__all__ = ["check_file", "check_pairs", "check_scalar", "check_vector", "check_word", "same_number"]

_TABLE = "give a dict with one number a subregion, which keeps the sign, or use engine 'native' (runs.native)"


def same_number(word: str, value: Any) -> bool:
    """Whether a word is this number, to the last digit that its type holds."""
    try:
        read, asked = float(word), float(value)
    except (TypeError, ValueError):
        return False
    single = isinstance(value, np.floating) and value.dtype.itemsize < 8
    return math.isclose(read, asked, rel_tol=float(np.finfo(value.dtype).eps) if single else 0.0)


def same_vector(word: str, value: Any) -> bool:
    """Whether a word is this list of numbers."""
    components = split_list(word)
    return len(components) == len(value) and all(map(same_number, components, value))


def check_word(ledger: Ledger, asked: Asked, entry: Entry, label: str, expected: Any) -> None:
    """Raise `ModelLostError` unless a block has this word, number or list of numbers under a label."""
    word = _taken(ledger, asked, entry, label)
    if isinstance(expected, str):
        same = split_list(word) == split_list(expected)
    else:
        same = same_vector(word, expected) if np.ndim(expected) else same_number(word, expected)
    if not same:
        raise ledger.lost(asked, f"{entry.title} has {label} {word!r}")


def check_scalar(ledger: Ledger, asked: Asked, entry: Entry, label: str) -> None:
    """Raise `ModelLostError` unless a block has a scalar parameter as asked for: a number, a dict or a field."""
    if isinstance(asked.value, df.Field):
        norm = ledger.refer(asked, "Oxs_VecMagScalarField", _taken(ledger, asked, entry, label))
        _check_field(ledger, asked, _taken(ledger, asked, norm, "field"), dimensions=1)
    elif isinstance(asked.value, dict):
        _check_table(ledger, asked, entry, label, "Oxs_AtlasScalarField", 0.0, same_number)
    else:
        check_word(ledger, asked, entry, label, asked.value)


def check_vector(ledger: Ledger, asked: Asked, entry: Entry, label: str) -> None:
    """Raise `ModelLostError` unless a block has a vector parameter as asked for: three numbers, a dict or a field."""
    if isinstance(asked.value, df.Field):
        _check_field(ledger, asked, _taken(ledger, asked, entry, label), dimensions=3)
    elif isinstance(asked.value, dict):
        _check_table(ledger, asked, entry, label, "Oxs_AtlasVectorField", (0.0, 0.0, 0.0), same_vector)
    else:
        check_word(ledger, asked, entry, label, asked.value)


def check_pairs(ledger: Ledger, asked: Asked, entry: Entry, label: str) -> None:
    """Raise `ModelLostError` unless a block couples within and between regions as asked for: by a number or a dict."""
    value: Mapping[str, Any] = asked.value if isinstance(asked.value, dict) else {"default": asked.value}
    check_word(ledger, asked, entry, "atlas", ":main_atlas")
    check_word(ledger, asked, entry, f"default_{label}", value.get("default", 0))
    words = split_list(_taken(ledger, asked, entry, label))
    found = {(first, second): word for first, second, word in zip(words[::3], words[1::3], words[2::3], strict=False)}
    if 3 * len(found) != len(words):
        raise ledger.lost(asked, f"{entry.title} has {label} {' '.join(words)!r}")
    if not isinstance(asked.value, dict):
        whole = _region_names(ledger.mesh)[-1]
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


def check_file(ledger: Ledger, asked: Asked, reference: str, array: np.ndarray, *, norm: bool) -> None:
    """Raise `ModelLostError` unless a file beside the MIF holds these values (nx, ny, nz, n), or vectors so long."""
    entry = ledger.refer(asked, "Oxs_FileVectorField", reference)
    check_word(ledger, asked, entry, "atlas", ":main_atlas")
    name = _taken(ledger, asked, entry, "file")
    path = ledger.directory / name
    if not path.is_file():
        raise ledger.lost(asked, f"the file {name} is not in {ledger.directory}")
    field = df.Field.from_file(str(path))
    if tuple(field.mesh.n) != tuple(ledger.mesh.n):
        raise ledger.lost(asked, f"{name} has {tuple(field.mesh.n)} cells, not {tuple(ledger.mesh.n)}")
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
    if not mesh.region.allclose(field.mesh.region) or np.any(mesh.n != field.mesh.n):
        resample = Asked(asked.owner, asked.parameter, field, "resample it on the magnetisation's mesh")
        raise ledger.lost(resample, "the field has another mesh, and OOMMF would stretch it over the magnetisation's")
    if dimensions == 1 and np.any(field.array < 0):
        signed = Asked(asked.owner, asked.parameter, field, _TABLE)
        raise ledger.lost(signed, "it is negative in places, and of a scalar field OOMMF reads the absolute value")
    check_file(ledger, asked, reference, field.array, norm=dimensions == 1)


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
    known = _region_names(ledger.mesh)
    if name != "default" and name not in known:
        raise ledger.lost(asked, f"{name!r} is no region of the mesh (there are: {', '.join(known)})")


def _taken(ledger: Ledger, asked: Asked, entry: Entry, label: str) -> str:
    word = entry.take(label)
    if word is None:
        raise ledger.lost(asked, f"{entry.title} has no {label}")
    return word


def _region_names(mesh: df.Mesh) -> list[str]:
    """OOMMF's regions: the subregions in the mesh's order, then the rest."""
    return [*mesh.subregions, "entire" if mesh.subregions else "main"]
