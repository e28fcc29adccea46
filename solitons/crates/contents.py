"""What of a campaign goes into a crate: its file, its runs, its results, and the versions of packages."""

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import requires, version
from pathlib import Path
from typing import Any

from geometries.plain_files import LARGEST_TABLE, read_bytes, read_json, unlinked_opener
from runs.store import Store
from runs.store.arrays import ARRAYS
from runs.store.entry import RECORD, SEAL, files_in, files_of
from runs.store.names import CAMPAIGNS, folder_of
from runs.whole_files import names_in
from solitons.campaigns.framework.base import AbstractCampaign, distinct_specs
from solitons.campaigns.framework.kinds import campaign_file, load_campaign
from solitons.campaigns.framework.provenance import results_key
from solitons.campaigns.framework.settling import settled_as_stored
from solitons.crates.layout import METADATA, README, STORE, name_problem, named_runs, place_of, run_of
from solitons.crates.layout import SEAL as SEAL_OF_CRATE
from solitons.models.saving import model_file

__all__ = ["Contents", "PackedFile", "contents_of", "engine_option"]

_PIECE = 1 << 20


@dataclass(frozen=True)
class PackedFile:
    """A file of a crate.

    `name` is its place in the crate, `source` a file of the store or the content itself, and `role` "workflow",
    "input", "results", "run" or "about".
    """

    name: str
    source: Path | bytes
    size: int
    sha256: str
    role: str

    def __post_init__(self) -> None:
        if problem := name_problem(self.name):
            raise ValueError(
                f"export: the name of {self.name!r} {problem}, and no crate is verified with it; rename it"
            )

    def pieces(self) -> Iterator[bytes]:
        """The content, piece by piece; a ValueError if it is not what was hashed."""
        if isinstance(self.source, bytes):
            yield self.source
            return
        digest, size = hashlib.sha256(), 0
        with open(self.source, "rb", opener=unlinked_opener) as stream:
            while piece := stream.read(_PIECE):
                digest.update(piece)
                size += len(piece)
                yield piece
        if (size, digest.hexdigest()) != (self.size, self.sha256):
            raise ValueError(
                f"export: {self.source} is not what was written, or changed while it was packed; 'solitons verify' "
                "finds what is wrong with a store"
            )


@dataclass(frozen=True)
class Contents:
    """A campaign with all that is packed of it; `summary` is its `summary.json`, `records` are its runs' provenance."""

    campaign: AbstractCampaign
    engine: str
    summary: Mapping[str, Any]
    records: Mapping[str, Mapping[str, Any]]
    files: tuple[PackedFile, ...]
    has_arrays: bool


def contents_of(named: str | Path, store: str | Path, engine: str | None = None, *, arrays: bool = True) -> Contents:
    """Gather a campaign whose results are in a store.

    A ValueError if there are no results, results of several engines and none is named, or results that do not follow
    from this description with the source code that is installed; a KeyError if a run is missing.
    """
    try:
        campaign, file, folder = load_campaign(named), campaign_file(named), Store(Path(store))
    except ValueError as error:
        if Path(named).is_dir():
            what = "give the campaign's name or its YAML file, and '--store DIR'"
            raise ValueError(f"export: {str(named)!r} is a folder; {what}") from error
        raise
    chosen = engine or _only_engine(campaign, folder.root)
    results = folder_of(folder.root, campaign.name, chosen)
    again = f"'solitons run {named} --store {store}{engine_option(chosen)}'"
    if not (results / "summary.json").is_file():
        raise ValueError(f"export: {results} has no summary.json; {again} computes what is missing")
    summary = read_json(results / "summary.json", LARGEST_TABLE)
    specs = distinct_specs(settled_as_stored(campaign, chosen, folder), chosen) if campaign.has_runs else []
    if not isinstance(summary, dict) or summary.get("key") != results_key(campaign, specs):
        raise ValueError(
            f"export: the results in {results} do not follow from {file} with the source code that is installed here; "
            f"{again} brings them up to date and keeps the runs that are stored"
        )
    files = [
        _content(f"{campaign.name}.yaml", read_bytes(file), "workflow"),
        _content("requirements.txt", _packages().encode()),
    ]
    place = f"{STORE}{CAMPAIGNS}/{campaign.name}/{chosen}"
    names = [name for name in files_in(results) if not any(part.startswith(".") for part in name.split("/"))]
    files += [_file(f"{place}/{name}", results / name, "results") for name in names]
    named_in = [read_json(results / name, LARGEST_TABLE) for name in names if name.endswith(".json")]
    ids = dict.fromkeys([spec.run_id for spec in specs] + sorted(named_runs(named_in)))
    records = {run_id: folder.checked_record(run_id) for run_id in ids}
    for run_id, record in records.items():
        files += _entry(folder, run_id, record, arrays)
    inputs = _input_names(campaign.input_files(), [METADATA, SEAL_OF_CRATE, README, *(each.name for each in files)])
    files += [_content(name, read_bytes(path, LARGEST_TABLE), "input") for name, path in inputs.items()]
    files.append(_content(README, _readme(campaign, chosen, arrays, inputs).encode()))
    known: dict[str, str] = {}
    for each in files:
        if (other := known.setdefault(place_of(each.name), each.name)) != each.name:
            words = "differ in capital letters only, and are one file on some systems; rename one"
            raise ValueError(f"export: {other!r} and {each.name!r} {words}")
    return Contents(campaign, chosen, summary, records, tuple(files), arrays)


def engine_option(engine: str) -> str:
    """How `solitons run` is asked for an engine; "model" is that of campaigns without runs, and is not asked for."""
    return "" if engine == "model" else f" --engine {engine}"


def _only_engine(campaign: AbstractCampaign, store: Path) -> str:
    there = [
        name
        for name in sorted(names_in(store / CAMPAIGNS / campaign.name))
        if folder_of(store, campaign.name, name).joinpath("summary.json").is_file()
    ]
    if not there:
        raise ValueError(
            f"export: store {str(store)!r} has no results of campaign {campaign.name!r}; run it first, or name another "
            "store with '--store DIR'"
        )
    if len(there) > 1:
        raise ValueError(
            f"export: campaign {campaign.name!r} has results of {' and '.join(there)}; name one with '--engine NAME'"
        )
    return there[0]


def _entry(store: Store, run_id: str, record: dict[str, Any], arrays: bool) -> Iterator[PackedFile]:
    """Files of a run, with the sizes and hashes of its record: they are compared as they are packed."""
    entry = store.entry(run_id)
    for name, file in sorted(files_of(record, run_id).items()):
        if arrays or not name.startswith(ARRAYS):
            source, digest = entry / name, file.sha256
            if digest is None:
                raise ValueError(f"export: run {run_id} is of store format 1, without hashes; compute it again")
            yield PackedFile(f"{STORE}{run_id}/{name}", source, file.size, digest, "run")
    for name in (RECORD, SEAL):
        yield _file(f"{STORE}{run_id}/{name}", entry / name, "run")


def _file(name: str, path: Path, role: str) -> PackedFile:
    with open(path, "rb", opener=unlinked_opener) as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
        return PackedFile(name, path, stream.tell(), digest, role)


def _content(name: str, content: bytes, role: str = "about") -> PackedFile:
    return PackedFile(name, content, len(content), hashlib.sha256(content).hexdigest(), role)


def _input_names(paths: Iterable[Path], taken: Iterable[str]) -> dict[str, Path]:
    """Places of input files: where the campaign names them from its folder on, else in `inputs`; none that is taken."""
    names: dict[str, Path] = {}
    places = {place_of(name) for name in taken}
    for path in dict.fromkeys(paths):
        name, number = path.as_posix(), 2
        if name_problem(name) or run_of(name) or place_of(name) in places:
            name = f"inputs/{path.name}"
        while place_of(name) in places:
            name, number = f"inputs/{path.stem}-{number}{path.suffix}", number + 1
        names[name] = path
        places.add(place_of(name))
    return names


def _packages() -> str:
    """Versions of the workbench and of the packages that it asks for, as pip reads them."""
    asked = (line for line in requires("soliton-workbench") or () if "extra ==" not in line)
    names = ["soliton-workbench", *sorted(re.split(r"[^\w.-]", line, maxsplit=1)[0] for line in asked)]
    return "".join(
        [f"# Python {'.'.join(map(str, sys.version_info[:3]))}\n", *(f"{name}=={version(name)}\n" for name in names)]
    )


def _readme(campaign: AbstractCampaign, engine: str, arrays: bool, inputs: Mapping[str, Path]) -> str:
    """What is in the crate and what can be done with it; `arrays` is false where those of runs were left out."""
    run = f"`solitons run {campaign.name}.yaml --store store{engine_option(engine)}`"
    record = ", every run's id and every run's record" if campaign.has_runs else ""
    # What comes with the workbench is found there by its name.
    moved = {name: path for name, path in inputs.items() if name != path.as_posix() and path != model_file(path.stem)}
    return (
        f"# {campaign.title or campaign.name}\n\nCampaign {campaign.name}, computed with soliton-workbench "
        f"{version('soliton-workbench')} (engine: {engine}).\n\n"
        f"- `solitons verify FILE.zip` compares every file{record} with this crate.\n"
        f"- `store/campaigns/{campaign.name}/{engine}/report.html` is the report.\n"
        "- `requirements.txt` has the versions of the packages that were installed when the crate was packed.\n"
        + (
            f"- It has no micromagnetic runs; {run} in this folder computes it again.\n"
            if not campaign.has_runs
            else f"- `store` is a run store: `solitons list --store store`; {run} in this folder goes on with it.\n"
            if arrays
            else "- The arrays of the runs (run.zarr) were left out, so that no run in `store` can be opened; its "
            f"provenance.json has their hashes. {run} in this folder computes the runs again.\n"
        )
        + "".join(
            f"- `{name}` is the file that the campaign names {str(path)!r}: write `{name}` there before you run it.\n"
            for name, path in moved.items()
        )
    )
