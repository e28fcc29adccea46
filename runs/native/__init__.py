"""Micromagnetics in JAX: a ubermag calculator.

It takes the `micromagneticmodel.System` that oommfc takes and uses OOMMF's cell-centred finite
differences:

>>> import runs.native as nc
>>> nc.MinDriver().drive(system)  # doctest: +SKIP
>>> nc.TimeDriver().drive(system, t=1e-9, n=100)  # doctest: +SKIP
>>> nc.compute(system.energy.demag.effective_field, system)  # doctest: +SKIP

`drive(..., save=False)` leaves the disk alone. `simulate(system, times)`, `minimise(system)` and
`relax(system)` are the functions behind the drivers: they return arrays and change nothing. What a
system holds that this engine cannot do raises `UnsupportedError` before the run; nothing is ever
ignored.
"""

from runs.native.drivers import MinDriver, RelaxDriver, TimeDriver
from runs.native.errors import IntegrationError, MinimisationError, UnsupportedError
from runs.native.minimisation import minimise
from runs.native.output import delete
from runs.native.quantities import compute
from runs.native.relaxation import relax
from runs.native.simulation import simulate
from runs.waveform import PiecewiseLinear

__all__ = [
    "IntegrationError",
    "MinDriver",
    "MinimisationError",
    "PiecewiseLinear",
    "RelaxDriver",
    "TimeDriver",
    "UnsupportedError",
    "compute",
    "delete",
    "minimise",
    "relax",
    "simulate",
]
