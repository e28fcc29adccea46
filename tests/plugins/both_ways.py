"""Reason codes tried both ways: an input that must raise a code, and one just inside of its limit that must not."""

from dataclasses import dataclass

from rows import rows


@dataclass(frozen=True)
class Limit:
    """A code with a weight, what is changed so that it is raised, and what so that it is just not."""

    code: str
    weight: str
    beyond: dict
    inside: dict


def both_ways(*limits):
    """Try a test with each of the limits."""
    return rows("limit", limits, ids=[f"{each.code}-{each.weight}" for each in limits])


def crosses(judged, limit):
    """Assert that `judged`, which gives a verdict or reasons, raises the code beyond its limit and not inside."""
    beyond, inside = (
        {(each.code, each.weight) for each in getattr(found, "reasons", found)}
        for found in (judged(**changes) for changes in (limit.beyond, limit.inside))
    )
    assert (limit.code, limit.weight) in beyond
    assert (limit.code, limit.weight) not in inside
