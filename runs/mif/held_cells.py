"""Cells whose m is held: whether a MIF file's evolver holds them."""

from collections.abc import Sequence

from runs.mif.ledger import NATIVE, Asked, Entry, Ledger
from runs.mif.regions import cells_outside

__all__ = ["check_held_cells"]

_HOLD_NOTHING = ("Anv_SpinTEvolve", "Anv_SpinTEvolve_3d", "UHH_ThetaEvolve")
"""Evolvers to which oommfc does not hand fixed_spins."""


def check_held_cells(ledger: Ledger, evolver: Entry, subregions: Sequence[str] | None) -> None:
    """Raise unless an evolver holds m in these subregions.

    Raises
    ------
    ModelLostError
        It does not, or OOMMF would find some of their cells in another region.
    """
    if subregions is None:
        return
    remedy = f"use another evolver, which has fixed_spins, or {NATIVE}" if "SpinT" not in evolver.title else NATIVE
    asked = Asked("the drive", "fixed_subregions", subregions, remedy)
    known = list(ledger.mesh.subregions)
    if isinstance(subregions, str) or not set(subregions) <= set(known):
        names = Asked(asked.owner, asked.parameter, subregions, "give a list of names of the mesh's subregions")
        raise ledger.lost(names, f"there are: {', '.join(known) or 'none'}")
    word = evolver.take("fixed_spins")
    if word is None:
        reason = ", to which oommfc hands none" if evolver.block.kind in _HOLD_NOTHING else ""
        raise ledger.lost(asked, f"the evolver is {evolver.block.kind}{reason}")
    if word.split() != ["main_atlas", *subregions]:
        raise ledger.lost(asked, f"{evolver.title} has fixed_spins {word!r}")
    for name in subregions:
        free = cells_outside(ledger.mesh, name, subregions)
        if free:
            first = Asked(asked.owner, asked.parameter, subregions, f"name {name!r} first in the mesh, or {NATIVE}")
            raise ledger.lost(first, f"{free} cells of {name!r} lie in a subregion that the mesh names before it")
