"""Writing a crate: one zip, whole or not at all, the same bytes for the same store on the same day."""

from __future__ import annotations

import errno
import zipfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from runs import interruption
from runs.whole_files import make_directory, write_whole_by
from solitons.crates.contents import PackedFile, contents_of
from solitons.crates.layout import METADATA, SEAL, seal_of
from solitons.crates.metadata import FORMATS, licence_address, metadata_of
from solitons.crates.opening import largest_metadata

__all__ = ["pack_campaign"]

_BEGINNING = (1980, 1, 1, 0, 0, 0)  # of time in a zip: no date of today


def pack_campaign(
    campaign: str | Path,
    store: str | Path,
    out: str | Path,
    *,
    engine: str | None = None,
    licence: str | None = None,
    arrays: bool = True,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> Path:
    """Pack a campaign, its runs and its results as a Workflow Run RO-Crate.

    Parameters
    ----------
    campaign : str or pathlib.Path
        The campaign's YAML file, or the name of one that comes with the workbench.
    store : str or pathlib.Path
        Folder of the run store that has its runs and results.
    out : str or pathlib.Path
        The file, if it ends in ".zip" and is no folder, or a folder, in which it is named after campaign and engine. It
        is made where it is not there, and a crate of that name is replaced.
    engine : str, optional
        Engine whose results are packed, where the store has those of several.
    licence : str, optional
        Licence of the data, such as "CC-BY-4.0" or an address. Without one the crate states that none was given.
    arrays : bool
        Whether the runs' arrays are packed too. Without them their hashes are.
    progress : callable, optional
        Called with the bytes that are packed, and those of all files.

    Returns
    -------
    pathlib.Path
        The crate.

    Raises
    ------
    ValueError
        If there are no results, or they do not follow from this description and this version of the source code, the
        licence is not known, `out` is another file, or the disk is full.
    KeyError, CorruptEntryError
        If a run is not in the store, or is not what was written.

    Examples
    --------
    >>> pack_campaign("dw-demo", "no-such-store", "crates")
    Traceback (most recent call last):
    ...
    ValueError: export: store 'no-such-store' has no results of campaign 'dw-demo'; run it first, or name another store
    with '--store DIR'
    """
    if licence is not None:
        licence_address(licence)
    path = Path(out)
    is_zip = path.suffix.lower() == ".zip" and not path.is_dir()
    if not is_zip and (path.is_file() or path.suffix.lower() in (".yaml", ".yml")):
        raise ValueError(f"export: --out {str(out)!r} is no folder and no '.zip'; give one of them")
    contents = contents_of(campaign, store, engine, arrays=arrays)
    metadata = metadata_of(contents, licence).encode()
    if len(metadata) > (most := largest_metadata(len(contents.files))):
        words = f"its metadata would have {len(metadata):,} bytes, and 'verify' reads {most:,} at most"
        raise ValueError(f"export: {words}; leave arrays out with '--without-runs', or pack parts of the campaign")
    written = ((METADATA, metadata), (SEAL, seal_of(metadata)))
    own = [PackedFile(name, each, len(each), "", "about") for name, each in written]
    if not is_zip:
        path /= f"{contents.campaign.name}-{contents.engine}.crate.zip"
    make_directory(path.parent)
    try:
        write_whole_by(path, lambda unfinished: _write(unfinished, [*own, *contents.files], progress))
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise
        remedy = "nothing of it was kept. Make room, name another place with '--out', or leave arrays out"
        raise ValueError(f"export: {path} has no room ({error.strerror}); {remedy} with '--without-runs'") from error
    return path


def _write(path: Path, files: list[PackedFile], progress: Callable[[int, int], None]) -> None:
    total, done = sum(file.size for file in files), 0
    parents = {str(parent) for file in files for parent in PurePosixPath(file.name).parents} - {"."}
    with zipfile.ZipFile(path, "w") as archive:
        for folder in sorted(parents):  # a crate's folders are in it by their own names
            info = zipfile.ZipInfo(f"{folder}/", _BEGINNING)
            info.create_system, info.external_attr = 3, (0o040755 << 16) | 0x10
            archive.writestr(info, b"")
        for file in files:
            info = zipfile.ZipInfo(file.name, _BEGINNING)
            info.create_system, info.external_attr = 3, 0o100644 << 16
            is_text = PurePosixPath(file.name).suffix in FORMATS  # arrays are compressed already
            info.compress_type = zipfile.ZIP_DEFLATED if is_text else zipfile.ZIP_STORED
            info.file_size = file.size
            with archive.open(info, "w") as stream:
                for piece in file.pieces():
                    interruption.check()
                    stream.write(piece)
                    done += len(piece)
                    progress(done, total)
