"""Description of a crate: ``ro-crate-metadata.json`` after the profile Workflow Run RO-Crate 0.6.

The campaign's file is the workflow, its swept parameters are the workflow's inputs, and its results are the outputs.
Each run is an action of its engine from spec.json to run.zarr, and the campaign is one action more.
Profiles: https://w3id.org/ro/wfrun/workflow/0.6, https://w3id.org/workflowhub/workflow-ro-crate/1.1.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from runs.store.arrays import ARRAYS
from runs.store.entry import RECORD
from solitons.crates.contents import Contents, PackedFile, engine_option
from solitons.crates.layout import METADATA, README, SEAL, STORE, run_of, seal_of

if TYPE_CHECKING:
    from rocrate.rocrate import ROCrate

__all__ = ["FORMATS", "LICENCES", "licence_address", "metadata_of"]

LICENCES = (
    *("CC0-1.0", "CC-BY-4.0", "CC-BY-SA-4.0", "CC-BY-NC-4.0", "PDDL-1.0", "ODC-By-1.0", "ODbL-1.0"),
    *("MIT", "BSD-3-Clause", "Apache-2.0"),
)
"""Licences that are known by their SPDX names; others are given by their address."""

FORMATS = {
    ".json": "application/json",
    ".yaml": "application/yaml",
    ".html": "text/html",
    ".csv": "text/csv",
    ".md": "text/markdown",
    ".txt": "text/plain",
    ".sha256": "text/plain",
}
"""Formats of texts by the ends of their names."""

_PROFILES = {
    "https://w3id.org/ro/wfrun/process/0.6": "Process Run Crate",
    "https://w3id.org/ro/wfrun/workflow/0.6": "Workflow Run Crate",
    "https://w3id.org/workflowhub/workflow-ro-crate/1.1": "Workflow RO-Crate",
}
_ENGINES: dict[str, tuple[str, dict[str, str]]] = {
    "oommf": ("OOMMF", {"url": "https://math.nist.gov/oommf/"}),
    "native": ("native engine of soliton-workbench", {}),
}
_WORDS = {
    "spec.json": "Device, material, drive and engine; the run's id is a hash of it",
    RECORD: "Engine, versions, wall time, and size and SHA-256 of every file of the run",
    f"{RECORD}.sha256": "SHA-256 of the provenance, as sha256sum --check reads it",
    "summary.json": "Results in numbers, and the ids of the runs that they follow from",
    "report.html": "Report with verdict, figures and provenance",
    "runs.json": "The campaign's runs and what each is for",
    "requirements.txt": "Packages that were installed when the crate was packed",
    README: "What the crate holds and how it is checked",
}
_OUTPUTS = {
    "summary": ("File", _WORDS["summary.json"]),
    "report": ("File", _WORDS["report.html"]),
    "models": ("File", "Fitted models, tables and the list of runs"),
    "runs": ("Dataset", "Magnetisation and table of every run"),
}


def licence_address(licence: str) -> str:
    """Address of a licence that is named by its SPDX name or its address; a ValueError if it is neither.

    Examples
    --------
    >>> licence_address("CC-BY-4.0")
    'https://spdx.org/licenses/CC-BY-4.0'
    """
    if licence in LICENCES:
        return f"https://spdx.org/licenses/{licence}"
    if re.fullmatch(r"https?://[!-~]+", licence):
        return licence
    raise ValueError(
        f"export: --licence {licence!r} is not known; give one of {', '.join(LICENCES)}, or the address (https://...) "
        "of another"
    )


def metadata_of(contents: Contents, licence: str | None = None) -> str:
    """The text of ``ro-crate-metadata.json``; the same for the same contents on the same day."""
    from rocrate.rocrate import ROCrate

    crate, campaign = ROCrate(version="1.3"), contents.campaign
    for file in contents.files:
        crate.add_file(dest_path=file.name, properties=_of_file(file))
    # It vouches for the metadata, which therefore cannot have its own SHA-256.
    of_seal = {"name": SEAL, "description": "SHA-256 of the metadata", "contentSize": str(len(seal_of(b"")))}
    crate.add_file(dest_path=SEAL, properties=of_seal | {"encodingFormat": "text/plain"})
    folders = _add_folders(crate, contents)
    workflow = _add_workflow(crate, contents)
    actions = _add_actions(crate, contents, workflow)
    for address, name in _PROFILES.items():
        _add(crate, address, ["CreativeWork", "Profile"], name=name, version=address.rpartition("/")[2])
    top = [file.name for file in contents.files if file.role not in ("results", "run")]
    of_crate = {
        "name": campaign.title or campaign.name,
        "description": _in_words(contents),
        "datePublished": f"{datetime.now(UTC):%Y-%m-%d}",
        "license": _ref(_add_licence(crate, licence)),
        "conformsTo": _refs(_PROFILES),
        "mainEntity": _ref(workflow),
        "mentions": _refs([*actions, "#soliton-workbench"]),
        "keywords": ["micromagnetics", campaign.name, str(getattr(campaign, "kind", ""))],
        "hasPart": _refs([*top, SEAL, *folders]),
    }
    for key, value in of_crate.items():
        crate.root_dataset[key] = value
    return json.dumps(crate.metadata.generate(), indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def _in_words(contents: Contents) -> str:
    runs = len(contents.records)
    versions = sorted({f"{each['engine']} {each['engine_version']}" for each in contents.records.values()})
    computed = f"{runs} micromagnetic runs by {', '.join(versions)}" if runs else "no micromagnetic runs"
    left_out = "" if contents.has_arrays or not runs else " The arrays of the runs are left out; their hashes are here."
    return (
        f"Campaign {contents.campaign.name} of soliton-workbench {version('soliton-workbench')}: {computed}, with the "
        f"results and the report that follow from them.{left_out} 'solitons verify' compares all of it with {METADATA}."
    )


def _of_file(file: PackedFile) -> dict[str, Any]:
    name, run_id = PurePosixPath(file.name), run_of(file.name)
    inside = file.name.partition(ARRAYS)[2] if run_id else ""
    kinds = {".csv": "Table", ".json": "Fitted model"}
    words = _WORDS.get(name.name, f"{kinds.get(name.suffix, 'File')} {name.stem!r}")
    if file.role == "input":
        words += ", which the campaign reads"
    if inside:
        words = f"Part of the array {inside.split('/')[0]!r}" if "/" in inside else "Names of the run's arrays (Zarr 3)"
    properties = {
        "name": f"{name.name} of run {run_id}" if run_id else name.name,
        "description": words,
        "contentSize": str(file.size),
        "sha256": file.sha256,
        "encodingFormat": FORMATS.get(name.suffix, "application/octet-stream"),
    }
    if file.role == "results":
        return properties | {"exampleOfWork": _ref(f"#output-{_output_of(name)}")}
    return properties | ({"about": _ref("./")} if file.name == README else {})


def _add_folders(crate: ROCrate, contents: Contents) -> list[str]:
    """Add a Dataset for the results, for each run and for its arrays; give those that stand in no other."""
    inside: dict[str, list[str]] = {}
    for file in contents.files:
        entry = f"{STORE}{run_of(file.name)}/"
        if file.role == "results":
            inside.setdefault("/".join(file.name.split("/")[:4]) + "/", []).append(file.name)
        elif file.name.startswith(entry + ARRAYS):
            if entry + ARRAYS not in inside:
                inside.setdefault(entry, []).append(entry + ARRAYS)
            inside.setdefault(entry + ARRAYS, []).append(file.name)
        elif file.role == "run":
            inside.setdefault(entry, []).append(file.name)
    for name, parts in inside.items():
        run_id = run_of(f"{name}_")
        title, words, more = f"Run {run_id}", "Spec, provenance and arrays of a run", {}
        if name.endswith(ARRAYS):
            title, words = f"Arrays of run {run_id}", "Magnetisation and table of a run (Zarr 3)"
            more = {"exampleOfWork": _ref("#output-runs")}
        elif not run_id:
            title, words = "Results", "Summary, report, models and tables of the campaign"
        crate.add_dataset(
            dest_path=name, properties={"name": title, "description": words, "hasPart": _refs(parts), **more}
        )
    return [name for name in inside if not name.endswith(ARRAYS)]


def _add_workflow(crate: ROCrate, contents: Contents) -> str:
    """Add the campaign's file as the workflow, with its inputs and outputs, and what runs it; give its name."""
    from rocrate.model import ComputationalWorkflow

    for name, words, unit, value in _inputs(contents):
        kind, units = "Text" if isinstance(value, str) else "Number", {"unitText": unit} if unit else {}
        _add(crate, f"#input-{name}", "FormalParameter", name=name, description=words, additionalType=kind)
        example = _ref(f"#input-{name}")
        _add(crate, f"#value-{name}", "PropertyValue", name=name, value=value, exampleOfWork=example, **units)
    outputs = _outputs(contents)
    for name, (kind, words) in outputs.items():
        _add(crate, f"#output-{name}", "FormalParameter", name=name, description=words, additionalType=kind)
    workflow = next(file for file in contents.files if file.role == "workflow")
    properties = {
        "name": contents.campaign.title or contents.campaign.name,
        "description": f"Description of campaign {contents.campaign.name}, from which its runs follow",
        "programmingLanguage": _ref("#campaign-language"),
        "runtimePlatform": f"soliton-workbench {version('soliton-workbench')}",
        "version": contents.summary["key"],
        "input": _refs(f"#input-{name}" for name, *_ in _inputs(contents)),
        "output": _refs(f"#output-{name}" for name in outputs),
    }
    crate.add(ComputationalWorkflow(crate, dest_path=workflow.name, properties=_of_file(workflow) | properties))
    own = {"version": version("soliton-workbench")}
    language = {"name": "campaign file of soliton-workbench (YAML)", "url": "https://yaml.org/spec/1.2.2/"}
    _add(crate, "#campaign-language", "ComputerLanguage", **own, **language)
    needs = {"softwareRequirements": _ref("requirements.txt"), "license": _ref(_add_licence(crate, "BSD-3-Clause"))}
    _add(crate, "#soliton-workbench", "SoftwareApplication", name="soliton-workbench", **own, **needs)
    return workflow.name


def _output_of(name: PurePosixPath) -> str:
    return name.stem if name.name in ("summary.json", "report.html") else "models"


def _outputs(contents: Contents) -> dict[str, tuple[str, str]]:
    """Type and description of the workflow's outputs that are in the crate."""
    there = {_output_of(PurePosixPath(file.name)) for file in contents.files if file.role == "results"}
    there |= {"runs"} if contents.has_arrays and contents.records else set()
    return {name: output for name, output in _OUTPUTS.items() if name in there}


def _inputs(contents: Contents) -> list[tuple[str, str, str, str | list[float]]]:
    """Name, description, unit and value of the workflow's inputs: the engine, and what is swept."""
    axes = getattr(contents.campaign, "sweep", ())
    swept = [(axis.name, axis.label or axis.name, axis.unit, list(axis.values)) for axis in axes]
    return [("engine", "Engine that computed the runs", "", contents.engine), *swept]


def _add_actions(crate: ROCrate, contents: Contents, workflow: str) -> list[str]:
    """Add an action for each run and one for the campaign; give their names."""
    actions, labels = [], contents.summary.get("labels", {})
    for run_id, record in contents.records.items():
        name, number = record["engine"], record["engine_version"]
        words, address = _ENGINES.get(name, (name, {}))
        engine = "#engine-" + re.sub(r"[^A-Za-z0-9.]+", "-", f"{name} {number}").strip("-")
        _add(crate, engine, "SoftwareApplication", name=words, version=number, **address)
        entry = f"{STORE}{run_id}/"
        actions.append(f"#run-{run_id}")
        _add(
            crate,
            actions[-1],
            "CreateAction",
            name=f"Run {run_id}" + (f": {labels[run_id]}" if labels.get(run_id) else ""),
            description=f"Computed by {words} {number} in {record['wall_time']:.3g} s",
            instrument=_ref(engine),
            object=_ref(f"{entry}spec.json"),
            result=_refs([*([entry + ARRAYS] if contents.has_arrays else []), f"{entry}{RECORD}"]),
        )
    arrays = [f"{STORE}{run_id}/{ARRAYS}" for run_id in contents.records if contents.has_arrays]
    values = [f"#value-{name}" for name, *_ in _inputs(contents)]
    _add(
        crate,
        "#campaign",
        "CreateAction",
        name=f"Campaign {contents.campaign.name}",
        description=f"solitons run {workflow}{engine_option(contents.engine)}",
        instrument=_ref(workflow),
        object=_refs([*values, *(file.name for file in contents.files if file.role == "input")]),
        result=_refs([*(file.name for file in contents.files if file.role == "results"), *arrays]),
    )
    return [*actions, "#campaign"]


def _add_licence(crate: ROCrate, licence: str | None) -> str:
    address, name = "#no-licence", "No licence was given"
    words = "Whoever packed this crate gave no licence: ask the authors before you use or pass on its data."
    if licence is not None:
        address, name = licence_address(licence), licence
        words = f"Its text: {address}"
    _add(crate, address, "CreativeWork", name=name, description=words)
    return address


def _add(crate: ROCrate, identifier: str, kind: str | list[str], /, **properties: Any) -> None:
    from rocrate.model import ContextEntity

    crate.add(ContextEntity(crate, identifier, properties={"@type": kind, **properties}))


def _ref(name: str) -> dict[str, str]:
    return {"@id": name if name.startswith(("#", "http")) else quote(name)}


def _refs(names: Iterable[str]) -> list[dict[str, str]]:
    return [_ref(name) for name in names]
