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

Names are imported when they are first used; ``__init__.pyi`` lists them.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
