"""What speaks against a device that a design has found."""

from both_ways import Limit, both_ways, crosses

from solitons.campaigns.design.judgement import judged
from solitons.campaigns.design.results import Checked

OF = ["solitons/campaigns/design/judgement.py"]


def checked(**changes):
    """A limit of a wall's displacement, met in one run."""
    known = {"number": "wall_displacement", "limit": "wall displacement at most 15 nm", "run": "field", "unit": "m"}
    known |= {"engine": "native", "device": "found", "value": 8e-9, "new": True, "failed": 0, "of": 1, "met": True}
    return Checked.model_validate(known | changes)


BOTH = (checked(), checked(engine="oommf"))


def design(*, within=True, gain=0.5, converged=True, checks=BOTH):
    return judged(within=within, gain=gain, accuracy=0.01, converged=converged, devices=6, checks=checks)


@both_ways(
    Limit("no_device_within_limits", "failed", {"within": False}, {"within": True}),
    Limit(
        "verification_missed",
        "failed",
        {"checks": (*BOTH, checked(met=False, failed=1))},
        {"checks": (*BOTH, checked(met=False, failed=1, device="start"))},
    ),
    Limit("no_better_than_the_start", "limited", {"gain": 0.0099}, {"gain": 0.0101}),
    Limit("no_better_than_the_start", "limited", {"gain": -0.1}, {"gain": -0.1, "within": False}),
    Limit("search_not_at_its_end", "limited", {"converged": False}, {"converged": True}),
    Limit("not_verified", "limited", {"checks": ()}, {"checks": BOTH}),
    # A run of the search is no verification, and neither it nor the model is a second engine.
    Limit("not_verified", "limited", {"checks": (checked(new=False),)}, {"checks": (checked(),)}),
    Limit("one_engine", "limited", {"checks": (checked(), checked(engine="oommf", new=False))}, {"checks": BOTH}),
    Limit("one_engine", "limited", {"checks": (checked(), checked(engine="model"))}, {"checks": BOTH}),
    Limit("one_engine", "limited", {"checks": (checked(engine="model"),)}, {"checks": BOTH}),
)
def test_a_limit_of_a_design(limit):
    crosses(design, limit)


def test_a_design_that_two_engines_verified_is_trusted():
    assert design().verdict == "trusted"


def test_a_missed_check_is_told_with_its_mean():
    missed = checked(met=False, failed=3, of=8, value=2e-8)
    (reason,) = (each for each in design(checks=(*BOTH, missed)).reasons if each.code == "verification_missed")
    assert "In 3 of 8 runs (field, native)" in reason.sentence
    assert reason.sentence.endswith("wall displacement at most 15 nm; mean 20 nm.")
