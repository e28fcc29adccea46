"""Pillars that a direct current makes oscillate, beside the closed form of one moment, on every engine.

With field, anisotropy and polariser along z and Lambda = 1, H + H_k cos(theta) = a_j / alpha and
omega = gamma0 a_j / alpha without approximation; here H_k is that of the material and the cells' stray field together.
"""

import math

import numpy as np
import pytest
import xarray as xr
from scipy import constants

from analysis import oscillation, precession
from geometries import Magnet, MagnetArray, Material, Pillar
from runs import AtOnce, ConstantCurrent, Protocol, RunSpec, simulate
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


def turns_apart(gap, more):
    """Turns that the second of two discs makes beyond the first in 10 ns, under a current that is larger by `more`."""
    discs = [Magnet(name=name, x=at * (48e-9 + gap), y=0, length=48e-9, width=48e-9) for at, name in enumerate("ab")]
    content = {"magnets": discs, "thickness": 2e-9, "cell": (4e-9, 4e-9, 2e-9)}
    width = MagnetArray(**content).extent[0]
    halves = {"a": (0, width / 2), "b": (width / 2, width)}
    terminals = [
        {"kind": "through_plane", "name": name, "x": half, "polariser": (0.5, 0, -0.866), "polarisation": 0.577}
        for name, half in halves.items()
    ]
    currents = {"a": 0.24e12, "b": 0.24e12 * (1 + more)}
    branches = [[ConstantCurrent(amplitude=each, duration=20e-9, terminal=name)] for name, each in currents.items()]
    spec = RunSpec(
        device=MagnetArray(**content, terminals=terminals),
        material=Material(name="film", Ms=1e6, A=2e-11, Ku=4.2e5, easy_axis=(0, 0, 1), alpha=0.05),
        protocol=Protocol(
            steps=[AtOnce(branches=branches)], sampling_interval=1e-11, static_field=(0, 0, 0.5 / constants.mu_0)
        ),
        engine="native",
    )
    late = simulate(spec).isel(t=slice(1000, None))
    phases = []
    for name in halves:
        low, high = halves[name]
        m = late["m"].sel(x=slice(low, high)).mean(("x", "y", "z"))
        parts = {f"m{part}": m.sel(vdims=part, drop=True) for part in "xyz"}
        phases.append(oscillation(precession(xr.Dataset(parts), (0, 0, 1)))["phase"])
    one, two = (float(each[-1] - each[0]) for each in phases)
    return (two - one) / (2 * math.pi)


@pytest.mark.slow
def test_two_discs_lock_by_their_stray_fields_and_not_far_apart():
    assert abs(turns_apart(12e-9, 0.01)) < 0.02
    # Alone, one per cent of the current is some 110 MHz.
    assert turns_apart(200e-9, 0.01) > 0.5
