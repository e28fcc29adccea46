"""Crates as a stranger may hand them on: files of a zip, and what a forger changes of them."""

import hashlib
import json
import zipfile

from solitons.crates.layout import METADATA, SEAL, seal_of


def content_of(crate):
    """Files of a crate by their names."""
    with zipfile.ZipFile(crate) as archive:
        return {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}


def graph_of(crate):
    """Entities of a crate by their ids."""
    return {each["@id"]: each for each in json.loads(content_of(crate)[METADATA])["@graph"]}


def relisted(files):
    """What a forger does: the metadata list the files as they are now, and the seal vouches for the metadata."""
    metadata = json.loads(files[METADATA])
    metadata["@graph"] = [each for each in metadata["@graph"] if each["@type"] != "File" or each["@id"] in files]
    for each in metadata["@graph"]:
        if "sha256" in each:
            content = files[each["@id"]]
            each |= {"contentSize": str(len(content)), "sha256": hashlib.sha256(content).hexdigest()}
    return sealed(files | {METADATA: json.dumps(metadata).encode()})


def sealed(files):
    return files | {SEAL: seal_of(files[METADATA])}
