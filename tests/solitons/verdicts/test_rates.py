"""What speaks against fitted rates of a junction."""

import numpy as np
from both_ways import Limit, both_ways, crosses

from solitons.fits.fitted_parameter import FittedParameter
from solitons.fits.verdict import judge
from solitons.junctions.rate_judgement import about_rates
from solitons.junctions.rates import SwitchingRates

OF = ["solitons/junctions/rate_judgement.py"]


def judged(*, stability=20.0, attempt=(1e8, 1e9, 1e10), driven=(0.5e10,), **changes):
    """A good fit of rates, of which one thing or another is changed; J_c = 1e10 A/m2."""
    low, value, high = attempt
    rates = SwitchingRates(attempt_rate=value, stability=stability, critical_current=1e10, exponent=2.0)
    fitted = [FittedParameter("attempt_rate", "1/s", value, low, high)]
    known = {
        "goodness": 0.5,
        "misfit": 0.0,
        "held_out_error": 0.01,
        "trivial": 0.3,
        "decided": True,
        "kind": "probabilities",
    }
    return judge(about_rates(rates, fitted, driven=np.array(driven), **(known | changes)))


def misfit(kind, off, goodness=0.9e-3):
    return {"kind": kind, "misfit": off, "goodness": goodness}


@both_ways(
    Limit("not_two_states", "limited", misfit("probabilities", 0.021), misfit("probabilities", 0.019)),
    Limit("not_two_states", "limited", misfit("probabilities", 0.021), misfit("probabilities", 0.021, 1.1e-3)),
    Limit("not_two_states", "failed", misfit("probabilities", 0.081), misfit("probabilities", 0.079)),
    Limit("not_two_states", "limited", misfit("rates", 0.11), misfit("rates", 0.09)),
    Limit("not_two_states", "failed", misfit("rates", 0.51), misfit("rates", 0.49)),
    Limit("formula_off", "limited", misfit("rates", 0.014, 0.9e-6), misfit("rates", 0.014, 1.1e-6)),
    Limit("formula_off", "limited", misfit("probabilities", 0.003, 0.9e-6), misfit("probabilities", 0.003, 1.1e-6)),
    # 20 (1 - i)^2 is 3 at i = 0.613, whichever way the current drives.
    Limit("little_barrier_left", "limited", {"driven": (0.62e10,)}, {"driven": (0.60e10,)}),
    Limit("little_barrier_left", "limited", {"driven": (-0.62e10,)}, {"driven": (-0.60e10,)}),
    Limit("above_critical_current", "limited", {"driven": (1e10, 0.1e10)}, {"driven": (0.99e10, 0.1e10)}),
    Limit("above_critical_current", "failed", {"driven": (1e10, 1e10, 0.1e10)}, {"driven": (1e10, 0.1e10)}),
    Limit("untested", "limited", {"held_out_error": None}, {}),
    Limit("no_better_than_trivial", "failed", {"held_out_error": 0.3}, {"held_out_error": 0.29}),
    Limit("no_barrier", "failed", {"stability": 2.99}, {"stability": 3.01}),
    Limit("at_bound", "limited", {"at_bound": ["exponent"]}, {}),
    Limit("at_bound", "failed", {"at_bound": ["exponent", "stability"]}, {"at_bound": ["exponent"]}),
    Limit("unphysical_attempt_rate", "limited", {"attempt": (1e4, 1e5, 0.99e6)}, {"attempt": (1e4, 1e5, 1.01e6)}),
    Limit("unphysical_attempt_rate", "limited", {"attempt": (1.01e13, 2e13, 1e14)}, {"attempt": (0.99e13, 2e13, 1e14)}),
    Limit("exponent_open", "limited", {"decided": False}, {}),
)
def test_a_limit_of_fitted_rates(limit):
    crosses(judged, limit)


def test_a_good_fit_is_trusted():
    assert judged().verdict == "trusted"
