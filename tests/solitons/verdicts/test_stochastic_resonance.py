"""What speaks against a stochastic resonance."""

from types import SimpleNamespace

import numpy as np
from both_ways import Limit, both_ways, crosses

from solitons.campaigns.junctions.stochastic_resonance.judgement import about_resonance
from solitons.campaigns.junctions.stochastic_resonance.results import EnsemblePoint, Peak
from solitons.fits.verdict import judge

OF = ["solitons/campaigns/junctions/stochastic_resonance/judgement.py"]
NAMES = ("signal_to_noise", "amplitude", "fraction_locked")


def peaks(missing=(), barrier=5.0, value=300.0):
    return [Peak(measure=name, value=None if name in missing else value, barrier=barrier) for name in NAMES]


def counted(score=0.0, noise=0.0):
    """A point whose records are so many standard errors off the exact response, in each of two measures."""
    spread = np.linspace(-1.0, 1.0, 101)
    error = spread.std(ddof=1) / np.sqrt(spread.size)
    records = dict.fromkeys(("fraction_locked", "sine"), spread + score * error)
    exact = SimpleNamespace(fraction_locked=0.0, amplitude=0.0, lag=0.0)
    return SimpleNamespace(records=records, exact=exact, condition=SimpleNamespace(noise=noise))


def macrospins(off, p_value=0.9e-3):
    return [EnsemblePoint(value=300.0, amplitude=0.5 + off, error=0.01, exact=0.5, p_value=p_value)]


def judged(over=0.5, share=0.01, noise_peak=None, score=0.0, missing=(), barrier=5.0, maps_p=0.5, ensemble=()):
    critical = 1e10
    junction = SimpleNamespace(critical_current=critical, relaxation_rate=1e9)
    drive = SimpleNamespace(amplitude=over * critical, frequency=share * 1e9 / (2 * np.pi))
    found = peaks(missing, barrier) if noise_peak is None else peaks(value=noise_peak * critical)
    points = [counted(score, noise=0.0 if noise_peak is None else 1e9)]
    unit = "K" if noise_peak is None else "A/m^2"
    return judge(
        about_resonance(junction, drive, points, found, [SimpleNamespace(p_value=maps_p)], ensemble, unit, None)
    )


@both_ways(
    Limit("drive_above_critical_current", "failed", {"over": 1.0}, {"over": 0.99}),
    Limit("drive_too_fast", "limited", {"share": 0.051}, {"share": 0.049}),
    Limit("drive_too_fast", "failed", {"share": 0.51}, {"share": 0.49}),
    Limit("no_peak", "failed", {"missing": NAMES}, {"missing": NAMES[1:]}),
    Limit("peak_missing", "limited", {"missing": NAMES[:1]}, {}),
    Limit("little_barrier", "limited", {"barrier": 2.9}, {"barrier": 3.1}),
    # A half of the critical current is left: 1 % of a normal distribution is beyond 2.576 standard deviations.
    Limit("noise_beyond_critical_current", "limited", {"noise_peak": 0.5 / 2.57}, {"noise_peak": 0.5 / 2.58}),
    # Two squares: chi-squared of two degrees of freedom is beyond 18.4 once in ten thousand times.
    Limit("counts_disagree", "limited", {"score": 3.3}, {"score": 2.9}),
    Limit("counts_disagree", "limited", {"score": -3.3}, {"score": -2.9}),
    Limit("locking_disagrees", "limited", {"maps_p": 0.9e-4}, {"maps_p": 1.1e-4}),
    Limit("macrospins_disagree", "limited", {"ensemble": macrospins(0.051)}, {"ensemble": macrospins(0.049)}),
    Limit("macrospins_disagree", "limited", {"ensemble": macrospins(0.051)}, {"ensemble": macrospins(0.051, 1.1e-3)}),
    Limit("macrospins_disagree", "failed", {"ensemble": macrospins(-0.251)}, {"ensemble": macrospins(-0.249)}),
)
def test_a_limit_of_a_resonance(limit):
    crosses(judged, limit)


def test_a_good_resonance_is_trusted():
    assert judged().verdict == "trusted"
