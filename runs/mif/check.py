"""Whether a MIF file is the model that was asked for."""

import re
from pathlib import Path
from typing import Any

import micromagneticmodel as mm
import oommfc as oc

from runs.mif.drive import check_driver, check_evolver, check_magnetisation, check_mesh
from runs.mif.dynamics import check_dynamics, check_dynamics_can_be_run
from runs.mif.energy import check_energy
from runs.mif.errors import MifSyntaxError
from runs.mif.ledger import Asked, Ledger, asked_of, settings_of
from runs.mif.names import check_names
from runs.mif.output import check_output
from runs.mif.text import Mif, parse_mif

__all__ = ["check_mif"]

_PROCEDURE = re.compile(r"^\s*proc\s+\{?([^\s{}]+)", re.MULTILINE)


def check_mif(
    system: mm.System, text: str, driver: Any, *, directory: Path, run_id: str = "", **arguments: Any
) -> None:
    """Raise `ModelLostError` unless a MIF file has all of a system and a drive, and nothing else.

    `text` is what oommfc's `driver` wrote into `directory`, beside the fields that it refers to; `system` is as it
    was before the drive, and `arguments` are the drive's t and n, or its Hsteps. Nothing of the file is evaluated.
    The error names what would be lost or changed, what the file has, and what would keep it.
    """
    run = f"run {run_id}: " if run_id else ""
    ledger = Ledger(Mif((), (), (), (), ()), system.m.mesh, directory, run)
    check_names(system, run_id=run_id)
    time = isinstance(driver, oc.TimeDriver)
    if system.T:
        asked = Asked(f"system {system.name!r}", "T", system.T)
        raise ledger.lost(asked, "the workbench runs OOMMF without a thermal field")
    if time:
        check_dynamics_can_be_run(ledger, system.dynamics)
    generated = _without_scripts(ledger, system, text, time)
    try:
        ledger = Ledger(parse_mif(generated), system.m.mesh, directory, run)
        check_output(ledger, system, driver)
        check_mesh(ledger)
        check_energy(ledger, system.energy)
        check_magnetisation(ledger, system)
        evolvers = [block.kind for block in ledger.mif.blocks if block.name == "evolver"]
        evolver = ledger.take(evolvers[0], "evolver") if len(evolvers) == 1 else None
        if evolver is None:
            raise ledger.broken(f"it has {len(evolvers)} evolvers")
        if time:
            check_dynamics(ledger, system, evolver)
        check_evolver(ledger, driver, evolver)
        check_driver(ledger, driver, arguments)
    except MifSyntaxError as error:
        raise ledger.broken(f"it is no MIF file that oommfc writes: {error}") from error
    ledger.check_all_read()


def _without_scripts(ledger: Ledger, system: mm.System, text: str, time: bool) -> str:
    """Return the file's text without the Tcl that the system's terms bring along, which must be there unchanged."""
    owners: dict[str, str] = {}
    for term in (*system.energy, *(system.dynamics if time else ())):
        strings = settings_of(term).get("tcl_strings")
        if strings is None:
            continue
        asked = asked_of(term, "tcl_strings", strings)
        script = strings["script"]
        if script not in text:
            raise ledger.lost(asked, "its script is not in the MIF")
        text = text.replace(script, "", 1)
        for name in _PROCEDURE.findall(script):
            if name in owners:
                other = asked_of(term, "tcl_strings", strings, "give the procedures other names")
                raise ledger.lost(other, f"its procedure {name} is also {owners[name]}'s, and the later one counts")
            owners[name] = asked.owner
    for name in _PROCEDURE.findall(text):
        if name in owners:
            raise ledger.broken(f"it has a second procedure {name} beside that of {owners[name]}")
    return text
