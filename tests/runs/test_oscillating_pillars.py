"""Pillars that a direct current makes oscillate, beside the closed form of one moment, on every engine.

With field, anisotropy and polariser along z and Lambda = 1, H + H_k cos(theta) = a_j / alpha and
omega = gamma0 a_j / alpha without approximation; here H_k is that of the material and the cells' stray field together.
"""

import math

import numpy as np
import pytest
from scipy import constants

from analysis import oscillation, precession
from geometries import Material, Pillar
from runs import ConstantCurrent, Protocol, RunSpec, simulate
from runs.system.demagnetisation import cell_demagnetising_factors

engines = pytest.mark.parametrize("engine", ["native", pytest.param("oommf", marks=pytest.mark.oommf)])
FILM = Material(name="film", Ms=8e5, A=1.5e-11, Ku=1.5e5, easy_axis=(0, 0, 1), alpha=0.1)


@pytest.mark.slow
@engines
def test_a_small_pillar_turns_as_the_closed_form_says(engine):
    pillar = Pillar(
        length=16e-9,
        thickness=2e-9,
        cell=(4e-9, 4e-9, 2e-9),
        start="up",
        start_tilt=0.5,
        fixed_layer="down",
        barrier={"resistance_area": 1e-11, "tmr": 1.0, "polarisation": 0.5},
    )
    field = 0.6 / constants.mu_0
    factors = cell_demagnetising_factors(pillar)
    anisotropy = 2 * FILM.Ku / (constants.mu_0 * FILM.Ms) - FILM.Ms * (factors[2] - factors[0])
    threshold = FILM.alpha * (field + anisotropy)
    assert anisotropy < 0
    a_j = 1.15 * threshold
    per_current = constants.hbar * 0.5 / (2 * constants.e * constants.mu_0 * FILM.Ms * pillar.thickness)
    steps = [ConstantCurrent(amplitude=a_j / per_current, duration=8e-9)]
    protocol = Protocol(steps=steps, sampling_interval=8e-12, static_field=(0, 0, field))
    run = simulate(RunSpec(device=pillar, material=FILM, protocol=protocol, engine=engine))
    late = run.isel(t=run["t"].values > 5e-9)
    found = oscillation(precession(late, (0, 0, 1)))
    omega = 2 * math.pi * float(found["frequency"].mean())
    cosine = float(late["mz"].mean())
    assert omega == pytest.approx(FILM.gamma0 * a_j / FILM.alpha, rel=0.02)
    assert cosine == pytest.approx((a_j / FILM.alpha - field) / anisotropy, rel=0.02)
    assert np.ptp(late["mz"].values) < 0.01
