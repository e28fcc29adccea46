"""Micromagnetics in JAX: a ubermag calculator.

It takes the `micromagneticmodel.System` that oommfc takes and uses OOMMF's cell-centred finite
differences:

>>> import runs.native as nc
>>> nc.MinDriver().drive(system)  # doctest: +SKIP
>>> nc.TimeDriver().drive(system, t=1e-9, n=100)  # doctest: +SKIP
>>> nc.HysteresisDriver().drive(system, Hmin=(-1e5, 0, 0), Hmax=(1e5, 0, 0), n=21)  # doctest: +SKIP
>>> nc.compute(system.energy.demag.effective_field, system)  # doctest: +SKIP

`drive(..., save=False)` leaves the disk alone; `DriveOptions` has the other keywords.
`evolve(system, times)`, `minimise(system)`, `relax(system)` and `hysteresis(system, fields)` are the
functions behind the drivers: they return arrays and change nothing. What a system holds that this
engine cannot do raises `UnsupportedError` before the run; nothing is ever ignored.
"""

from runs.native.errors import IntegrationError, MinimisationError, UnsupportedError
from runs.native.rest.gradients import gradient
from runs.native.rest.hysteresis import field_steps, hysteresis, rotating_field
from runs.native.rest.minimisation import minimise
from runs.native.rest.relaxation import relax
from runs.native.terms.modulated_anisotropy import ModulatedAnisotropy
from runs.native.terms.modulation import PerRegion
from runs.native.terms.spin_orbit import SpinOrbitTorque
from runs.native.terms.thermal import ThermalField
from runs.native.time.continuation import outside_field
from runs.native.time.ensemble import evolve_ensemble
from runs.native.time.evolution import evolve
from runs.native.ubermag.hysteresis_driver import HysteresisDriver
from runs.native.ubermag.options import DriveOptions
from runs.native.ubermag.output import delete
from runs.native.ubermag.quantities import compute
from runs.native.ubermag.rest_drivers import MinDriver, RelaxDriver
from runs.native.ubermag.time_driver import TimeDriver
from runs.waveforms.waveform import PiecewiseLinear

__all__ = [
    "DriveOptions",
    "HysteresisDriver",
    "IntegrationError",
    "MinDriver",
    "MinimisationError",
    "ModulatedAnisotropy",
    "PerRegion",
    "PiecewiseLinear",
    "RelaxDriver",
    "SpinOrbitTorque",
    "ThermalField",
    "TimeDriver",
    "UnsupportedError",
    "compute",
    "delete",
    "evolve",
    "evolve_ensemble",
    "field_steps",
    "gradient",
    "hysteresis",
    "minimise",
    "outside_field",
    "relax",
    "rotating_field",
]
