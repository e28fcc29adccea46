"""Mesh, magnetisation, evolver and driver: whether a MIF file has what a drive asks for."""

from typing import Any

import discretisedfield as df
import micromagneticmodel as mm
import numpy as np
import oommfc as oc

from runs.mif.dynamics import FROM_SYSTEM
from runs.mif.ledger import Asked, Entry, Ledger
from runs.mif.parameters import check_file, check_word, same_vector
from runs.mif.text import split_list

__all__ = ["check_driver", "check_evolver", "check_magnetisation", "check_mesh"]

_EVOLVERS = {
    oc.CGEvolver: ("Oxs_CGEvolve",),
    oc.RungeKuttaEvolver: ("Oxs_RungeKuttaEvolve",),
    oc.SpinTEvolver: ("Anv_SpinTEvolve", "Anv_SpinTEvolve_3d"),
    oc.SpinXferEvolver: ("Oxs_SpinXferEvolve",),
}


def check_mesh(ledger: Ledger) -> None:
    """Raise `ModelLostError` unless the file has the mesh: its box, cells and subregions, and one axis that repeats."""
    mesh = ledger.mesh
    if len(mesh.bc) > 1:
        found = "OOMMF's magnetostatic field repeats along one axis at most (bc='x', 'y' or 'z')"
        raise ledger.lost(Asked("the mesh", "bc", mesh.bc), found)
    for name, region in mesh.subregions.items():
        _check_box(ledger, region, name)
    _check_box(ledger, mesh.region, "entire" if mesh.subregions else "main")
    if mesh.subregions:
        subregions = Asked("the mesh", "subregions", list(mesh.subregions))
        atlas = _required(ledger, subregions, "Oxs_MultiAtlas", "main_atlas")
        for name in (*mesh.subregions, "entire"):
            check_word(ledger, subregions, atlas, "atlas", f":{name}_atlas")
        _check_ranges(ledger, Asked("the mesh", "region", None), atlas, mesh.region)
    asked = Asked("the mesh", "cell", tuple(mesh.cell.tolist()))
    kind = "Oxs_PeriodicRectangularMesh" if mesh.bc else "Oxs_RectangularMesh"
    entry = _required(ledger, asked, kind, "mesh")
    if mesh.bc:
        check_word(ledger, Asked("the mesh", "bc", mesh.bc), entry, "periodic", mesh.bc)
    check_word(ledger, asked, entry, "cellsize", mesh.cell)
    check_word(ledger, asked, entry, "atlas", ":main_atlas")


def check_magnetisation(ledger: Ledger, system: mm.System) -> None:
    """Raise `ModelLostError` unless the file starts from the system's m, with its Ms."""
    asked = Asked(f"system {system.name!r}", "m", system.m, "set system.m to a field with norm Ms")
    if not np.all(np.isfinite(system.m.array)):
        raise ledger.lost(asked, "it is not finite in places; outside the magnet set it to zero")
    check_file(ledger, asked, "m0", system.m.array, norm=False)
    norm = ledger.refer(Asked(asked.owner, "Ms", None), "Oxs_VecMagScalarField", "m0_norm")
    check_word(ledger, asked, norm, "field", ":m0")


def check_driver(ledger: Ledger, driver: Any, arguments: dict[str, Any]) -> None:
    """Raise `ModelLostError` unless the file has the driver, with what was set on it and the drive's length.

    `arguments` are the drive's t and n, or its Hsteps.
    """
    owner = type(driver).__name__
    kind = "Oxs_TimeDriver" if isinstance(driver, oc.TimeDriver) else "Oxs_MinDriver"
    entry = _required(ledger, Asked("the drive", owner, None), kind, "")
    for label in ("evolver", "mesh"):
        check_word(ledger, Asked(owner, label, None), entry, label, f":{label}")
    check_word(ledger, Asked(owner, "Ms", None), entry, "Ms", ":m0_norm")
    check_word(ledger, Asked(owner, "m0", None), entry, "m0", ":m0")
    if isinstance(driver, oc.TimeDriver):
        duration, stages = arguments["t"], arguments["n"]
        check_word(ledger, Asked("the drive", "t", duration), entry, "stopping_time", duration / stages)
        check_word(ledger, Asked("the drive", "n", stages), entry, "stage_count", stages)
    if isinstance(driver, oc.HysteresisDriver):
        _check_steps(ledger, arguments)
    for name, value in driver:
        if name != "evolver":
            _check_option(ledger, Asked(owner, name, value, "leave it out"), entry, name)


def check_evolver(ledger: Ledger, driver: Any, entry: Entry) -> None:
    """Raise `ModelLostError` unless an evolver's block is of its class and has all that was set on it."""
    kinds = _EVOLVERS.get(type(driver.evolver), ())
    if entry.block.kind not in kinds:
        asked = Asked(
            "the driver", "evolver", driver.evolver, f"use one of {', '.join(kind.__name__ for kind in _EVOLVERS)}"
        )
        raise ledger.lost(asked, f"the MIF has {entry.title}")
    for name, value in driver.evolver:
        if name not in FROM_SYSTEM:
            asked = Asked(type(driver.evolver).__name__, name, value, "leave it out")
            _check_option(ledger, asked, entry, name)


def _required(ledger: Ledger, asked: Asked, kind: str, name: str) -> Entry:
    entry = ledger.take(kind, name)
    if entry is None:
        raise ledger.lost(asked, f"the MIF has no {kind}:{name}".rstrip(":"))
    return entry


def _check_box(ledger: Ledger, region: df.Region, name: str) -> None:
    asked = Asked("the mesh", f"region {name!r}", None)
    entry = _required(ledger, asked, "Oxs_BoxAtlas", f"{name}_atlas")
    _check_ranges(ledger, asked, entry, region)
    check_word(ledger, asked, entry, "name", name)


def _check_ranges(ledger: Ledger, asked: Asked, entry: Entry, region: df.Region) -> None:
    for axis, dimension in enumerate("xyz"):
        check_word(ledger, asked, entry, f"{dimension}range", (region.pmin[axis], region.pmax[axis]))


def _check_option(ledger: Ledger, asked: Asked, entry: Entry, label: str) -> None:
    word = entry.take(label)
    if word is None or split_list(word) != split_list(str(asked.value)):
        raise ledger.lost(asked, f"{entry.title} has {label} {word!r}" if word else f"{entry.title} has no {label}")


def _check_steps(ledger: Ledger, arguments: dict[str, Any]) -> None:
    steps = arguments["Hsteps"]
    asked = Asked("the drive", "Hsteps", steps)
    entry = _required(ledger, asked, "Oxs_UZeeman", "hysteresis")
    rows = split_list(entry.take("Hrange") or "")
    expected = [[*start, *stop, count - 1] for start, stop, count in steps]
    if len(rows) != len(expected):
        raise ledger.lost(asked, f"{entry.title} has {len(rows)} ranges, not {len(expected)}")
    for row, numbers in zip(rows, expected, strict=True):
        if not same_vector(row, numbers):
            raise ledger.lost(asked, f"{entry.title} has Hrange {row.strip()!r}")
