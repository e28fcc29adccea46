"""One moment with an axis of symmetry: its orbit, its frequency and its line in closed form."""

import math

import numpy as np
import pytest
from made_oscillators import axial, current_for, moment_record, torque_field
from rows import rows

from analysis import spectral_line
from solitons.oscillators import AutoOscillator, follow_oscillators, of_macrospin


@rows(
    ("alpha", "field", "anisotropy", "over", "ratio"),
    [
        (0.01, 1.0, -0.5, 1.2, 0.0),
        (0.03, 0.6, -0.2, 1.3, 0.0),
        (0.05, 0.3, -0.1, 1.1, 0.0),
        (0.02, 0.8, -0.3, 1.3, 0.2),
        (0.1, 1.5, -1.2, 1.8, -0.3),
    ],
)
def test_a_moment_turns_as_the_closed_form_says(alpha, field, anisotropy, over, ratio):
    # H + H_k cos(theta) = a_j / alpha and omega = gamma0 a_j / alpha; a field-like torque adds ratio a_j p to H.
    spin = axial(alpha, field, anisotropy, ratio)
    h, hk = float(spin.field[2]), float(spin.anisotropy * 2 / (4e-7 * math.pi * spin.saturation))
    # The threshold, with the field-like torque's share of the field.
    current = over * current_for(spin, alpha * (h + hk) / (1 + alpha * ratio))
    a_j = torque_field(spin, current)
    found = moment_record(spin, current, 10 / (alpha * (field + anisotropy) * (over - 1) * 28e9) + 4e-9)
    cosine = (a_j / alpha - h + ratio * a_j) / hk
    omega = float(spin.gyromagnetic_ratio) * a_j / alpha
    assert 2 * math.pi * found.end_frequency == pytest.approx(omega, rel=1e-3)
    assert 1 - 2 * found.end_power == pytest.approx(cosine, rel=1e-3)
    model = of_macrospin(spin)
    assert 2 * math.pi * model.frequency_at(current) == pytest.approx(omega, rel=1e-6)
    assert 1 - 2 * model.power(current) == pytest.approx(cosine, rel=1e-6)
    assert over * model.threshold == pytest.approx(current, rel=1e-9)
    if not ratio:
        z, q = a_j / (alpha * (h - abs(hk))), 2 * abs(hk) / (h - abs(hk))
        assert model.power(current) == pytest.approx((z - 1) / q, rel=1e-6)
        assert model.nonlinearity(current) == pytest.approx(1 / (alpha * (1 - model.power(current))), rel=1e-6)


def test_with_an_easy_axis_there_is_no_orbit_that_lasts():
    model = of_macrospin(axial(anisotropy=0.3))
    assert model.power(0.9 * model.threshold) == 0
    assert math.isnan(model.power(1.1 * model.threshold))


def test_the_line_of_little_heat_is_lorentz_and_grows_as_one_plus_nu_squared():
    # So little heat that the line is narrow beside the power's own rate.
    found = []
    for alpha in (0.05, 0.1, 0.2):
        model = of_macrospin(axial(alpha, 1.0, -0.5, volume=1e-21))
        current = 1.2 * model.threshold
        p, nu = model.power(current), model.nonlinearity(current)
        heat = float(model.diffusion) * 1.0
        lorentz = heat * (1 / (1 - p) + nu**2 * (1 - p)) / (2 * math.pi * p)
        assert model.linewidth(current, 1.0) == pytest.approx(lorentz, rel=0.03)
        found.append((nu, model.linewidth(current, 1.0) / heat))
    (low, wide), _, (high, narrow) = found
    assert wide / narrow == pytest.approx((1 + low**2) / (1 + high**2), rel=0.05)


@pytest.mark.slow
def test_an_ensemble_has_the_line_of_the_formula():
    model = of_macrospin(axial(0.2, 1.0, -0.5, volume=2e-22))
    current, temperature = 1.2 * model.threshold, 300.0
    formula = model.linewidth(current, temperature)
    duration = 40 / formula
    start = np.full(16, math.sqrt(model.power(current)), dtype=complex)
    heard = follow_oscillators(
        model, start, current, duration, temperature=temperature, samples=4000, seed=4,
        detuning=40 * formula - model.frequency_at(current),
    )  # fmt: skip
    found = spectral_line(heard.rename(oscillator="member"))
    # 16 records of 40 widths each know it to some 5 %.
    assert found.width == pytest.approx(formula, rel=0.15)


def test_a_hot_line_goes_as_the_root_of_the_temperature():
    model = of_macrospin(axial(0.02, 1.0, -0.5, volume=1e-23))
    current = 1.3 * model.threshold
    cold, hot = (model.linewidth(current, each) for each in (300.0, 1200.0))
    assert hot / cold == pytest.approx(2.0, rel=0.1)


REFUSED = {
    "no current": ({"frequency": [1e10], "damping": [1e8], "pump": 0.0}, "no current would make it oscillate"),
    "empty": ({"frequency": [], "damping": [1e8], "pump": 1.0}, "frequency"),
    "beyond the sphere": ({"frequency": [1.0], "damping": [1.0], "pump": 1.0, "highest_power": 2}, "highest_power"),
}


@rows("content, message", REFUSED.values(), ids=list(REFUSED))
def test_what_is_refused(content, message):
    with pytest.raises(ValueError, match=message):
        AutoOscillator(**content)


def test_a_moment_without_an_axis_of_symmetry_is_refused():
    with pytest.raises(ValueError, match="no common axis"):
        of_macrospin(axial(polariser=(1, 0, -1)))
    with pytest.raises(ValueError, match=r"Lambda = 1\.5"):
        of_macrospin(axial(asymmetry=1.5))
