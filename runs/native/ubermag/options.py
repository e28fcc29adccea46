"""The keywords that every driver's `drive` takes."""

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from runs.native.errors import UnsupportedError
from runs.native.ubermag import output


@dataclasses.dataclass(frozen=True, kw_only=True)
class DriveOptions:
    """Options of a drive beside the physics of its driver; all are keywords of `drive`.

    Attributes
    ----------
    dirname : str
        Folder for the directory of the system's name.
    append : bool
        Whether that directory may be there already.
    save : bool
        Whether anything is written.
    ovf_format : {"bin8", "bin4", "txt"}
        Format of the magnetisation files.
    verbose : int
        0 prints nothing.
    fixed_subregions : sequence of str, optional
        Subregions of the mesh in which m is held.
    output_step : bool
        Whether every step towards rest is kept; a TimeDriver keeps the `n` states it is asked for.
    n_threads : int, optional
        Largest number of processor cores that the drive uses.
    progress : callable, optional
        Called with the simulated time in s (TimeDriver, RelaxDriver), max |m x H x m| in A/m (MinDriver) or
        the number of fields that are done (HysteresisDriver); what it raises ends the drive.
    runner, compute : None
        Options of OOMMF; there is nothing to choose here.

    Raises
    ------
    ValueError
        An unknown `ovf_format`, or `n_threads` is not a whole number, at least 1.
    UnsupportedError
        `runner` or `compute` is given.

    Examples
    --------
    >>> DriveOptions(n_threads=2).for_information
    {'n_threads': 2}
    >>> DriveOptions(ovf_format="bin16")
    Traceback (most recent call last):
    ...
    ValueError: ovf_format='bin16' is not supported; use one of bin8, bin4, txt
    """

    dirname: str = "."
    append: bool = True
    save: bool = True
    ovf_format: str = "bin8"
    verbose: int = 1
    fixed_subregions: Sequence[str] | None = None
    output_step: bool = False
    n_threads: int | None = None
    progress: Callable[[float], Any] | None = None
    runner: None = None
    compute: None = None

    def __post_init__(self) -> None:
        """Check the values."""
        output.check_representation(self.ovf_format)
        if self.n_threads is not None and (not isinstance(self.n_threads, (int, np.integer)) or self.n_threads < 1):
            raise ValueError(f"n_threads={self.n_threads!r} must be a whole number, at least 1")
        if self.runner is not None:
            raise UnsupportedError(f"runner={self.runner!r} runs OOMMF; runs.native needs none, leave it out")
        if self.compute is not None:
            raise UnsupportedError(
                f"compute={self.compute!r} is OOMMF's MIF and is not supported by runs.native; use "
                "runs.native.compute after the drive"
            )

    @property
    def for_information(self) -> dict[str, Any]:
        """Options in `info.json`: the given ones that oommfc writes there too."""
        chosen = {"fixed_subregions": self.fixed_subregions, "n_threads": self.n_threads}
        chosen = {name: value for name, value in chosen.items() if value is not None}
        return chosen | ({"output_step": True} if self.output_step else {})
