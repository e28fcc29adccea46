"""Output: whether a MIF file writes what a drive asks for."""

from typing import Any

import micromagneticmodel as mm
import oommfc as oc

from runs.mif.ledger import Asked, Ledger
from runs.mif.text import parse_mif

__all__ = ["check_output"]

_FORMATS = {"bin8": "binary 8", "bin4": "binary 4", "txt": "text %#.15g"}


def check_output(
    ledger: Ledger, system: mm.System, driver: Any, *, ovf_format: str, output_step: bool, compute: str | None
) -> None:
    """Raise unless the file writes the table and m of every stage, or every step, under the system's name.

    Raises
    ------
    ModelLostError
        Something that was asked for would not be written.
    """
    options = dict(ledger.mif.options)
    if len(options) < len(ledger.mif.options):
        raise ledger.broken(f"it sets options twice: {ledger.mif.options}")
    form = Asked("the drive", "ovf_format", ovf_format, "use 'bin8'")
    wanted = {
        "basename": (Asked(f"system {system.name!r}", "name", system.name), system.name),
        "scalar_output_format": (Asked("the drive", "the table's digits", None), "%.12g"),
        "scalar_field_output_format": (form, _FORMATS[ovf_format]),
        "vector_field_output_format": (form, _FORMATS[ovf_format]),
    }
    for label, (asked, expected) in wanted.items():
        if options.pop(label, None) != expected:
            raise ledger.lost(asked, f"the MIF has no option {label} {expected}")
    if options:
        raise ledger.broken(f"it sets the options {options}, which nothing asks for")
    kind = "Oxs_TimeDriver" if isinstance(driver, oc.TimeDriver) else "Oxs_MinDriver"
    event = "Step" if output_step else "Stage"
    schedules = list(ledger.mif.schedules)
    table = ("DataTable", "table", event, "1")
    frames = (f"{kind}::Magnetization", "mags", event, "1")
    computed = parse_mif(f"# MIF 2.2\n{compute}").schedules if compute else ()
    for schedule in (table, frames, *computed):
        if schedule not in schedules:
            asked = Asked("the drive", "output_step", output_step, "ask for stages, or use oommfc.MinDriver")
            if schedule in computed:
                asked = Asked("the drive", "compute", compute, "use oommfc.TimeDriver")
            raise ledger.lost(asked, f"the MIF has no 'Schedule {' '.join(schedule)}'")
        schedules.remove(schedule)
    for schedule in schedules:
        raise ledger.broken(f"it has a 'Schedule {' '.join(schedule)}', which nothing asks for")
    destinations = ("table", "mags", "archive") if isinstance(driver, oc.TimeDriver) else ("table", "mags")
    if ledger.mif.destinations != tuple((name, "mmArchive") for name in destinations):
        raise ledger.broken(f"its destinations are {ledger.mif.destinations}")
