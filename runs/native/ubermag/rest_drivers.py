"""The drivers that bring a system to rest."""

import abc
from typing import Any

import micromagneticmodel as mm
import numpy as np
import pandas as pd
from typing_extensions import override

from runs.native.rest import minimisation, relaxation
from runs.native.time.evolution import Keep
from runs.native.ubermag.drivers import Driver
from runs.native.ubermag.options import DriveOptions


class _RestDriver(Driver):
    """A driver that looks for rest and keeps the last state, or with `output_step` all on the way."""

    def drive(self, system: mm.System, /, **options: Any) -> None:
        """Drive a system to rest, with the options of `DriveOptions`.

        An UnsupportedError if the system or an option holds something that this engine would have to ignore, a
        RuntimeError if the system has no energy, a ValueError if a parameter makes no sense; a MinimisationError or
        IntegrationError if it did not come to rest: the last state is written.
        """
        chosen = DriveOptions(**options)
        self._drive(system, chosen, None, minimisation.MAX_ITERATIONS if chosen.output_step else 1)

    @override
    def _run(
        self, system: mm.System, options: DriveOptions, arguments: Any, keep: Keep
    ) -> tuple[np.ndarray, pd.DataFrame]:
        frames, table = self._path(system, options)
        for place, frame in enumerate(frames):
            keep(frame, table.iloc[place : place + 1])
        return frames[-1:], table

    @abc.abstractmethod
    def _path(self, system: mm.System, options: DriveOptions) -> tuple[np.ndarray, pd.DataFrame]:
        """Frames (nt, nx, ny, nz, 3) on the way to rest and one row of the table for each."""


class MinDriver(_RestDriver):
    """Minimises the energy; see `minimise`.

    Parameters
    ----------
    stopping_mxHxm : float, optional
        Stop where max |m x H x m| is below this, in A/m; 1e-4 if not given and rounding allows it.
    max_iterations : int, optional

    Examples
    --------
    >>> MinDriver(stopping_mxHxm=0.01)
    MinDriver(stopping_mxHxm=0.01)
    """

    _allowed_attributes = ["stopping_mxHxm", "max_iterations"]  # noqa: RUF012  (micromagneticmodel's interface)
    _x = "iteration"

    @override
    def _path(self, system: mm.System, options: DriveOptions) -> tuple[np.ndarray, pd.DataFrame]:
        return minimisation.path(
            system,
            fixed_subregions=options.fixed_subregions or (),
            progress=options.progress,
            every_step=options.output_step,
            **dict(self),
        )


class RelaxDriver(_RestDriver):
    """Relaxes by damping without precession; see `relax`.

    Parameters
    ----------
    stopping_dm_dt : float, optional
        Stop where max |dm/dt| is below this, in deg/ns; 1e-6 if not given and rounding allows it.
    longest : float, optional
        Simulated time in s after which to give up.

    Examples
    --------
    >>> RelaxDriver(stopping_dm_dt=0.1)
    RelaxDriver(stopping_dm_dt=0.1)
    """

    _allowed_attributes = ["stopping_dm_dt", "longest"]  # noqa: RUF012  (micromagneticmodel's interface)
    _x = "t"

    @override
    def _path(self, system: mm.System, options: DriveOptions) -> tuple[np.ndarray, pd.DataFrame]:
        return relaxation.path(
            system,
            fixed_subregions=options.fixed_subregions or (),
            progress=options.progress,
            every_stretch=options.output_step,
            **dict(self),
        )
