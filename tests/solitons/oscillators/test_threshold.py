"""Thresholds of a moment beside published and closed forms."""

import math
from dataclasses import replace

import numpy as np
import pytest
from made_oscillators import axial
from rows import rows
from scipy import constants

from solitons.junctions import Macrospin
from solitons.oscillators import of_macrospin, rest_direction, small_oscillation, threshold


@rows("applied", [0.2, 0.3])
def test_a_perpendicular_layer_with_a_polariser_in_the_plane(applied):
    """I_c = 4 alpha e M V (H + H_K - 4 pi M) / (hbar eta lambda), of the same linear equation to lowest order in I.

    T. Taniguchi et al., Appl. Phys. Express 6, 123003 (2013), as derived here from the torque
    eta / (1 + lambda m . p), with eta = 2 P Lambda^2 / (Lambda^2 + 1) and lambda = (Lambda^2 - 1) / (Lambda^2 + 1).
    """
    saturation, eta, alpha = 1.448e6, 0.54, 0.005
    lam = eta**2
    squared = (1 + lam) / (1 - lam)
    area = math.pi * 60e-9**2
    field = 1.86 + applied
    spin = Macrospin(
        volume=area * 2e-9,
        thickness=2e-9,
        saturation=saturation,
        anisotropy=1.86 * saturation / 2,
        damping=alpha,
        temperature=0.0,
        demagnetisation=(0, 0, 1),
        field=(0, 0, applied / constants.mu_0),
        polariser=(1, 0, 0),
        polarisation=eta / 2 * (squared + 1) / squared,
        asymmetry=math.sqrt(squared),
    )
    found = threshold(spin, (0, 0, 1), -2e12)
    moment = saturation * area * 2e-9
    expected = 4 * alpha * constants.e * moment / (constants.hbar * eta * lam) * (field - constants.mu_0 * saturation)
    assert -found.current_density * area == pytest.approx(expected, rel=2e-3)
    assert threshold(spin, (0, 0, 1), 2e12) is None
    larmor = float(spin.gyromagnetic_ratio) * (field / constants.mu_0 - saturation) / (2 * math.pi)
    assert found.frequency == pytest.approx(larmor, rel=0.02)


@rows(("alpha", "field", "anisotropy"), [(0.01, 1.0, -0.5), (0.2, 0.4, -0.1), (0.03, 0.0, 0.4)])
def test_of_a_layer_with_one_axis_it_is_the_closed_form(alpha, field, anisotropy):
    spin = axial(alpha, field, anisotropy)
    found = threshold(spin, (0.01, 0, 1), 1e13 * alpha)
    assert found.current_density == pytest.approx(of_macrospin(spin).threshold, rel=1e-6)
    assert threshold(spin, (0, 0, 1), -1e13 * alpha) is None


def test_small_oscillations_in_the_plane_have_kittels_frequency():
    # Along x, with the shape of a film: omega = gamma sqrt(H (H + Ms)), decay alpha gamma (H + Ms / 2).
    field, saturation = 8e4, 8e5
    spin = axial(0.01, 0.0, 0.0, demagnetisation=(0, 0, 1), anisotropy_per_voltage=0.0)
    spin = replace(spin, field=np.array([field, 0.0, 0.0]))
    rest = rest_direction(spin, (1, 0.2, 0.1))
    np.testing.assert_allclose(rest, [1, 0, 0], atol=1e-9)
    found = small_oscillation(spin, rest, 0.0)
    gamma = float(spin.gyromagnetic_ratio) / (1 + 0.01**2)
    assert 2 * math.pi * found.frequency == pytest.approx(gamma * math.sqrt(field * (field + saturation)), rel=1e-3)
    assert found.decay == pytest.approx(0.01 * gamma * (field + saturation / 2), rel=1e-4)


def test_a_start_on_a_ridge_is_refused():
    with pytest.raises(ValueError, match="does not come to rest"):
        rest_direction(axial(field=0.0, anisotropy=0.5), (1, 0, 0))
