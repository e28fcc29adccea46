"""A campaign packed as a crate, and a crate that is verified: parts of `export` and `verify`."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from rich.filesize import decimal
from rich.markup import escape

from solitons.commands.terminal import SafeConsole

__all__ = ["CRATE", "is_crate", "pack", "verify_packed"]

CRATE = "rocrate"
"""The target of `export` that is of a campaign, and not of a model."""


def pack(campaign: Path, out: Path, store: Path, engine: str | None, licence: str | None, arrays: bool) -> None:
    """Pack a campaign, show how far it is, and report which licence it has."""
    from solitons.campaigns.framework.stages import progress_bars
    from solitons.crates.packing import pack_campaign

    console = SafeConsole(highlight=False, soft_wrap=True)
    with progress_bars(console) as bars:
        task = bars.add_task("Pack", total=None)
        path = pack_campaign(
            campaign,
            store,
            out,
            engine=engine,
            licence=licence,
            arrays=arrays,
            progress=lambda done, total: bars.update(task, completed=done, total=total),
        )
    console.print(f"Wrote {escape(str(path))}, {decimal(path.stat().st_size)}")
    if licence is None:
        console.print("It states that no licence was given; '--licence CC-BY-4.0' states one")


def is_crate(named: str) -> bool:
    """Whether a crate is named, or a folder that may be an unpacked one, and no run."""
    return named.lower().endswith(".zip") or (Path(named).is_dir() and not re.fullmatch("[0-9a-f]+", named))


def verify_packed(path: Path) -> None:
    """Verify a crate and print what is wrong with it; exit code 1 if anything is."""
    from solitons.campaigns.framework.stages import progress_bars
    from solitons.crates.verification import verify_crate

    if path.is_dir():
        raise ValueError(
            f"verify: {str(path)!r} is a folder; give the crate's zip. Of an unpacked crate, 'solitons verify --store "
            f"{path / 'store'}' compares the runs with their records, if their arrays were packed"
        )
    console = SafeConsole(highlight=False, soft_wrap=True)
    with progress_bars(console) as bars:
        task = bars.add_task("Verify", total=None)
        report = verify_crate(path, lambda done, total: bars.update(task, completed=done, total=total))
    for finding in report.findings:
        console.print(f"[red]{finding.problem}[/red] {escape(finding.text)}")
    if report.without_arrays:
        console.print(f"The arrays of {report.without_arrays} of {report.runs} runs are not in the crate")
    named, findings = escape(str(path)), len(report.findings)
    if report.sha256:
        found = f"{findings} finding{'s' * (findings > 1)}" if findings else "all are as its metadata list them"
        files = f"{report.files} files of {report.runs} run{'s' * (report.runs != 1)} and their results"
        console.print(f"{named}: {files}, {decimal(report.size)}: {found}")
        console.print(f"SHA-256 of its metadata: {report.sha256}")
    else:
        console.print(f"{named} is no crate, or was packed again with a folder around it; pack it without that folder")
    if findings:
        sys.exit(1)
