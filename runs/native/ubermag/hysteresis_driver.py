"""The driver that takes a system through a sequence of applied fields."""

from collections.abc import Sequence
from typing import Any

import micromagneticmodel as mm
import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from typing_extensions import override

from runs.native.errors import UnsupportedError
from runs.native.rest.hysteresis import HysteresisStep, field_steps, hysteresis
from runs.native.time.evolution import Keep
from runs.native.ubermag.drivers import Driver
from runs.native.ubermag.options import DriveOptions


class HysteresisDriver(Driver):
    """Minimises the energy in one applied field after the other; see `hysteresis`.

    Parameters
    ----------
    stopping_mxHxm : float, optional
        Go on where max |m x H x m| is below this, in A/m; 1e-4 if not given and rounding allows it.
    max_iterations : int, optional
        In each field.
    damped : bool, optional
        Follow damping in every field, a reference for what the minimiser finds; see `hysteresis`.

    Examples
    --------
    >>> HysteresisDriver(stopping_mxHxm=0.01)
    HysteresisDriver(stopping_mxHxm=0.01)
    """

    _allowed_attributes = ["stopping_mxHxm", "max_iterations", "damped"]  # noqa: RUF012  (micromagneticmodel's interface)
    _x = "B_hysteresis"

    def drive(
        self,
        system: mm.System,
        /,
        *,
        Hmin: Sequence[float] | None = None,
        Hmax: Sequence[float] | None = None,
        n: int | None = None,
        Hsteps: Sequence[HysteresisStep] | None = None,
        fields: ArrayLike | None = None,
        **options: Any,
    ) -> None:
        """Drive a system through a loop, along lines, or through any fields, and keep the state in each.

        Parameters
        ----------
        system : micromagneticmodel.System
            Fields in its energy act too; those that depend on time are as at t = 0.
        Hmin, Hmax : array_like, optional
            From Hmin to Hmax in n fields and back in n, in A/m; 2 n - 1 states.
        n : int, optional
        Hsteps : sequence of [first, last, number], optional
            Instead: lines between two fields (A/m); see `field_steps`.
        fields : array_like, optional
            Instead: any fields in A/m, (number, 3); see also `rotating_field`.
        **options
            See `DriveOptions`.

        Raises
        ------
        UnsupportedError
            The system or an option holds something that this engine would have to ignore.
        RuntimeError
            The system has no energy.
        ValueError
            Not exactly one of the three ways is given, or a parameter makes no sense.
        MinimisationError
            The system did not come to rest in a field; the last state is written.
        """
        chosen = DriveOptions(**options)
        if chosen.output_step:
            raise UnsupportedError("HysteresisDriver: output_step=True is not supported; one state a field is kept")
        named = {"Hmin": Hmin, "Hmax": Hmax, "n": n, "Hsteps": Hsteps, "fields": fields}
        given = {name: value for name, value in named.items() if value is not None}
        if set(given) not in ({"Hmin", "Hmax", "n"}, {"Hsteps"}, {"fields"}):
            got = ", ".join(given) or "none of them"
            raise ValueError(f"HysteresisDriver: give Hmin, Hmax and n, or Hsteps, or fields; got {got}")
        if Hmin is not None and Hmax is not None and n is not None:
            Hsteps = [[Hmin, Hmax, n], [Hmax, Hmin, n]]
        applied = np.asarray(fields, dtype=float) if Hsteps is None else field_steps(Hsteps)
        information = {name: _plain(value) for name, value in given.items()}
        self._drive(system, chosen, applied, len(applied), **information)

    @override
    def _run(
        self, system: mm.System, options: DriveOptions, arguments: np.ndarray, keep: Keep
    ) -> tuple[np.ndarray, pd.DataFrame]:
        return hysteresis(
            system,
            arguments,
            fixed_subregions=options.fixed_subregions or (),
            progress=options.progress,
            keep=keep,
            **dict(self),
        )


def _plain(value: Any) -> Any:
    """Return numbers and sequences of them as JSON writes them."""
    if isinstance(value, np.ndarray):
        return value.tolist()
    return [_plain(one) for one in value] if isinstance(value, (list, tuple)) else value
