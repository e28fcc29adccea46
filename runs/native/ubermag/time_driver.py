"""The driver that integrates the equation of motion."""

from typing import Any

import micromagneticmodel as mm
import numpy as np
import pandas as pd
from typing_extensions import override

from runs.native.abstract import MU0
from runs.native.columns import field_columns, has_field_columns
from runs.native.errors import UnsupportedError
from runs.native.time.evolution import Keep, evolve
from runs.native.ubermag.drivers import Driver
from runs.native.ubermag.options import DriveOptions
from runs.native.waveform import MATRIX, function_of, waveforms_of

JUST = 1e-9
"""Part of a time that is next to nothing."""


class TimeDriver(Driver):
    """Integrates the equation of motion; see `evolve`.

    Parameters
    ----------
    tolerance : float, optional
        Largest error of a step in any component of m; 1e-6 if not given.
    stopping_dm_dt : float, optional
        End at the first kept state at which max |dm/dt| is below this, in deg/ns.
    precision : {"double", "single"}, optional
    thermal : ThermalField, optional
        Seed and step of the thermal field; needed where T > 0.

    Examples
    --------
    >>> TimeDriver(tolerance=1e-6)
    TimeDriver(tolerance=1e-06)
    """

    _allowed_attributes = ["tolerance", "stopping_dm_dt", "precision", "thermal"]  # noqa: RUF012  (micromagneticmodel's)
    _x = "t"

    def drive(self, system: mm.System, /, *, t: float, n: int, **options: Any) -> None:
        """Drive a system for a time t and keep n equally spaced states of it.

        Parameters
        ----------
        system : micromagneticmodel.System
        t : float
            Time in s.
        n : int
            Number of states kept, the last at t; fewer where `stopping_dm_dt` ends the drive.
        **options
            See `DriveOptions`.

        Raises
        ------
        UnsupportedError
            The system or an option holds something that this engine would have to ignore.
        RuntimeError
            The system has no energy or no dynamics.
        ValueError
            t or n is not positive, n is not a whole number, or a parameter makes no sense.
        IntegrationError
            The integration stopped early; the last good state is written.
        """
        chosen = DriveOptions(**options)
        if len(system.dynamics) == 0:
            raise RuntimeError(f"System's dynamics is not defined for {system.name!r}; set system.dynamics")
        if not t > 0:
            raise ValueError(f"TimeDriver: t={t!r} s must be positive")
        if isinstance(n, bool) or not isinstance(n, (int, np.integer)) or n <= 0:
            raise ValueError(f"TimeDriver: n={n!r} must be a positive whole number")
        if chosen.output_step:
            raise UnsupportedError("TimeDriver: output_step=True is not supported by runs.native; give a larger n")
        self._drive(system, chosen, np.linspace(0.0, t, n + 1), int(n), t=t, n=n)

    @override
    def _run(
        self, system: mm.System, options: DriveOptions, arguments: np.ndarray, keep: Keep
    ) -> tuple[np.ndarray, pd.DataFrame]:
        fields = [term for term in system.energy if isinstance(term, mm.Zeeman) and has_field_columns(term)]

        def with_fields(table: pd.DataFrame) -> pd.DataFrame:
            for term in fields:
                table = table.assign(**_induction(term, table["t"].to_numpy()))
            return table

        def keep_later(frame: np.ndarray, row: pd.DataFrame) -> None:
            if row["t"].iloc[0] > 0:
                keep(frame, with_fields(row))

        frames, table = evolve(
            system,
            arguments,
            options.progress,
            fixed_subregions=options.fixed_subregions or (),
            keep=keep_later,
            **dict(self),
        )
        return frames, with_fields(table.iloc[1:].reset_index(drop=True))


def _induction(term: mm.Zeeman, times: np.ndarray) -> dict[str, np.ndarray]:
    """Return the columns with magnitude and components of a uniform applied field in mT just before times in s."""
    waveforms = waveforms_of(function_of(term), term, matrix=True)
    # A waveform may jump, so it is asked for a short stretch that ends there.
    values = np.array([[one.tabulate(t - JUST * t, t, 1)[-1] for one in waveforms] for t in times])
    matrices = values.reshape(-1, 3, 3) if values.shape[1] == MATRIX else values[:, :, None] * np.eye(3)
    field = 1e3 * MU0 * matrices @ np.asarray(term.H, dtype=float)
    induction = [np.linalg.norm(field, axis=1), *field.T]
    return dict(zip(field_columns(term.name, "ScriptUZeeman"), induction, strict=True))
