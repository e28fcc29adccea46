"""xarray's `engine="ovf"`, and the drive that is opened with it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

import xarray as xr
from typing_extensions import override
from xarray.backends import BackendEntrypoint

from runs.reading.drives import drive_dataset
from runs.reading.frame_files import EXTENSIONS
from runs.reading.ovf_dataset import file_dataset


class OVFBackend(BackendEntrypoint):
    """xarray backend for OVF files and for directories of them: ``xarray.open_dataset(path, engine="ovf")``.

    OVF 1.0 and 2.0, text and binary, rectangular and irregular meshes, as OOMMF, mumax3, mumax+ and ubermag write them.
    The header is read when a file is opened, values when they are asked for: of a binary file no more than the rows
    between the first and the last one, of a text file all.

    The Dataset holds what the file holds, in the file's units, as one variable (x, y, z, vdims), or (point, vdims) on
    an irregular mesh; without `vdims` where there is one component. It is `M` for a magnetisation, `m` for its
    direction, else called as in the file. Coordinates are the cell centres `x`, `y`, `z` in the file's unit (the points
    on an irregular mesh) and the components' names. Attributes are `title`, `description`, and `time` (s), `stage`,
    `iteration` and `stage_iteration` as far as the description gives them. Where components differ in units, the
    coordinate `component_units` has them.

    `segment` of the file, from 0, is needed where there are several; in a directory `quantity` and `start` choose
    the frames (see `open_drive`). An OVFError if the file is truncated, malformed or no OVF file; on reading too.
    """

    description: ClassVar[str] = "OVF files of OOMMF, mumax3 and mumax+, and drive directories"
    open_dataset_parameters: ClassVar[tuple[str, ...] | None] = (
        "filename_or_obj",
        "drop_variables",
        "segment",
        "quantity",
        "start",
    )

    @override
    def open_dataset(
        self,
        filename_or_obj: Any,
        *,
        drop_variables: str | Iterable[str] | None = None,
        segment: int | None = None,
        quantity: str | None = None,
        start: bool = False,
    ) -> xr.Dataset:
        if not isinstance(filename_or_obj, (str, os.PathLike)):
            raise TypeError(f"engine 'ovf' opens a path, not {type(filename_or_obj).__name__}")
        if os.path.isdir(filename_or_obj):
            dataset = drive_dataset(filename_or_obj, quantity, start)
        else:
            dataset = file_dataset(filename_or_obj, segment)
        dropped = [drop_variables] if isinstance(drop_variables, str) else list(drop_variables or ())
        return dataset.drop_vars(dropped, errors="ignore")

    @override
    def guess_can_open(self, filename_or_obj: Any) -> bool:
        return isinstance(filename_or_obj, (str, os.PathLike)) and str(filename_or_obj).lower().endswith(EXTENSIONS)


def open_drive(
    path: str | os.PathLike[str],
    *,
    quantity: str | None = None,
    start: bool = False,
    chunks: Mapping[Any, Any] | None = None,
) -> xr.Dataset:
    """Open a drive's directory as one lazy Dataset.

    Parameters
    ----------
    path : str or path
        A drive of oommfc or `runs.native`, a directory of OOMMF's own output, a drive of mumax3c, the <name>.out of
        mumax3, or a directory with numbered files of mumax+.
    quantity : str, optional
        Quantity whose frames to open if there are several and not the magnetisation is wanted: "B_demag".
    start : bool
        Whether the state before the drive, m0.omf, comes before the frames, at t = 0, without a row of the table.
    chunks : dict, optional
        For dask: ``{}`` is one chunk a file. Without it, arrays are lazy until they are computed with, and one
        cell's time series is read fastest.

    Returns
    -------
    xarray.Dataset
        `M` or `m` (t, x, y, z, vdims), as in `OVFBackend`, in the order of stage and iteration or of mumax's
        numbers. Over `t` also the table's columns, in the rows that belong to the frames, NaN where one has none;
        `open_table` reads all rows. `t` is the table's time, or that in a frame's header where it has no row.
        If time does not grow from frame to frame, or there is none (minimisation, hysteresis), the dimension
        is `step`, from 0 (-1 for m0.omf), with `t` or the columns `B_hysteresis`, `Bx_hysteresis`... as coordinates:
        a loop passes each field twice. Attributes are what is in info.json.

    Raises
    ------
    FileNotFoundError
        There is no such directory, or it has no frames, or no m0.omf where `start` asks for it.
    OVFError
        A frame is not whole or is on another mesh than the first; on reading too.
    ValueError
        The table is not one, or which quantity is meant is not clear.

    Examples
    --------
    Two states on a disk, and how far the layer has turned from one to the other:

    >>> import discretisedfield as df, pathlib, tempfile
    >>> from runs.reading import open_drive
    >>> mesh = df.Mesh(p1=(0, 0, 0), p2=(10e-9, 5e-9, 5e-9), cell=(5e-9, 5e-9, 5e-9))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     for number, direction in enumerate([(1, 0, 0), (0, 1, 0)]):
    ...         field = df.Field(mesh, nvdim=3, value=direction, norm=8e5, unit="A/m")
    ...         field.to_file(pathlib.Path(folder, f"film-Oxs_MinDriver-Magnetization-00-{number:07d}.omf"))
    ...     drive = open_drive(folder).load()
    >>> drive["M"].sel(vdims="x").mean(("x", "y", "z")).values.tolist()  # A/m
    [800000.0, 0.0]
    """
    if not os.path.exists(path):
        raise FileNotFoundError(f"drive {os.fspath(path)!r} is not there; give the directory with its frames")
    options = {"quantity": quantity, "start": start}
    drive = xr.open_dataset(path, engine=OVFBackend, backend_kwargs=options)
    if chunks is None:
        return drive
    # The table is in memory and stays so: xarray would make a dask array of each column.
    name = next(name for name, variable in drive.variables.items() if "preferred_chunks" in variable.encoding)
    return drive.assign({name: drive[name].chunk(drive[name].encoding["preferred_chunks"] | dict(chunks))})
