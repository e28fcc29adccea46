from .axial_fokker_planck import AxialFokkerPlanck, axial_fokker_planck
from .closed_forms import brown_rate, linear_write_error
from .ensemble import follow_macrospins
from .macrospin import Macrospin
from .rate_fit import FittedRate, RateFit, fit_dwells, fit_switching
from .rates import SwitchingRates
from .sphere_fokker_planck import SphereFokkerPlanck, sphere_fokker_planck
from .thermal_states import thermal_states
from .write_errors import WriteError, write_error_rate

__all__ = [
    "AxialFokkerPlanck",
    "FittedRate",
    "Macrospin",
    "RateFit",
    "SphereFokkerPlanck",
    "SwitchingRates",
    "WriteError",
    "axial_fokker_planck",
    "brown_rate",
    "fit_dwells",
    "fit_switching",
    "follow_macrospins",
    "linear_write_error",
    "sphere_fokker_planck",
    "thermal_states",
    "write_error_rate",
]
