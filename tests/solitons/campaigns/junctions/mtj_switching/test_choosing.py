"""Currents of a pillar's sweep that are chosen: which runs are made, and what the fit of half of them is worth."""

from types import SimpleNamespace

import numpy as np
import pytest
import yaml
from edited_content import with_fields
from made_junctions import MadeEnsembles
from rows import rows
from scipy import stats

from solitons.campaigns.framework.kinds import shipped_campaigns
from solitons.campaigns.framework.stages import Stages
from solitons.campaigns.junctions.mtj_switching.campaign import MtjSwitchingCampaign
from solitons.campaigns.junctions.mtj_switching.choosing import (
    _information_rows,
    chance_of_rejection,
    most_misfit,
)
from solitons.fits.fitted_parameter import FittedParameter
from solitons.junctions import SwitchingRates

CONTENT = yaml.safe_load(next(each.file for each in shipped_campaigns() if each.name == "mtj-switching").read_text())
WITHOUT = {"write_errors": None, "unlike": None, "fit__both_ways": False, "fit__check_pulse": None}


def campaign(currents, members=150, **changes):
    values = [float(f"{each:.4g}") for each in currents]
    more = {"sweep__0__values": values, "base__ensemble__members": members}
    return MtjSwitchingCampaign(**with_fields(CONTENT, **(WITHOUT | more | changes)))


def settled(asked, store):
    while asked.unsettled:
        asked = asked.settled(store.holding(asked))
    return asked


def test_runs_are_those_of_the_sweep_and_the_same_are_held_out():
    everything = {
        "fit__both_ways": True,
        "fit__check_pulse": CONTENT["fit"]["check_pulse"],
        "unlike": CONTENT["unlike"],
    }
    plain, chosen = (campaign(np.linspace(0.1e12, 0.16e12, 9), **everything, fit__enough=each) for each in (None, 0.05))
    ids = [run.spec.run_id for run in plain.labelled_runs("native")]
    made = [run.spec.run_id for run in chosen.labelled_runs("native")]
    # Four of the seven that can be fitted and the two held out, each both ways; the pulse, and two other junctions.
    assert len(ids) == 2 * 9 + 3
    assert len(made) == 2 * 6 + 3
    assert made == [each for each in ids if each in made]
    assert not plain.unsettled
    assert chosen.unsettled
    assert {0, 8} < set(chosen.choosing.made)


@rows(
    ("enough", "currents", "message"),
    [
        (0, 9, "fit.enough"),
        (-0.1, 9, "fit.enough"),
        ("2 nm", 9, "fit.enough"),
        (1, 9, "fit.enough"),
        (0.05, 6, r"after the first 4, but the sweep has 4 run\(s\) beside those held out"),
    ],
)
def test_bad_descriptions_are_refused(enough, currents, message):
    with pytest.raises(ValueError, match=message):
        campaign(np.linspace(0.1e12, 0.16e12, currents), fit__enough=enough)


def test_the_information_on_a_rate_is_the_number_of_switches_that_are_expected():
    # Of a lifetime that is cut off at T: N (1 - exp(-rate T)) for ln(rate), however finely it is counted (D. R. Cox and
    # D. Oakes, Analysis of Survival Data (Chapman & Hall, 1984), section 3.2).
    rates = SwitchingRates(attempt_rate=1e9, stability=20.0, critical_current=2e11)
    current = np.array([1.2e11, 1.5e11])
    fit = SimpleNamespace(rates=rates, parameters=[FittedParameter("attempt_rate", "1/s", 1e9, 5e8, 2e9)])
    found = _information_rows(fit, current, -1, SimpleNamespace(interval=1e-11, longest=2e-8), 200)
    expected = 200 * -np.expm1(-rates.rates(current)[0] * 2e-8)
    assert found[:, 0] ** 2 == pytest.approx(expected, rel=2e-3)


def test_a_misfit_that_all_runs_would_show_is_expected():
    # By drawing: ten runs of six counts each with an error 1.3 times the counting error, of which four are seen.
    draw = np.random.default_rng(1)
    squares = (1.3 * draw.normal(size=(20_000, 60))) ** 2
    rejects = squares.sum(axis=1) > stats.chi2.isf(1e-3, 60)
    expected = np.mean([chance_of_rejection(each, 24, 0.4) for each in squares[:, :24].sum(axis=1)])
    assert expected == pytest.approx(rejects.mean(), abs=0.1)
    assert chance_of_rejection(24.0, 24, 0.4) < 0.01
    assert chance_of_rejection(60.0, 24, 0.4) > 0.9
    assert (chance_of_rejection(50.0, 24, 1.0), chance_of_rejection(53.0, 24, 1.0)) == (0.0, 1.0)


def test_a_misfit_is_known_as_well_as_its_counts():
    # Counting errors of 0.05 and a misfit of 0.03 in 60 counts: 0.03^2 known to 1.96 sqrt(2 / 60) (0.05^2 + 0.03^2).
    draw = np.random.default_rng(2)
    off = np.hypot(0.05, 0.03) / 0.05 * draw.normal(size=(400, 60))
    most = np.array([most_misfit(each, np.full(60, 0.05)) for each in off])
    assert np.mean(most > 0.03) == pytest.approx(0.95, abs=0.04)
    assert np.median(most) == pytest.approx(np.sqrt(0.03**2 + 1.96 * np.sqrt(2 / 60) * (0.05**2 + 0.03**2)), rel=0.05)


def test_too_few_switches_ask_for_the_strongest_current_that_is_left():
    asked = campaign(np.linspace(0.09e12, 0.108e12, 7), members=20, fit__enough=0.05)
    once = asked.settled(MadeEnsembles().holding(asked))
    assert np.isnan(once.choosing.intervals[-1])
    assert once.choosing.made[-1] == max(asked.choosing.left)


@pytest.mark.slow
def test_fewer_currents_predict_as_well_and_an_interrupted_campaign_goes_on():
    currents, store = np.linspace(0.14e12, 0.18e12, 20), MadeEnsembles()
    whole = campaign(currents)
    asked = campaign(currents, fit__enough=0.08)
    known = settled(asked, store)
    assert settled(asked, MadeEnsembles()).choosing.made == known.choosing.made
    # A layer follows a current late, by which the rates are off: that must be looked into.
    assert len(known.choosing.made) < 12
    every, half = (each.analyse(store.holding(each), Stages()).results for each in (whole, known))
    assert half.held_out_error**2 - every.held_out_error**2 < half.chance_error**2
    assert half.verdict == every.verdict
    assert {each.code for each in half.reasons} == {each.code for each in every.reasons}
    assert "of the 18 runs" in half.notes[0]


@pytest.mark.slow
def test_rates_without_a_barrier_are_not_trusted_for_being_chosen():
    currents = np.linspace(0.14e12, 0.26e12, 8)
    store, asked = MadeEnsembles(), campaign(currents, fit__enough=0.05)
    known = settled(asked, store)
    found = known.analyse(store.holding(known), Stages()).results
    assert found.verdict != "trusted"
    assert {"little_barrier_left", "interval_not_reached"} <= {each.code for each in found.reasons}
    assert len(known.choosing.made) == 6
