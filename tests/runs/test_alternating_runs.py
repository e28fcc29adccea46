"""Alternating drives move the magnetisation as closed forms say, and alike on every engine."""

import numpy as np
import pytest
from scipy import constants

from runs import (
    AlternatingCurrent,
    AlternatingField,
    AlternatingStripLine,
    Relax,
    simulate,
)

engines = pytest.mark.parametrize("engine", ["native", pytest.param("oommf", marks=pytest.mark.oommf)])
ANISOTROPY_FIELD = 2 * 3e5 / (constants.mu_0 * 6e5)


@pytest.mark.slow
@engines
def test_a_macrospin_answers_an_alternating_field_by_its_susceptibility(macrospin, engine):
    # For m = m_x + i m_y the linear equation of motion is (1 - i alpha) m' = i gamma0 (H_K m - h).
    frequency, strength = 20e9, 1e-3 * ANISOTROPY_FIELD
    wave = AlternatingField(amplitude=(strength, 0, 0), frequency=frequency, duration=0.6e-9)
    spec = macrospin(engine, [wave], interval=10e-12, material={"alpha": 0.2})
    run = simulate(spec)
    t, omega, gamma, alpha = run["t"].values, 2 * np.pi * frequency, spec.material.gamma0, 0.2
    resonance = gamma * ANISOTROPY_FIELD
    positive = gamma / (resonance - omega + 1j * alpha * omega)
    negative = gamma / (resonance + omega - 1j * alpha * omega)
    answer = strength / 2j * (positive * np.exp(1j * omega * t) - negative * np.exp(-1j * omega * t))
    late = (t > 0.45e-9) & (t < t[-1])
    size = np.abs(answer).max()
    assert size > 1e-3
    np.testing.assert_allclose(run["mx"].values[late], answer.real[late], atol=0.01 * size)
    np.testing.assert_allclose(run["my"].values[late], answer.imag[late], atol=0.01 * size)
    np.testing.assert_allclose(run["applied_field"][:, 0][:-1], strength * np.sin(omega * t)[:-1], atol=1e-6 * strength)


LINE = {"kind": "strip_line", "name": "line", "centre": 8e-9, "width": 40e-9, "height": 20e-9}
METAL = {"kind": "heavy_metal", "name": "metal", "spin_hall_angle": 0.1, "field_like_ratio": 0.5}
CHIRP = {"frequency": 5e9, "final_frequency": 30e9, "duration": 0.3e-9, "ramp": 0.05e-9, "phase": 0.4}


@pytest.mark.slow
@pytest.mark.oommf
@pytest.mark.parametrize(
    ("terminal", "step"),
    [
        (METAL, AlternatingField(amplitude=(5e4, 2e4, 0), **CHIRP)),
        (METAL, AlternatingCurrent(amplitude=4e11, direct=-1e11, **CHIRP)),
        (LINE, AlternatingStripLine(amplitude=5e-3, **CHIRP)),
    ],
)
def test_both_engines_follow_a_chirp(macrospin, terminal, step):
    # Frames this close bound the steps of OOMMF, which would take long ones out of rest.
    steps = [Relax(), step]
    reference, native = (
        simulate(macrospin(engine, steps, [terminal], interval=2e-12, material={"alpha": 0.2}))
        for engine in ("oommf", "native")
    )
    assert np.abs(native["mx"]).max() > 0.01, "nothing moved, so that this compares nothing"
    np.testing.assert_allclose(native["m"], reference["m"], atol=2e-4)
    energy = native["energy"].values
    np.testing.assert_allclose(energy, reference["energy"], atol=2e-4 * np.ptp(energy))
    if terminal is LINE:
        assert native["current"].attrs["units"] == "A"
        assert float(np.abs(native["current"]).max()) > 2e-3
    np.testing.assert_array_equal(native["current_density"], reference["current_density"])
