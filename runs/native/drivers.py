"""The drivers that ubermag users know, over the functions that do the work."""

import abc
import datetime
import pathlib
import time
from collections.abc import Callable
from typing import Any

import micromagneticmodel as mm
import numpy as np
import pandas as pd
import ubermagtable as ut

from runs.native import output
from runs.native.minimisation import minimise
from runs.native.relaxation import relax
from runs.native.simulation import simulate

Progress = Callable[[float], Any]


class Driver(mm.driver.Driver):  # type: ignore[misc]
    """What the drivers share: where results go.

    `drive` sets `system.m` and `system.table` as oommfc does and, unless `save` is false, writes
    `dirname/<system name>/drive-<number>` with the magnetisation, the table and `info.json`.
    """

    @abc.abstractmethod
    def _run(self, system: mm.System, progress: Progress | None, **arguments: Any) -> tuple[np.ndarray, pd.DataFrame]:
        """Frames (nt, nx, ny, nz, 3) and one row of the table for each."""

    def _drive(
        self,
        system: mm.System,
        dirname: str,
        append: bool,
        save: bool,
        ovf_format: str,
        verbose: int,
        progress: Progress | None,
        **arguments: Any,
    ) -> None:
        if len(system.energy) == 0:
            raise RuntimeError(f"System's energy is not defined for {system.name!r}; set system.energy")
        output.check_representation(ovf_format)
        name, start, clock = type(self).__name__, datetime.datetime.now(), time.perf_counter()
        directory: pathlib.Path | None = None
        if save:
            directory = output.new_directory(system, dirname, "drive", append)
            system.m.to_file(str(directory / "m0.omf"), representation=ovf_format)
            output.write_information(directory, name, system.drive_number, start, arguments)
        success = False
        try:
            frames, table = self._run(system, progress, **arguments)
            success = True
        finally:
            if directory is not None:
                output.finish_information(directory, start, success)
        if directory is not None:
            output.write_frames(directory, system, name, frames, table, ovf_format)
        system.m.array = np.nan_to_num(frames[-1]) * system.m.norm.array
        units = {column: output.UNITS[column] for column in table.columns}
        system.table = ut.Table(data=table, units=units, x=self._x)
        system.drive_number += 1
        if verbose:
            print(f"Ran runs.native {name} in {time.perf_counter() - clock:.1f} s")


class TimeDriver(Driver):
    """Integrates the equation of motion.

    Parameters
    ----------
    tolerance : float, optional
        Largest error of a step in any component of m; 1e-6 if not given.

    Examples
    --------
    >>> TimeDriver(tolerance=1e-6)
    TimeDriver(tolerance=1e-06)
    """

    _allowed_attributes = ["tolerance"]  # noqa: RUF012  (micromagneticmodel's interface)
    _x = "t"

    def drive(
        self,
        system: mm.System,
        /,
        *,
        t: float,
        n: int,
        dirname: str = ".",
        append: bool = True,
        save: bool = True,
        ovf_format: str = "bin8",
        verbose: int = 1,
        progress: Progress | None = None,
    ) -> None:
        """Drive a system for a time t and keep n equally spaced states of it.

        Parameters
        ----------
        system : micromagneticmodel.System
        t : float
            Time in s.
        n : int
            Number of states kept, the last at t.
        dirname : str
            Where the directory of the system's name is made.
        append : bool
            Whether that directory may be there already.
        save : bool
            Whether anything is written.
        ovf_format : {"bin8", "bin4", "txt"}
            Format of the magnetisation files.
        verbose : int
            0 prints nothing.
        progress : callable, optional
            Called with the simulated time in s.

        Raises
        ------
        UnsupportedError
            The system holds something that this engine would have to ignore.
        RuntimeError
            The system has no energy or no dynamics.
        ValueError
            t or n is not positive, n is not a whole number, or a parameter makes no sense.
        IntegrationError
            The integration stopped early.
        """
        if len(system.dynamics) == 0:
            raise RuntimeError(f"System's dynamics is not defined for {system.name!r}; set system.dynamics")
        if not t > 0:
            raise ValueError(f"TimeDriver: t={t!r} s must be positive")
        if not isinstance(n, int) or n <= 0:
            raise ValueError(f"TimeDriver: n={n!r} must be a positive whole number")
        self._drive(system, dirname, append, save, ovf_format, verbose, progress, t=t, n=n)

    def _run(self, system: mm.System, progress: Progress | None, **arguments: Any) -> tuple[np.ndarray, pd.DataFrame]:
        times = np.linspace(0.0, arguments["t"], arguments["n"] + 1)
        frames, table = simulate(system, times, progress, **dict(self))
        return frames[1:], table.iloc[1:].reset_index(drop=True)


class _RestDriver(Driver):
    """A driver that looks for rest and keeps one state."""

    def drive(
        self,
        system: mm.System,
        /,
        *,
        dirname: str = ".",
        append: bool = True,
        save: bool = True,
        ovf_format: str = "bin8",
        verbose: int = 1,
        progress: Progress | None = None,
    ) -> None:
        """Drive a system to rest and keep its last state.

        Parameters
        ----------
        system : micromagneticmodel.System
        dirname, append, save, ovf_format, verbose
            As for `TimeDriver.drive`.
        progress : callable, optional
            Called with what the driver watches.

        Raises
        ------
        UnsupportedError
            The system holds something that this engine would have to ignore.
        RuntimeError
            The system has no energy.
        ValueError
            A parameter makes no sense.
        MinimisationError, IntegrationError
            It did not come to rest.
        """
        self._drive(system, dirname, append, save, ovf_format, verbose, progress)


class MinDriver(_RestDriver):
    """Minimises the energy; see `minimise`.

    Parameters
    ----------
    stopping_mxHxm : float, optional
        Stop where max |m x H x m| is below this, in A/m; 0.1 if not given.
    max_iterations : int, optional

    Examples
    --------
    >>> MinDriver(stopping_mxHxm=0.01)
    MinDriver(stopping_mxHxm=0.01)
    """

    _allowed_attributes = ["stopping_mxHxm", "max_iterations"]  # noqa: RUF012
    _x = "iteration"

    def _run(self, system: mm.System, progress: Progress | None, **_: Any) -> tuple[np.ndarray, pd.DataFrame]:
        m, table = minimise(system, progress=progress, **dict(self))
        return m[None], table


class RelaxDriver(_RestDriver):
    """Relaxes by damping without precession; see `relax`.

    Parameters
    ----------
    stopping_dm_dt : float, optional
        Stop where max |dm/dt| is below this, in deg/ns; 0.01 if not given.
    longest : float, optional
        Simulated time in s after which to give up.

    Examples
    --------
    >>> RelaxDriver(stopping_dm_dt=0.1)
    RelaxDriver(stopping_dm_dt=0.1)
    """

    _allowed_attributes = ["stopping_dm_dt", "longest"]  # noqa: RUF012
    _x = "t"

    def _run(self, system: mm.System, progress: Progress | None, **_: Any) -> tuple[np.ndarray, pd.DataFrame]:
        m, table = relax(system, progress=progress, **dict(self))
        return m[None], table
