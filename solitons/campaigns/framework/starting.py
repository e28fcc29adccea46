"""A campaign file to start from: the one that comes with a kind, with its keys explained at the top."""

from __future__ import annotations

import inspect
import re
import textwrap
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, get_args

from geometries import Material
from geometries.description import Description, choices
from geometries.device import AbstractDevice
from runs.spec import RunSpec
from solitons.campaigns.framework.base import AbstractCampaign
from solitons.campaigns.framework.kinds import ShippedCampaign, campaign_kind, shipped_campaigns

__all__ = ["new_campaign", "starting_text"]


def new_campaign(kind: str, file: Path) -> Path:
    """Write a commented campaign of a kind, to start from.

    `kind` is a kind, or a campaign that comes with one; the stem of the YAML file, which must not exist, becomes the
    campaign's name.
    """
    if file.suffix not in {".yaml", ".yml"}:
        raise ValueError(f"file {str(file)!r} does not end in .yaml; a campaign is a YAML file")
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,79}", file.stem):
        raise ValueError(
            f"file {str(file)!r}: {file.stem!r} becomes the campaign's name, which may have ASCII letters, digits, _ "
            "and - only, and at most 80 of them; choose another name"
        )
    shipped = shipped_campaigns()
    if file.stem in {each.name for each in shipped}:
        raise ValueError(
            f"file {str(file)!r}: a campaign named {file.stem!r} comes with its kind, and both would have one "
            "folder in a store; choose another name"
        )
    if file.exists() or file.is_symlink():
        raise ValueError(f"file {str(file)!r} is there already; choose another name, or remove it")
    text = _starting_text(kind, file.stem, shipped)
    try:
        with open(file, "x", encoding="utf-8") as stream:
            stream.write(text)
    except FileNotFoundError:
        raise ValueError(f"file {str(file)!r}: there is no folder {str(file.parent)!r}; make it first") from None
    except OSError as error:
        raise ValueError(f"file {str(file)!r} cannot be written: {error.strerror}; choose another place") from None
    return file


def starting_text(kind: str, name: str) -> str:
    """The text of such a file: what the keys mean, then the campaign that comes with the kind."""
    return _starting_text(kind, name, shipped_campaigns())


def _starting_text(kind: str, name: str, campaigns: Iterable[ShippedCampaign]) -> str:
    named = {each.name: each for each in campaigns}
    shipped = named.get(kind) or named.get(kind.replace("_", "-"))
    if shipped is None:
        campaign_kind(kind.replace("-", "_"))  # raises with a list of kinds
        raise ValueError(f"kind {kind!r} comes without a campaign")
    if shipped.problem:
        raise ValueError(shipped.problem)
    text = shipped.file.read_text("utf-8")
    text = re.sub(r"(?m)^name:.*$", f"name: {name}", text, count=1)
    return f"{_explained(campaign_kind(shipped.kind))}\n{text}"


def _explained(kind: type[AbstractCampaign]) -> str:
    """Meaning of a kind and of its keys, from its docstring and the docstrings of its fields, as comments."""
    first = (inspect.getdoc(kind) or "").partition("\n")[0]
    lines = [first, "", "Run it with: solitons run THIS_FILE", "Quantities have their unit, or are numbers in SI."]
    lines += ["", "Keys:", *_keys(kind, "  ")]
    return "".join(f"# {line}".rstrip() + "\n" for line in lines)


def _keys(described: type[Description], indent: str) -> Iterator[str]:
    meanings = _meanings(described)
    for name, field in described.model_fields.items():
        optional = "" if field.is_required() else " (may be left out)"
        if name != "kind":
            yield from textwrap.wrap(
                f"{name}{optional}: {_in_words(meanings.get(name, ''), field.annotation)}",
                110,
                initial_indent=indent,
                subsequent_indent=indent + "  ",
            )
            for inner in _descriptions_in(field.annotation):
                yield from _keys(inner, indent + "    ")


def _meanings(described: type) -> dict[str, str]:
    """Descriptions of each parameter in the docstrings of a class and its bases."""
    found: dict[str, str] = {}
    for each in described.__mro__:
        section = _PARAMETERS.search(inspect.getdoc(each) or "")
        for names, text in _PARAMETER.findall(section[1] if section else ""):
            for name in names.split(", "):
                # A class that only points at its base leaves the word to it.
                if not text.strip().startswith("As in `"):
                    found.setdefault(name, " ".join(_REFERENCE.sub("", text).split()))
    return found


def _in_words(meaning: str, annotation: Any) -> str:
    """Meaning of a key, with the words that it takes where its meaning lacks them."""
    words = choices(annotation)
    if all(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", meaning) for word in words):
        return meaning
    return f"{meaning} One of {', '.join(words)}.".lstrip()


_REFERENCE = re.compile(r"\s*\[\d+\]_")
# A section of numpydoc, and in it names with the lines that are set in below them.
_PARAMETERS = re.compile(r"Parameters\n-+\n(.*?)(?=\n\n\w+\n-+\n|\Z)", re.DOTALL)
_PARAMETER = re.compile(r"^(\S.*?)(?: : .*)?\n((?:[ ]+.*\n?)+)", re.MULTILINE)


def _descriptions_in(annotation: Any) -> list[type[Description]]:
    """The workbench's small descriptions that a field holds; devices and runs are documented elsewhere."""
    inside = [annotation, *get_args(annotation)]
    return [
        each
        for each in inside
        if isinstance(each, type) and issubclass(each, Description) and not issubclass(each, _LARGE)
    ]


_LARGE = (RunSpec, Material, AbstractDevice)
