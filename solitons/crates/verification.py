"""The check of a crate, on any machine and without the store that it came from."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from zipfile import ZipFile, ZipInfo

from pydantic import ValidationError

from geometries.description import plain_errors
from geometries.plain_files import LARGEST_TABLE, parse_json, read_text, unlinked_opener
from runs.schema_version import SCHEMA_VERSION
from runs.spec import OlderSchemaError, read_spec
from runs.store import Finding, Store, verify_entry
from runs.store.arrays import ARRAYS
from runs.store.entry import read_record, schema_of
from runs.store.names import CAMPAIGNS
from solitons.crates.layout import METADATA, SEAL, STORE, named_runs, run_of, seal_of
from solitons.crates.opening import UNREADABLE, Listed, files_listed, largest_metadata, members_of, opened, pieces

__all__ = ["CrateReport", "verify_crate"]


@dataclass(frozen=True)
class CrateReport:
    """What was found in a crate.

    Parameters
    ----------
    findings : tuple of Finding
        What is not as it was packed, each with the name of the file; none of a crate that is whole.
    runs, without_arrays : int
        Runs that are in it, and those of them whose arrays were left out.
    files, size : int
        Files that its metadata list, and their bytes.
    sha256 : str
        SHA-256 of its metadata, which vouch for all else: two crates with the same one are the same. "" if there are
        none.
    """

    findings: tuple[Finding, ...]
    runs: int
    without_arrays: int
    files: int
    size: int
    sha256: str


def verify_crate(path: str | Path, progress: Callable[[int, int], None] = lambda _done, _all: None) -> CrateReport:
    """Compare everything in a crate with its metadata, its runs' records and ids, and the runs that its results name.

    Runs are unpacked one after another into a temporary folder, which goes again. Hashes show that nothing was altered
    since the crate was packed, not who packed it: compare `CrateReport.sha256` with a published one.

    Parameters
    ----------
    path : str or pathlib.Path
        The zip.
    progress : callable, optional
        Called with the bytes that are compared, and those of all files.

    Returns
    -------
    CrateReport
        Findings, and what was compared.

    Raises
    ------
    ValueError
        If it is no zip, or one that is not unpacked: with names that lead out of it, links, bytes that are of none
        of its files, or more than a crate can have; or if there is no room for its largest run.
    OSError
        If it cannot be read.

    Examples
    --------
    >>> verify_crate("no-such-crate.zip")
    Traceback (most recent call last):
    ...
    FileNotFoundError: [Errno 2] No such file or directory: 'no-such-crate.zip'
    """
    with opened(path) as archive:
        members = members_of(archive, path)
        listed, digest, findings = _metadata(archive, members)
        findings += _differences(members, listed)
        # Nothing is unpacked that is not listed, nor more of it than is listed.
        bad = {str(finding.path) for finding in findings}
        runs: dict[str, list[str]] = {}
        for name in listed:
            runs.setdefault(run_of(name), []).append(name)
        total, done = sum(each.size for each in listed.values()), 0
        for run_id, names in sorted(runs.items()):
            with tempfile.TemporaryDirectory(prefix="solitons-crate-") as temporary:
                folder = Path(temporary)
                _check_room(folder, sum(listed[name].size for name in names if name not in bad), path)
                for name in [each for each in names if each not in bad]:
                    if problem := _unpacked(archive, members[name], listed[name], folder / name):
                        findings.append(_finding(name, "content", problem))
                        bad.add(name)
                    done += listed[name].size
                    progress(done, total)
                if not run_id:
                    findings += _unknown_runs(folder, sorted(set(names) - bad), set(runs))
                elif not bad & set(names):
                    findings += _entry_problems(Store(folder / STORE), run_id)
    with_arrays = {run_of(name) for name in listed if f"/{ARRAYS}" in name}
    present = set(runs) - {""}
    return CrateReport(tuple(findings), len(present), len(present - with_arrays), len(listed), total, digest)


def _metadata(archive: ZipFile, members: Mapping[str, ZipInfo]) -> tuple[dict[str, Listed], str, list[Finding]]:
    """Files that the metadata list, the SHA-256 of the metadata, and what is wrong with them."""
    findings = [_finding(name, "missing", "is missing") for name in (METADATA, SEAL) if name not in members]
    if METADATA not in members:
        return {}, "", findings
    content, most = b"", largest_metadata(len(members))
    try:
        for name in {METADATA, SEAL} & set(members):
            if members[name].file_size > most:
                raise ValueError(f"{name} has {members[name].file_size:,} bytes, {most:,} are the most")
        content = b"".join(pieces(archive, members[METADATA]))
        if SEAL in members and b"".join(pieces(archive, members[SEAL])) != seal_of(content):
            findings.append(_finding(METADATA, "content", f"or {SEAL} is not what was packed (SHA-256)"))
        listed = files_listed(content)
    except (*UNREADABLE, ValueError) as error:
        listed = {}
        findings.append(_finding(METADATA, "record", f"does not list what the crate has ({error})"))
    return listed, hashlib.sha256(content).hexdigest() if content else "", findings


def _differences(members: Mapping[str, ZipInfo], listed: Mapping[str, Listed]) -> Iterator[Finding]:
    """Files that are missing, added, or of another size."""
    for name, file in listed.items():
        if name not in members:
            yield _finding(name, "missing", "is missing")
        elif members[name].file_size != file.size:
            yield _finding(name, "size", f"has {members[name].file_size} bytes, but {file.size} were packed")
    order = sorted(listed)
    for name in sorted(members.keys() - listed.keys() - {METADATA, SEAL}) if listed else ():
        # A folder is left where its only file is missing.
        if not (name.endswith("/") and "".join(order[(at := bisect_left(order, name)) : at + 1]).startswith(name)):
            yield _finding(name, "foreign", "is not listed by the crate")


def _unpacked(archive: ZipFile, info: ZipInfo, listed: Listed, target: Path) -> str:
    """Unpack a file and compare it with the crate; gives what is wrong with it."""
    digest = hashlib.sha256()
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with target.open("xb") as stream:
            for piece in pieces(archive, info):
                stream.write(piece)
                digest.update(piece)
    except UNREADABLE as error:
        return f"cannot be unpacked ({error})"
    return "" if digest.hexdigest() == listed.sha256 else "is not what was packed (SHA-256)"


def _entry_problems(store: Store, run_id: str) -> Iterator[Finding]:
    """Compare a run with its own record, and its id with its spec."""
    entry = store.entry(run_id)
    arrays = entry / ARRAYS
    problems = [
        each
        for each in verify_entry(store, run_id)
        if arrays.is_dir() or each.problem != "missing" or not each.path.is_relative_to(arrays)
    ]
    yield from problems
    if problems:
        return
    name = f"{STORE}{run_id}/spec.json"
    try:
        read_spec(read_text(entry / "spec.json", opener=unlinked_opener), run_id)
    except OlderSchemaError as error:
        if schema_of(read_record(entry, run_id)) < SCHEMA_VERSION:
            yield _finding(name, "format", "is of an older schema, in which no id is computed here")
        else:
            yield _finding(name, "record", f"describes run {error.spec.run_id}, but the entry is of run {run_id}")
    except (OSError, ValueError) as error:
        why = plain_errors(error) if isinstance(error, ValidationError) else error
        yield _finding(name, "record", f"cannot be read here, so that the run's id is not known ({why})")


def _unknown_runs(folder: Path, names: list[str], runs: set[str]) -> Iterator[Finding]:
    """Runs that results name and the crate has not; a model of another campaign has no summary beside it."""
    results = {name for name in names if name.startswith(f"{STORE}{CAMPAIGNS}/") and name.endswith("/summary.json")}
    for name in names:
        if name.endswith(".json") and "/".join([*name.split("/")[:4], "summary.json"]) in results:
            try:
                named = named_runs(parse_json(read_text(folder / name, LARGEST_TABLE), finite=False))
            except ValueError as error:
                yield _finding(name, "record", f"cannot be read ({error})")
                continue
            for run_id in sorted(named - runs):
                yield _finding(name, "missing", f"names run {run_id}, which is not in the crate")


def _check_room(folder: Path, size: int, path: str | Path) -> None:
    free = shutil.disk_usage(folder).free
    if size > free:
        raise ValueError(
            f"{path}: {size:,} bytes of it are unpacked at a time, and {folder.parent} has {free:,} left; set TMPDIR "
            "to a folder with more room"
        )


def _finding(
    name: str, problem: Literal["missing", "size", "content", "record", "format", "foreign"], text: str
) -> Finding:
    return Finding(run_of(name), Path(name), problem, f"{name} {text}")
