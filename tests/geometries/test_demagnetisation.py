"""Demagnetising factors of elliptical cylinders against other sources."""

import itertools
import math

import numpy as np
import pytest
from rows import rows
from scipy import integrate, special

from geometries import demagnetising_factors
from geometries.demagnetisation import axial_factor


@rows("tau", [0.5, 2.0, 10.0])
def test_the_axial_factor_is_that_of_the_integral_over_wave_vectors(tau):
    # N_z = 2 int J1(q)^2 / q (1 - exp(-q tau)) / (q tau) dq, without elliptic integrals. J1^2 is 1 / (pi q) on average
    # far out, which gives what is left out behind the last edge.
    def integrand(q):
        return special.j1(q) ** 2 / q * -math.expm1(-q * tau) / (q * tau)

    edges = np.concatenate([[0], special.jn_zeros(1, 200)])
    total = sum(integrate.quad(integrand, low, high)[0] for low, high in itertools.pairwise(edges))
    total += 1 / (2 * math.pi * tau * edges[-1] ** 2)
    assert float(axial_factor(tau)) == pytest.approx(2 * total, abs=1e-6)


def test_demagnetising_factors_have_their_limits():
    flat = demagnetising_factors(1e-6, 5e-7, 1e-12)
    np.testing.assert_allclose(flat, (0, 0, 1), atol=2e-5)
    # An infinite cylinder of elliptic cross-section: N_x = b / (a + b).
    np.testing.assert_allclose(demagnetising_factors(3e-9, 1e-9, 2e-5), (0.25, 0.75, 0), atol=1e-4)
    # A cylinder as long as wide: 0.3116 along its axis (Chen, Brug and Goldfarb, table I).
    assert demagnetising_factors(1e-8, 1e-8, 1e-8)[2] == pytest.approx(0.3116, abs=5e-5)
    with pytest.raises(ValueError, match="thickness = 0 m must be above 0"):
        demagnetising_factors(1e-8, 1e-8, 0)
