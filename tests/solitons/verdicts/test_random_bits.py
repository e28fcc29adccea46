"""What speaks against the bits of junctions."""

from types import SimpleNamespace

from both_ways import Limit, both_ways, crosses

from solitons.campaigns.junctions.random_bits.judgement import about_bits
from solitons.campaigns.junctions.random_bits.results import SuiteRow
from solitons.fits.verdict import judge

OF = ["solitons/campaigns/junctions/random_bits/judgement.py"]


def row(passed=99, chance=0.5, uniform=True):
    return SuiteRow(test="frequency", sequences=100, passed=passed, least=0.96, most=1.0, chance=chance,
                    uniformity=0.5, uniform=uniform)  # fmt: skip


def disturbed(value, fails=("runs",)):
    return SimpleNamespace(of="current error", value=value, xored=SimpleNamespace(failed=list(fails)))


def judged(rows=None, sequences=55, points=()):
    return judge(about_bits(rows or [row()], sequences, points))


def below(count):
    """So many of 41 rows below the range, where ideal bits have 0.14 in the mean."""
    return {"rows": [row(95)] * count + [row()] * (41 - count)}


@both_ways(
    Limit("bits_fail", "failed", {"rows": [row(chance=0.9e-5)]}, {"rows": [row(chance=1.1e-5)]}),
    Limit("bits_fail", "failed", {"rows": [row(uniform=False)]}, {}),
    Limit("too_many_below", "limited", below(3), below(2)),
    Limit("little_tolerance", "limited", {"points": [disturbed(0.01)]}, {"points": [disturbed(0.0101)]}),
    Limit("little_tolerance", "limited", {"points": [disturbed(-0.01)]}, {"points": [disturbed(-0.01, ())]}),
    Limit("few_sequences", "limited", {"sequences": 54}, {"sequences": 55}),
)
def test_a_limit_of_bits(limit):
    crosses(judged, limit)


def test_good_bits_are_trusted():
    assert judged().verdict == "trusted"
