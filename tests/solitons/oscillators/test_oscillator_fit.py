"""Oscillators fitted to moments that nothing was tuned for, and to runs that show none."""

from dataclasses import replace

import numpy as np
import pytest
from made_oscillators import axial, moment_record

from solitons.models.loading import load_model
from solitons.models.saving import save_model
from solitons.oscillators import of_macrospin, threshold
from solitons.oscillators.oscillator_fit import fit_oscillator

OVER = (0.5, 0.8, 1.1, 1.2, 1.3, 1.4)
MOMENTS = {
    "large shift": ({"alpha": 0.03, "field": 0.6, "anisotropy": -0.3}, 1),
    "small shift, much damping": ({"alpha": 0.1, "field": 0.5, "anisotropy": -0.12}, 1),
    "tilted polariser": ({"alpha": 0.05, "field": 0.5, "anisotropy": -0.2, "polariser": (0.5, 0, -0.87)}, 1),
    "polariser in the plane": (
        {"alpha": 0.02, "field": 0.5, "anisotropy": -0.2, "polariser": (1, 0, 0), "asymmetry": 1.5},
        -1,
    ),
}


def records_of(content, sign):
    spin = axial(**content)
    found = threshold(spin, (0, 0, 1), sign * 5e12)
    duration = 6 / (content["alpha"] * (content["field"] + content["anisotropy"]) * 0.1 * 28e9)
    return spin, found, [moment_record(spin, each * found.current_density, duration) for each in OVER]


@pytest.mark.parametrize("name", MOMENTS)
def test_a_current_that_the_fit_did_not_see_is_predicted(name):
    _, known, records = records_of(*MOMENTS[name])
    fit = fit_oscillator(records, [records[3].run_id])
    left = fit.predicted(fit.held_out[0])
    truth = fit.held_out[0]
    assert left.end_frequency == pytest.approx(truth.end_frequency, rel=0.005)
    assert left.end_power == pytest.approx(truth.end_power, rel=0.05)
    assert left.rise == pytest.approx(truth.rise, rel=0.05)
    assert fit["threshold"].value == pytest.approx(known.current_density, rel=0.01)
    origin = fit.oscillator.provenance
    assert origin.held_out == (records[3].run_id,)
    assert origin.held_out_error < 0.005


def test_a_moment_with_an_axis_has_its_closed_form():
    spin, _, records = records_of(*MOMENTS["large shift"])
    fit, exact = fit_oscillator(records), of_macrospin(spin)
    assert fit["threshold"].low < exact.threshold < fit["threshold"].high
    assert fit["damping rate"].value == pytest.approx(float(exact.damping[0]), rel=0.01)
    assert fit["growth with current"].value == pytest.approx(float(exact.pump), rel=0.01)
    assert fit["frequency shift with power"].value == pytest.approx(float(exact.frequency[1]) / (2 * np.pi), rel=0.03)


def test_runs_that_do_not_turn_as_a_whole_are_rejected_and_too_few_give_none():
    _, _, records = records_of(*MOMENTS["large shift"])
    uneven = replace(records[-1], least_length=0.4)
    fit = fit_oscillator([*records[:-1], uneven])
    assert fit.rejected == (uneven,)
    assert fit.oscillator.highest_power < records[-1].end_power * 1.2
    assert fit_oscillator(records[:2]) is None
    assert fit_oscillator([*records[:2], *(replace(each, least_length=0.2) for each in records[2:])]) is None


def test_a_moment_that_is_reversed_does_not_oscillate():
    # p = (z - 1) / Q' would be more than 1.
    spin = axial(0.1, 0.5, -0.05)
    exact = of_macrospin(spin)
    assert exact.power(1.2 * exact.threshold) == pytest.approx(0.9)
    assert np.isnan(exact.power(1.4 * exact.threshold))
    record = moment_record(spin, 1.4 * exact.threshold, 20e-9)
    assert not record.oscillates
    assert not record.decays
    assert record.final_power == pytest.approx(1.0, abs=1e-3)


def test_a_fitted_oscillator_is_saved_and_loaded(tmp_path):
    _, _, records = records_of(*MOMENTS["large shift"])
    model = fit_oscillator(records).oscillator
    loaded = load_model(save_model(model, tmp_path / "oscillator.json"))
    assert loaded.provenance == model.provenance
    assert loaded.power(1.2 * model.threshold) == model.power(1.2 * model.threshold)
