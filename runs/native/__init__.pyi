from .errors import IntegrationError, MinimisationError, UnsupportedError
from .rest.gradients import gradient
from .rest.hysteresis import field_steps, hysteresis, rotating_field
from .rest.minimisation import minimise
from .rest.relaxation import relax
from .terms.modulated_anisotropy import ModulatedAnisotropy
from .terms.modulation import PerRegion
from .terms.spin_orbit import SpinOrbitTorque
from .terms.thermal import ThermalField
from .time.continuation import outside_field
from .time.ensemble import evolve_ensemble
from .time.evolution import evolve
from .ubermag.hysteresis_driver import HysteresisDriver
from .ubermag.options import DriveOptions
from .ubermag.output import delete
from .ubermag.quantities import compute
from .ubermag.rest_drivers import MinDriver, RelaxDriver
from .ubermag.time_driver import TimeDriver
from .waveform import PiecewiseLinear

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
