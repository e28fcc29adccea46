"""Names that become words of a MIF file, and parts of paths."""

import re
from typing import Any

import micromagneticmodel as mm

from runs.mif.errors import ModelLostError

__all__ = ["check_names"]

_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.+-]*")
_REGIONS = ("main", "entire", "universe", "default")
_BLOCKS = ("m0", "m0_norm", "mesh", "evolver", "main_atlas", "entire_atlas", "hysteresis")


def check_names(system: mm.System, *, run_id: str = "") -> None:
    """Raise `ModelLostError` if a name of a system would mean something else in a MIF file.

    The names of the system, its energy and dynamics terms, and its mesh's subregions may hold ASCII letters, digits
    and _ . + - only, since Tcl or the file system could read another character as more than a name, and must not be
    names that oommfc or OOMMF uses for something else.
    """
    run = f"run {run_id}: " if run_id else ""
    named: list[tuple[str, Any, tuple[str, ...]]] = [("system", system.name, ())]
    named += [(type(term).__name__, term.name, _BLOCKS) for term in (*system.energy, *system.dynamics)]
    if system.m is not None:
        named += [("subregion", name, _REGIONS) for name in system.m.mesh.subregions]
    for owner, name, reserved in named:
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise ModelLostError(
                f"{run}{owner} {name!r}: a name in a MIF file must be made of ASCII letters, digits and _ . + -, and "
                "begin with a letter, a digit or _; give it another"
            )
        if name in reserved:
            raise ModelLostError(
                f"{run}{owner} {name!r}: the name means something else in a MIF file, as do {', '.join(reserved)}; "
                "give it another"
            )
