"""Columns of the drivers' tables: their units, and the long names that ubermagtable shortens."""

import discretisedfield as df
import micromagneticmodel as mm

from runs.native.discretisation import is_set
from runs.native.terms.modulation import PerRegion

COLUMNS = {
    "t": ("s", "Oxs_TimeDriver::Simulation time"),
    "iteration": ("", "Oxs_MinDriver::Iteration"),
    "stage": ("", "Oxs_MinDriver::Stage"),
    "E": ("J", "Oxs_RungeKuttaEvolve::Total energy"),
    "mx": ("", "Oxs_MinDriver::mx"),
    "my": ("", "Oxs_MinDriver::my"),
    "mz": ("", "Oxs_MinDriver::mz"),
    "max_dmdt": ("deg/ns", "Oxs_EulerEvolve:evolver:Max dm/dt"),
    "max_mxHxm": ("A/m", "Oxs_CGEvolve::Max mxHxm"),
    "evaluations": ("", "Oxs_evaluations"),
}
"""Unit and long name of every column that does not belong to a term."""
CLASSES = {
    "Exchange": "Exchange6Ngbr",
    "DMI": "DMI_Cnv",
    "RKKY": "TwoSurfaceExchange",
    "Zeeman": "FixedZeeman",
}
"""OOMMF's classes of terms that have another name there."""
HYSTERESIS = "hysteresis"
"""Name of the field that a HysteresisDriver adds."""


def energy_columns(system: mm.System) -> dict[str, str]:
    """Names of the columns with the energies of a system's terms, `E_<name>` as in oommfc, and the long names."""
    columns = {}
    for term in system.energy:
        kind = type(term).__name__
        oxs = CLASSES.get(kind, kind)
        short = "E_zeeman" if kind == "Zeeman" else "E"
        if kind == "Zeeman" and depends_on_time(term):
            oxs, short = "ScriptUZeeman", "E"
        columns[_with_name(short, term.name)] = f"Oxs_{oxs}:{term.name}:Energy"
    return columns


def field_columns(name: str, oxs: str) -> dict[str, str]:
    """Return the names of the columns with strength and components of an applied field, and the long names."""
    return {f"{quantity}_{name}": f"Oxs_{oxs}:{name}:{quantity}" for quantity in ("B", "Bx", "By", "Bz")}


def depends_on_time(term: mm.Zeeman) -> bool:
    """Say whether an applied field depends on time."""
    return any(is_set(term, name) for name in ("func", "wave", "tcl_strings"))


def has_field_columns(term: mm.Zeeman) -> bool:
    """Say whether the table has columns with an applied field: it is uniform and depends on time."""
    uniform = not isinstance(term.H, (df.Field, dict)) and not isinstance(getattr(term, "func", None), PerRegion)
    return uniform and depends_on_time(term)


def long_names(system: mm.System) -> dict[str, str]:
    """Return the long name of every column that a driver may write for a system."""
    names = {column: name for column, (_, name) in COLUMNS.items()} | energy_columns(system)
    names["E_zeeman_hysteresis"] = f"Oxs_UZeeman:{HYSTERESIS}:Energy"
    names |= field_columns(HYSTERESIS, "UZeeman")
    for term in system.energy:
        if isinstance(term, mm.Zeeman) and has_field_columns(term):
            names |= field_columns(term.name, "ScriptUZeeman")
    return names


def unit(column: str) -> str:
    """Return the unit of a column."""
    if column in COLUMNS:
        return COLUMNS[column][0]
    return "J" if column.startswith("E_") else "mT"


def _with_name(short: str, name: str) -> str:
    """Return the name that ubermagtable makes of a long name."""
    return short if short.endswith(name) else f"{short}_{name}"
