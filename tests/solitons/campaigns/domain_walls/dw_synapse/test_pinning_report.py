"""Truth of what a reader sees of what holds a wall, and of its steps in heat."""

from types import SimpleNamespace

import numpy as np
import pytest

from solitons.campaigns.domain_walls.dw_synapse.heated import HotSteps
from solitons.campaigns.domain_walls.dw_synapse.pinning_report import (
    heat_sections,
    landscape_figure,
    landscape_sections,
)
from solitons.campaigns.domain_walls.dw_synapse.results import ConductanceStep, StepStatistics
from solitons.campaigns.domain_walls.dw_synapse.wells import PinningSite
from solitons.domain_walls.landscape import Landscape
from solitons.domain_walls.pinning import TabulatedPinning


def landscape(strength):
    """Ends that push with 300 kA/m, and between them wells of a strength in A/m."""
    places = np.linspace(0, 400e-9, 801)
    ends = 3e5 * (np.exp(-places / 8e-9) - np.exp(-(400e-9 - places) / 8e-9))
    push = ends + strength * np.sin(2 * np.pi * places / 40e-9)
    seen = slice(60, -60)
    return Landscape(places[seen], push[seen], 1e-9, TabulatedPinning(0.0, 400e-9, push))


@pytest.mark.parametrize(("strength", "cut"), [(5e3, (5, 8)), (2e5, None), (0.0, (0.1, 5))])
def test_wells_that_the_ends_would_hide_are_shown_and_what_is_cut_off_is_said(strength, cut):
    measured = landscape(strength)
    low, high = landscape_figure(measured, SimpleNamespace(site_temperature=300.0, sites=[])).axes[0].get_ylim()
    if cut:
        assert cut[0] < high == -low < cut[1]  # kA/m
    else:
        assert high > 200
    shown = SimpleNamespace(landscape=measured)
    (section,) = landscape_sections(SimpleNamespace(site_temperature=300.0, sites=[]), shown)
    assert ("Cut off: at the ends the push is up to 300 kA/m." in str(section)) == bool(cut)


def test_a_well_has_its_field_its_barrier_and_how_long_it_lasts(drawn):
    first = PinningSite(position=100e-9, hold_left=None, hold_right=2e4, barrier_left=None, barrier_right=8e-20,
                        hill_right=120e-9, frees_left=None, frees_right=None)  # fmt: skip
    lasting = PinningSite(position=140e-9, hold_left=2e4, hold_right=2e4, barrier_left=3e-19, barrier_right=2e-19,
                          hill_left=120e-9, hill_right=160e-9, frees_left=-1e12, frees_right=1.5e12)  # fmt: skip
    # The lower of the two hills counts.
    third = lasting.model_copy(update={"position": 180e-9, "barrier_left": 8e-20})
    found = SimpleNamespace(
        site_temperature=300.0, sites=[first, lasting, third], site_pulse=2e-10, sites_from="material"
    )
    (section,) = landscape_sections(found, SimpleNamespace(landscape=landscape(2e5)))
    page = str(section.__html__())
    # mu0 H; E / k T at 300 K; 0.1 ns exp(19.3), and years beyond 42 k T.
    for each in ("20 kA/m (25.1 mT)", "19 kT", "~ 20 ms", "72 kT", "&gt; 10 years", "1.5 × 10¹² A/m²", "<td>none</td>",
                 "pulse of 200 ps", "a wall of the material&#39;s constants (the fit failed)"):  # fmt: skip
        assert each in page
    assert page.count("~ 20 ms") == 2
    (ax,) = drawn[0].axes
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("wall position (nm)", "push (kA/m)")


LOW, HIGH = 1e-4, 2e-4
JUNCTION = SimpleNamespace(junction=SimpleNamespace(attrs={"parallel_conductance": HIGH,
                                                          "antiparallel_conductance": LOW}))  # fmt: skip


def heated(source, walls, spread):
    """Steps of a tenth of the range, up."""
    by_pulse = [ConductanceStep(conductance=LOW, change=1e-5, spread=spread)] * 2
    return StepStatistics(source=source, temperature=300.0, walls=walls, train=1, sign=1, mean_step=1e-5, spread=spread,
                          spread_ci95=(spread / 2, 2 * spread) if walls > 1 else None, nonlinearity=0.25,
                          asymmetry=None, by_pulse=by_pulse)  # fmt: skip


def test_steps_in_heat_are_shares_of_the_range_with_their_spread(drawn):
    conductance = LOW + 1e-5 * np.array([[0, 1, 2], [0, 2, 4]])
    seen = HotSteps(300.0, np.array([1, 1]), conductance, conductance, conductance[:1], conductance[:1])
    steps = [heated("model", 64, 2e-6), heated("micromagnetics", 2, 4e-6), heated("micromagnetics", 1, 0.0)]
    shown = SimpleNamespace(hot=(seen,), observations=[JUNCTION])
    (section,) = heat_sections(SimpleNamespace(steps=steps, withheld={}), shown)
    page = str(section.__html__())
    assert section.title == "The steps with heat"
    # Two walls say little of a spread without its interval, and one says nothing.
    for each in ("+10.0%", "<td>2.0%</td>", "4.0% [2.0%, 8.0%]", "1 wall<", "0%: +10.0% ± 2.0%", "Bands: one standard"):
        assert each in page
    assert "± 4.0%" not in page
    (ax,) = drawn[0].axes
    assert (ax.get_title(), ax.get_xlabel(), ax.get_ylabel()) == ("300 K", "pulse", "conductance (share of range)")
    assert ax.lines[0].get_ydata() == pytest.approx([0, 0.15, 0.3])


def test_steps_of_a_failed_fit_are_withheld():
    failed = SimpleNamespace(steps=[], withheld={"steps": "the fit failed"})
    (section,) = heat_sections(failed, SimpleNamespace(hot=()))
    assert "The model&#39;s steps are withheld: the fit failed." in str(section.__html__())
    assert heat_sections(SimpleNamespace(steps=[], withheld={}), SimpleNamespace(hot=())) == []
