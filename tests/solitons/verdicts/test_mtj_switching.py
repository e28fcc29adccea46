"""What speaks against the switching rates of a pillar."""

from types import SimpleNamespace

import numpy as np
from both_ways import Limit, both_ways, crosses

from solitons.campaigns.junctions.mtj_switching.judgement import about_switching
from solitons.campaigns.junctions.mtj_switching.results import ExponentResult, MacrospinResult, PulseResult, WayResult
from solitons.campaigns.junctions.mtj_switching.unlike import about_unlike
from solitons.fits.verdict import Reason, judge

OF = ["solitons/campaigns/junctions/mtj_switching/judgement.py", "solitons/campaigns/junctions/mtj_switching/unlike.py"]

FIT = SimpleNamespace(verdict=judge([]), decided=True)
MOMENT = MacrospinResult(
    stability=20.0, critical_current=1e10, length=0.95, warm_stability=18.0, warm_critical_current=1e10, ratio=1.0,
    ratio_ci95=(0.9, 1.1), cold_ratio=0.8, coherence=0.9, method="made up",
)  # fmt: skip
PULSE = PulseResult(
    current=1e10, width=1e-9, members=100, switched=50, undecided=0, low=0.4, high=0.6, under_current=0.5, chance=0.5
)
EXPONENT = ExponentResult(used=2.0, source="made up", best=2.0, ci95=(1.75, 2.25), loss=0.0)


class Field:
    """That is somewhere, or nowhere, other than 0."""

    def __init__(self, some):
        self.some = some

    def __ne__(self, other):
        return self

    def any(self):
        return self.some


def judged(
    *, fit=FIT, switches=100, errors=(0.02, 0.02, 0.3), moment=None, pulse=None, spin=None, exponent=None, ways=()
):
    spin = SimpleNamespace(**({"axial": True, "asymmetry": 1.0, "field": Field(False)} | (spin or {})))
    return judge(about_switching(
        fit, switches, errors, MOMENT.model_copy(update=moment or {}), PULSE.model_copy(update=pulse or {}), spin,
        EXPONENT.model_copy(update=exponent or {}), ways))  # fmt: skip


def ways(there, back):
    return tuple(
        WayResult(upwards=up, switches=count, expected=100.0, ratio=count / 100, ratio_ci95=(0.0, 2.0))
        for up, count in ((True, there), (False, back))
    )


@both_ways(
    Limit("too_few_switches", "failed", {"switches": 19}, {"switches": 20}),
    Limit("too_few_switches", "failed", {"fit": None}, {}),
    Limit("other_exponent", "limited", {"exponent": {"loss": 6.1}}, {"exponent": {"loss": 5.9}}),
    # No exponent is exact without symmetry, whether the counts leave it open or not.
    Limit("exponent_open", "limited", {"spin": {"axial": False}}, {"spin": {"axial": True}}),
    Limit(
        "exponent_open",
        "limited",
        {"spin": {"axial": False}, "exponent": {"ci95": (None, 2.25)}},
        {"exponent": {"ci95": (None, 2.25)}},
    ),
    Limit("no_better_than_trivial", "failed", {"errors": (0.3, 0.02, 0.3)}, {"errors": (0.29, 0.02, 0.3)}),
    Limit("prediction_off", "limited", {"errors": (0.051, 0.0, 0.3)}, {"errors": (0.049, 0.0, 0.3)}),
    Limit("prediction_off", "limited", {"errors": (0.06, 0.03, 0.3)}, {"errors": (0.06, 0.04, 0.3)}),
    Limit("prediction_off", "failed", {"errors": (0.151, 0.0, 0.3)}, {"errors": (0.149, 0.0, 0.3)}),
    Limit("pulse_disagrees", "limited", {"pulse": {"chance": 0.9e-3}}, {"pulse": {"chance": 1.1e-3}}),
    Limit("incoherent_reversal", "limited", {"moment": {"coherence": 0.79}}, {"moment": {"coherence": 0.81}}),
    Limit("not_one_moment", "limited", {"moment": {"ratio": 3.01}}, {"moment": {"ratio": 2.99}}),
    Limit("not_one_moment", "limited", {"moment": {"ratio": 0.33}}, {"moment": {"ratio": 0.34}}),
    # Of 200 flips that are as likely either way: p = 1e-3 lies between.
    Limit("ways_unlike", "limited", {"ways": ways(124, 76)}, {"ways": ways(122, 78)}),
    Limit(
        "one_direction", "limited", {"spin": {"asymmetry": 1.5}}, {"spin": {"asymmetry": 1.5}, "ways": ways(100, 100)}
    ),
    Limit("one_direction", "limited", {"spin": {"field": Field(True)}}, {}),
)
def test_a_limit_of_switching(limit):
    crosses(judged, limit)


def unlike(switches):
    """A junction from which 100 switches are expected, as many as the mean one has."""
    other = SimpleNamespace(deviation=1.0, switches=switches, expected=100.0, ratio=switches / 100, current=1e10)
    run = SimpleNamespace(current=1e10, widths=np.array([1e-9]), state=1, switches=lambda *_: (100, 100.0))
    rates = SimpleNamespace(probability=lambda *_, **__: [0.5])
    return list(about_unlike(SimpleNamespace(others=[other]), SimpleNamespace(runs=[run]), rates, 0.0))


@both_ways(
    Limit("others_unlike_model", "limited", {"switches": 155}, {"switches": 150}),
    Limit("others_unlike_model", "limited", {"switches": 57}, {"switches": 58}),
)
def test_a_limit_of_other_junctions(limit):
    crosses(unlike, limit)


def test_what_speaks_against_the_rates_speaks_against_the_pillar_but_for_points_that_it_holds_out_itself():
    reasons = [Reason(code=code, weight="limited", sentence="It is so.") for code in ("not_two_states", "untested")]
    found = judged(fit=SimpleNamespace(verdict=judge(reasons), decided=True))
    assert [each.code for each in found.reasons] == ["not_two_states"]


def test_a_good_pillar_is_trusted():
    assert judged().verdict == "trusted"
