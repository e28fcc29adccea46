"""Output: whether a MIF file writes what a drive asks for."""

from typing import Any

import micromagneticmodel as mm
import oommfc as oc

from runs.mif.ledger import Asked, Ledger

__all__ = ["check_output"]


def check_output(ledger: Ledger, system: mm.System, driver: Any) -> None:
    """Raise `ModelLostError` unless the file writes the table and m of every stage under the system's name."""
    options = dict(ledger.mif.options)
    if len(options) < len(ledger.mif.options):
        raise ledger.broken(f"it sets options twice: {ledger.mif.options}")
    form = Asked("the drive", "ovf_format", "bin8")
    wanted = {
        "basename": (Asked(f"system {system.name!r}", "name", system.name), system.name),
        "scalar_output_format": (Asked("the drive", "the table's digits", None), "%.12g"),
        "scalar_field_output_format": (form, "binary 8"),
        "vector_field_output_format": (form, "binary 8"),
    }
    for label, (asked, expected) in wanted.items():
        if options.pop(label, None) != expected:
            raise ledger.lost(asked, f"the MIF has no option {label} {expected}")
    if options:
        raise ledger.broken(f"it sets the options {options}, which nothing asks for")
    in_time = isinstance(driver, oc.TimeDriver)
    kind = "Oxs_TimeDriver" if in_time else "Oxs_MinDriver"
    schedules = list(ledger.mif.schedules)
    for wanted_schedule in (("DataTable", "table", "Stage", "1"), (f"{kind}::Magnetization", "mags", "Stage", "1")):
        if wanted_schedule not in schedules:
            missing = f"the MIF has no 'Schedule {' '.join(wanted_schedule)}'"
            raise ledger.lost(Asked("the drive", "its output", None), missing)
        schedules.remove(wanted_schedule)
    for schedule in schedules:
        raise ledger.broken(f"it has a 'Schedule {' '.join(schedule)}', which nothing asks for")
    if ledger.mif.destinations != tuple((name, "mmArchive") for name in ("table", "mags", "archive")[: 2 + in_time]):
        raise ledger.broken(f"its destinations are {ledger.mif.destinations}")
