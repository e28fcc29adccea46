"""What speaks against a search of words in lines of junction pairs."""

from types import SimpleNamespace

from both_ways import Limit, both_ways, crosses

from solitons.campaigns.junctions.word_search.judgement import about_search
from solitons.fits.verdict import judge

OF = ["solitons/campaigns/junctions/word_search/judgement.py"]


def judged(fit="trusted", outside=False, exact=1e-9, search=1e-7, found=("01X",), energy=1e-15, **changes):
    looked = SimpleNamespace(word="011", found=list(found), expected=["01X"])
    good = {
        "spread_known": True,
        "bias_known": True,
        "kept": 2.0,
        "retention": 1.0,
        "write_error": 1e-7,
        "most_bits": 8,
    }
    ledger = SimpleNamespace(of=lambda *_: [SimpleNamespace(missing="comparator: give energy.comparator")])
    results = SimpleNamespace(
        bits=6, words=64, allowed_error=1e-6, points=[SimpleNamespace(exact=exact, search=search)],
        looked=[looked], search_energy=energy, energy=ledger, **good | changes,
    )  # fmt: skip
    return judge(about_search(results, fit, outside))


@both_ways(
    Limit("failed_fit", "failed", {"fit": "failed"}, {"fit": "limited"}),
    Limit("limited_fit", "limited", {"fit": "limited"}, {"fit": None}),
    Limit("outside_fit", "limited", {"outside": True}, {}),
    Limit("spread_unknown", "limited", {"spread_known": False}, {}),
    Limit("bias_unknown", "limited", {"bias_known": False}, {}),
    Limit("not_told_apart", "failed", {"exact": 0.0101}, {"exact": 0.0099}),
    Limit("above_allowed", "limited", {"search": 1.1e-6}, {"search": 0.9e-6}),
    Limit("above_allowed", "limited", {"search": 1.1e-6, "most_bits": None}, {"search": 1.1e-6, "exact": 0.02}),
    Limit("search_differs", "failed", {"found": ()}, {}),
    Limit("forgets", "limited", {"kept": 0.9}, {"kept": 1.1}),
    Limit("write_unsure", "limited", {"write_error": 1.1e-6}, {"write_error": 0.9e-6}),
    Limit("energy_unknown", "limited", {"energy": None}, {}),
)
def test_a_limit_of_a_search(limit):
    crosses(judged, limit)


def test_a_good_search_is_trusted():
    assert judged().verdict == "trusted"
