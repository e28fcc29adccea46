"""Ledger of a MIF file's parts found in the system, so that nothing is left over on either side."""

import dataclasses
import numbers
from collections import Counter
from pathlib import Path
from typing import Any

import discretisedfield as df
import numpy as np
import ubermagutil.typesystem as ts

from runs.mif.errors import ModelLostError
from runs.mif.text import Block, Mif

__all__ = ["NATIVE", "Asked", "Entry", "Ledger", "asked_of", "block_of", "check_all_asked", "settings_of"]

NATIVE = "use engine 'native' (runs.native)"


@dataclasses.dataclass(frozen=True)
class Asked:
    """One thing that a system asks for: its owner (the term, or what else asks), and the remedy that would keep it."""

    owner: str
    parameter: str
    value: Any
    remedy: str = NATIVE


class Entry:
    """A block of the file whose parameters are taken out one by one."""

    def __init__(self, block: Block) -> None:
        self.block, self.title, self.left = block, block.title, list(block.parameters)

    def take(self, label: str) -> str | None:
        """Return the first value of a label that was not taken yet; None if there is none."""
        for index, (name, value) in enumerate(self.left):
            if name == label:
                del self.left[index]
                return value
        return None


class Ledger:
    """A MIF file that is read block by block, for a system on this mesh.

    `directory` has the file and the fields that it refers to; `run` stands before every error.
    """

    def __init__(self, mif: Mif, mesh: df.Mesh, directory: Path, run: str = "") -> None:
        self.mif, self.mesh, self.directory, self.run = mif, mesh, directory, run
        self._entries = [Entry(block) for block in mif.blocks]
        self._taken: list[Entry] = []
        for title, count in Counter(block.title for block in mif.blocks).items():
            if count > 1:
                raise self.broken(f"it has {count} blocks {title}, and OOMMF takes one; give the terms other names")

    def take(self, kind: str, name: str) -> Entry | None:
        """Return the block of this class and name, once; None if there is none."""
        for index, entry in enumerate(self._entries):
            if (entry.block.kind, entry.block.name) == (kind, name):
                self._taken.append(self._entries.pop(index))
                return entry
        return None

    def named(self, name: str) -> list[str]:
        """Return the classes of all blocks with this name."""
        return [block.kind for block in self.mif.blocks if block.name == name]

    def refer(self, asked: Asked, kind: str, name: str) -> Entry:
        """Return the block that a reference names; an error if there is none, or the name is not its own."""
        name = name.removeprefix(":")
        if len(self.named(name)) > 1:
            raise self.lost(
                dataclasses.replace(asked, remedy="give the terms other names"),
                f"the MIF's {name!r} is the name of {' and '.join(self.named(name))}",
            )
        entry = self.take(kind, name)
        if entry is None:
            raise self.lost(asked, f"the MIF refers to {name!r}, and has no {kind} of that name")
        return entry

    def lost(self, asked: Asked, found: str) -> ModelLostError:
        """Return the error that something asked for would be lost."""
        what = f"{asked.parameter}={describe(asked.value)}" if asked.value is not None else asked.parameter
        return ModelLostError(f"{self.run}{asked.owner}: OOMMF would lose {what}: {found}; {asked.remedy}")

    def broken(self, found: str) -> ModelLostError:
        """Return the error that the file holds what the system does not."""
        return ModelLostError(f"{self.run}the MIF is not the system's: {found}")

    def check_all_read(self) -> None:
        """Raise if a block or a parameter of the file was not taken, or it has a procedure of its own."""
        for entry in self._entries:
            raise self.broken(f"it has a block {entry.title}, which the system does not ask for")
        for entry in self._taken:
            for label, value in entry.left:
                raise self.broken(f"{entry.title} has {label} {describe(value)}, which the system does not ask for")
        for procedure in self.mif.procedures:
            raise self.broken(f"it has a procedure {procedure.name}, which no term of the system asks for")


def settings_of(term: Any) -> dict[str, Any]:
    """Return the parameters that are set on a micromagneticmodel term."""
    return {name: value for name, value in term if not isinstance(value, ts.Descriptor)}


def asked_of(term: Any, parameter: str, value: Any, remedy: str = NATIVE) -> Asked:
    """Return what a micromagneticmodel term asks for."""
    return Asked(f"{type(term).__name__} {term.name!r}", parameter, value, remedy)


def check_all_asked(ledger: Ledger, term: Any, left: dict[str, Any], found: str, remedy: str = NATIVE) -> None:
    """Raise if a parameter of a term was not found: if `left` is not empty."""
    for name, value in left.items():
        raise ledger.lost(asked_of(term, name, value, remedy), found)


def block_of(ledger: Ledger, term: Any, kind: str) -> Entry:
    """Return the block of a term; an error if none has its class and name."""
    entry = ledger.take(kind, term.name)
    if entry is None:
        instead = ", ".join(ledger.named(term.name))
        found = f"{instead} instead of a block {kind}" if instead else f"no block {kind}"
        raise ledger.lost(asked_of(term, "the term", None), f"the MIF has {found}:{term.name}")
    return entry


def describe(value: Any) -> str:
    """Return a value in a few words."""
    if isinstance(value, df.Field):
        low, high = np.min(value.array), np.max(value.array)
        return f"<Field, {low:.6g} to {high:.6g}>"
    if isinstance(value, numbers.Real):
        return str(value)
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:77]}..."
