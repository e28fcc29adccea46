"""What speaks against what magnets find in images."""

import math
from types import SimpleNamespace

from both_ways import Limit, both_ways, crosses

from solitons.campaigns.magnet_logic.nanomagnet_vision.answers import DiscThreshold
from solitons.campaigns.magnet_logic.nanomagnet_vision.judgement import judge_vision
from solitons.campaigns.magnet_logic.nanomagnet_vision.results import (
    ImageResults,
    Rates,
    Reading,
    SmallReading,
    SmallResults,
)

OF = ["solitons/campaigns/magnet_logic/nanomagnet_vision/judgement.py"]


def threshold(bias, half_step=0.0):
    """Discs that need 2000 A/m alone and 1000 A/m in a pair, each known to half a step; the bias makes the need."""
    ends = [(each - half_step, each + half_step) for each in (2000.0, 1000.0)]
    return DiscThreshold(SimpleNamespace(bias=bias), None, *ends)


def image(p_value=0.01, found=90, false=10, name="discs, native"):
    reading = Reading(name=name, salient=[], undecided=0, contour=None, minimum=Rates.counted(found, 100, false, 100))
    return ImageResults(name="shapes", source="", segments=200, residual=0.1, p_value=p_value, readings=[reading])


def small(solved=True):
    reading = SmallReading(name="ellipses, native", spins=[], score=3.0, solved=solved)
    return SmallResults(name="graph", kind="cut", magnets=4, residual=0.1, best=4.0, readings=[reading])


def judged(discs=None, images=None, problems=None):
    return judge_vision(discs or threshold(1500.0), images or [image()], problems or [small()])


NO_END = DiscThreshold(SimpleNamespace(bias=1500.0), None, (math.nan, math.nan), (900.0, 1100.0))


@both_ways(
    Limit("no_threshold", "failed", {"discs": NO_END}, {}),
    # The need is (2000 - bias) / 1000, and the cost 0.5.
    Limit("wrong_bias", "limited", {"discs": threshold(1760.0)}, {"discs": threshold(1740.0)}),
    Limit("wrong_bias", "limited", {"discs": threshold(1240.0)}, {"discs": threshold(1260.0)}),
    # It is 0.4 or 0.6, and either end of the steps may take it to 0.25 or 0.75.
    Limit("need_not_known", "limited", {"discs": threshold(1600.0, 160.0)}, {"discs": threshold(1600.0, 140.0)}),
    Limit("need_not_known", "limited", {"discs": threshold(1400.0, 160.0)}, {"discs": threshold(1400.0, 140.0)}),
    Limit("nothing_to_find", "limited", {"images": [image(0.051), image()]}, {"images": [image(0.049), image()]}),
    Limit("nothing_to_find", "failed", {"images": [image(0.051)]}, {"images": [image(0.051), image()]}),
    Limit("minimum_missed", "limited", {"images": [image(found=84)]}, {"images": [image(found=85)]}),
    Limit("false_positives", "limited", {"images": [image(false=16)]}, {"images": [image(false=15)]}),
    Limit(
        "false_positives",
        "limited",
        {"images": [image(false=16, name="ellipses, native")]},
        {"images": [image(false=16, name="greedy")]},
    ),
    Limit("not_solved", "limited", {"problems": [small(solved=False)]}, {}),
)
def test_a_limit_of_vision(limit):
    crosses(judged, limit)


def test_good_magnets_are_trusted():
    assert judged().verdict == "trusted"
