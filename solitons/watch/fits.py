"""Results of a campaign, from its `summary.json`: verdict, headlines, fitted parameters, held-out errors."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from geometries.plain_files import read_json, unlinked_opener

__all__ = ["fit_of", "verdict_of"]

T = TypeVar("T")

_LARGEST = 1 << 25
_VERDICTS = ("trusted", "limited", "failed")


def verdict_of(folder: Path) -> str | None:
    """The verdict on a campaign's fit, the worst where there are several; None where nothing is fitted (yet)."""
    return _of_summary(_verdict, folder)


def fit_of(folder: Path) -> dict[str, Any] | None:
    """Results of a campaign, as the page gets them; None if its folder has no readable summary.

    It has `headlines`, and `variants` with `at`, `verdict`, `reasons`, `notes`, `parameters` (name, value, ci95, unit),
    `errors` (those numbers of the summary that are called an error or a residual, as they are in the file) and
    `held_out`, how many runs no fit has seen. A fit that failed has no parameters and no errors: its reasons have what
    speaks against it.
    """
    content = _of_summary(_read, folder)
    if content is None:
        return None
    headlines = [
        {key: str(each.get(key, "")) for key in ("value", "name", "detail")}
        for each in _dicts(content.get("headlines"))
    ]
    variants = [
        {
            "at": {str(name): value for name, value in at.items() if _is_number(value)},
            "verdict": part.get("verdict") if part.get("verdict") in _VERDICTS else None,
            "reasons": [str(each.get("sentence", "")) for each in _dicts(part.get("reasons"))],
            "notes": [note for note in _list(part.get("notes")) if isinstance(note, str)],
            "parameters": list(_parameters(part)),
            "errors": dict(_errors(part)),
            "held_out": len(part["held_out"]) if isinstance(part.get("held_out"), list) else None,
        }
        for at, part in _parts(content)
    ]
    return {"headlines": headlines, "variants": variants}


def _of_summary(look: Callable[[str, int, int], T | None], folder: Path) -> T | None:
    path = folder / "summary.json"
    try:
        status = os.lstat(path)
        return look(os.fspath(path), status.st_mtime_ns, status.st_size)
    except OSError:
        return None


# Every look asks for the verdicts of all campaigns, a page for the whole of one: a verdict is a word, a summary is not.
@lru_cache(maxsize=1 << 14)
def _verdict(path: str, modified: int, size: int) -> str | None:
    found = [part.get("verdict") for _, part in _parts(_read(path, modified, size))]
    return next((name for name in reversed(_VERDICTS) if name in found), None)


@lru_cache(maxsize=8)
def _read(path: str, modified: int, size: int) -> dict[str, Any] | None:
    del modified
    if size > _LARGEST:
        return None
    try:
        content = read_json(path, _LARGEST, unlinked_opener, finite=False)
    except ValueError:
        return None
    return content if isinstance(content, dict) else None


def _parts(content: dict[str, Any] | None) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """The results of each variant, with where it is."""
    if content is None:
        return
    if not isinstance(content.get("variants"), list):
        yield {}, content
        return
    for each in _dicts(content["variants"]):
        results, at = each.get("results"), each.get("at")
        if isinstance(results, dict):
            yield at if isinstance(at, dict) else {}, results


def _parameters(part: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if part.get("verdict") == "failed":
        return
    for each in _dicts(part.get("parameters")):
        interval = each.get("ci95")
        if _is_number(each.get("value")):
            whole = isinstance(interval, list) and len(interval) == 2 and all(map(_is_number, interval))
            yield {
                "name": str(each.get("name", "")),
                "value": each["value"],
                "ci95": interval if whole else None,
                "unit": str(each.get("unit", "")),
            }


def _errors(part: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    if part.get("verdict") != "failed":
        yield from ((name, value) for name, value in part.items() if _is_error(name) and _is_number(value))


def _is_error(name: str) -> bool:
    return name.endswith("_error") or "rms" in name.split("_") or "residual" in name


def _is_number(value: Any) -> bool:
    try:
        return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
    except OverflowError:  # a whole number of hundreds of digits
        return False


def _dicts(values: Any) -> Iterator[dict[str, Any]]:
    yield from (each for each in _list(values) if isinstance(each, dict))


def _list(values: Any) -> list[Any]:
    return values if isinstance(values, list) else []
