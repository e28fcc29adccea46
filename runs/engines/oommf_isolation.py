"""Isolation of OOMMF's servers from other users of the machine.

OOMMF's solver, archiver, account server and host server talk by TCP on loopback, and take orders from whoever
connects: another user of the machine can write into a running simulation's files, or end it. So a run's processes get
a network of their own where the kernel lends one (Linux, in a user namespace), and nobody else reaches their ports.
Where it does not, OOMMF's own check of identities (``checkUserIdentities``) is turned on. Where that cannot answer
either, `caution` warns of it.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

__all__ = ["WATCHER", "Isolation", "OommfHere", "caution", "oommf_here"]

Isolation = Literal["own network", "identities checked", "none"]

WATCHER = Path(__file__).with_name("oommf_watcher.py")
_CHECKED = Path(__file__).with_name("checked_oommf")
_CHECKING = {"OC_LIBRARY": str(_CHECKED)}
_TRIAL = 60.0  # seconds that OOMMF may take to answer


@dataclass(frozen=True)
class OommfHere:
    """An OOMMF that was tried: its version (empty if it does not run), what it printed, and the best isolation.

    `isolation` is the best way that works here to keep others out: "own network", "identities checked" or "none".
    """

    version: str
    said: str
    isolation: Isolation

    @property
    def environment(self) -> Mapping[str, str]:
        """Variables that a run's processes get beside this process's environment."""
        return _CHECKING if self.isolation == "identities checked" else {}


@cache
def oommf_here(oommf: tuple[str, ...]) -> OommfHere:
    """Try OOMMF, which this command starts, in each of the ways, the safest first, once in a process."""
    alone = [sys.executable, "-I", "-S", str(WATCHER), "alone"]
    version, said = _version([*alone, *oommf])
    if version:
        return OommfHere(version, said, "own network")
    version, said = _version(oommf)
    checks = bool(version) and _checks_identities(oommf)
    return OommfHere(version, said, "identities checked" if checks else "none")


def caution(oommf: tuple[str, ...]) -> str:
    """Return what a user of a shared machine must know before a run; empty where others are kept out."""
    if oommf_here(oommf).isolation != "none":
        return ""
    return (
        "other users of this machine can reach OOMMF's servers while a run is at work, and change or end it: the "
        "kernel gives no network namespace here, and this OOMMF cannot check identities. On a machine that you share "
        "use '--engine native'"
    )


def _version(oommf: Sequence[str]) -> tuple[str, str]:
    code, said = _answer([*oommf, "+version"], {})
    match = re.search(r"OOMMF (\d\S*)", said)
    if code or match is None:
        return "", said.strip().rstrip(".") or f"it ended with {code} and said nothing"
    return match[1], said


def _checks_identities(oommf: Sequence[str]) -> bool:
    """Whether OOMMF's shells take the option from us, and can answer what it asks."""
    _, said = _answer([*oommf, "+fg", "filtersh", str(_CHECKED / "probe.tcl"), "-tk", "0"], _CHECKING)
    return "2 2 2" in said.splitlines()


def _answer(command: Sequence[str], environment: Mapping[str, str]) -> tuple[int | str, str]:
    # A file, since helpers that go on would keep a pipe open.
    with tempfile.TemporaryFile() as output:
        try:
            code: int | str = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                check=False,
                env=os.environ | environment,
                timeout=_TRIAL,
            ).returncode
        except subprocess.TimeoutExpired:
            code = f"no answer in {_TRIAL:g} s"
        except OSError as error:
            return "no program", str(error)
        output.seek(0)
        return code, output.read().decode("utf-8", "replace")
