"""What speaks against the equation of a vortex core."""

from both_ways import Limit, both_ways, crosses

from solitons.campaigns.oscillators.vortex_oscillator.judgement import about_orbits
from solitons.campaigns.oscillators.vortex_oscillator.results import OrbitRun
from solitons.fits.verdict import judge

OF = ["solitons/campaigns/oscillators/vortex_oscillator/judgement.py"]


def orbit(use="fitted", off=(0.0, 0.0, 0.0), **changes):
    """An orbit of 60 nm, 0.6 GHz and 30 ns, and an equation that is off by some shares."""
    measured = {"radius": 6e-8, "frequency": 6e8, "rise_time": 3e-8}
    numbers = measured | {
        f"model_{name}": value * (1 + share) for (name, value), share in zip(measured.items(), off, strict=True)
    }
    content = {"run_id": "a", "current": -2e11, "use": use, "turns": 20, "steady": 6e-8} | numbers
    return OrbitRun(**content | changes)


def judged(fitted=3, off=(0.0, 0.0, 0.0), extra=(), texture=(1.0, 1.0), **changes):
    runs = [orbit() for _ in range(fitted)] + [orbit("judged", off, **changes), *extra]
    return judge(about_orbits(runs, -1.8e11, {"damping": texture[0], "torque": texture[1]}))


def event(name):
    return {"extra": (orbit(event=name, event_time=2e-8, radius=None),)}


@both_ways(
    Limit("no_vortex_at_rest", "failed", event("no vortex at rest"), event("expulsion")),
    Limit("core_expelled", "limited", event("expulsion"), event("reversal")),
    Limit("core_reversed", "limited", event("reversal"), event("expulsion")),
    Limit("too_few_turns", "limited", event("too few turns"), event("")),
    Limit("too_few_orbits", "failed", {"fitted": 2}, {"fitted": 3}),
    Limit("below_threshold", "limited", {"extra": (orbit(decays=True),)}, {"extra": (orbit(),)}),
    Limit("nothing_judged", "failed", {"decays": True}, {"decays": False}),
    Limit("nothing_judged", "failed", {"event": "expulsion"}, {}),
    Limit("model_loses_core", "failed", {"model_radius": None}, {}),
    Limit("radius_off", "limited", {"off": (0.031, 0, 0)}, {"off": (-0.029, 0, 0)}),
    Limit("radius_off", "failed", {"off": (-0.091, 0, 0)}, {"off": (0.089, 0, 0)}),
    Limit("frequency_off", "limited", {"off": (0, -0.011, 0)}, {"off": (0, 0.009, 0)}),
    Limit("frequency_off", "failed", {"off": (0, 0.031, 0)}, {"off": (0, 0.029, 0)}),
    Limit("transient_off", "limited", {"off": (0, 0, 0.051)}, {"off": (0, 0, -0.049)}),
    Limit("transient_off", "failed", {"off": (0, 0, 0.151)}, {"off": (0, 0, 0.149)}),
    Limit("orbit_still_changes", "limited", {"steady": 6.31e-8}, {"steady": 6.29e-8}),
    Limit("texture_disagrees", "limited", {"texture": (1.11, 1.0)}, {"texture": (1.09, 1.0)}),
    Limit("texture_disagrees", "limited", {"texture": (1.0, 0.89)}, {"texture": (1.0, 0.91)}),
)
def test_a_limit_of_a_vortex(limit):
    crosses(judged, limit)


def test_a_good_equation_is_trusted_and_a_transient_that_is_none_is_not_judged():
    assert judged().verdict == "trusted"
    assert judged(rise_time=None, model_rise_time=None).verdict == "trusted"
