"""The system that is built means what the spec says: closed forms, on every engine that is here."""

import math

import micromagneticmodel as mm
import numpy as np
import pytest
from scipy import constants
from scipy.integrate import solve_ivp

from geometries import Material, Stripe
from runs import CurrentPulses, FieldPulses, FieldRamp, Relax, Rest, simulate
from runs.system import build_system, drift_velocity

MU0 = constants.mu_0
engines = pytest.mark.parametrize("engine", ["native", pytest.param("oommf", marks=pytest.mark.oommf)])


def test_drift_velocity_is_that_of_thiaville():
    # u = g P mu_B J / (2 e Ms): permalloy, P = 0.5, 1e12 A/m2. In EPL 69, 990 (2005) P = 0.4 and
    # Ms = 8e5 A/m give 1.45e-11 m3/(A s) for P g mu_B / (2 e Ms) per unit P x 2; here from constants.
    film = Material(name="film", Ms=8e5, A=1.3e-11, alpha=0.02, P=0.5)
    mu_b, e = constants.physical_constants["Bohr magneton"][0], constants.e
    assert drift_velocity(film, 1e12) == pytest.approx(-mu_b * 0.5 * 1e12 / (e * 8e5))
    assert drift_velocity(film, 1e12) == pytest.approx(-36.2, abs=0.1)


def test_relaxed_systems_have_no_drive(make_spec):
    system = build_system(make_spec(), drive=False)
    assert not system.dynamics.get(type=mm.ZhangLi)
    driven = build_system(make_spec(), drive=True)
    (term,) = driven.dynamics.get(type=mm.ZhangLi)
    assert term.u == pytest.approx(-drift_velocity(make_spec().material, -1e12))


def test_every_energy_of_the_material_is_there(make_spec, material_fields, stripe):
    pinned = Stripe(**(stripe.model_dump() | {"pinned_ends": {"length": 20e-9, "field": 1e5}}))
    spec = make_spec(
        device=pinned,
        material=material_fields | {"D": 1e-3},
        protocol=make_spec().protocol.model_copy(update={"static_field": (0.0, 1e4, 0.0)}),
    )
    energy = build_system(spec, drive=False).energy
    assert sorted(term.name for term in energy) == sorted(
        ["exchange", "uniaxialanisotropy", "dmi", "demag", "static_field", "exchange_bias"]
    )
    bias = next(term for term in energy if term.name == "exchange_bias").H.array
    np.testing.assert_array_equal(bias, pinned.bias_field())


def test_no_magnet_where_the_mask_says_so(make_spec, stripe):
    notched = Stripe(
        **(stripe.model_dump() | {"notches": [{"position": 100e-9, "depth": 8e-9, "width": 24e-9, "edge": "top"}]})
    )
    system = build_system(make_spec(device=notched), drive=False)
    norm = system.m.norm.array[..., 0]
    np.testing.assert_array_equal(norm > 0, notched.mask())
    np.testing.assert_allclose(norm[notched.mask()], 6e5)


METAL = [{"kind": "heavy_metal", "name": "metal"}]


def means(run):
    return np.array([float(run[name][-1]) for name in ("mx", "my", "mz")])


@engines
def test_the_field_like_torque_is_a_field_along_y(macrospin, engine):
    # With the damping-like part small, b = ratio a acts as a field along +y: m_y = b / H_K to first order.
    j, angle, ratio = 2e10, 0.1, 20.0
    spec = macrospin(
        engine,
        [CurrentPulses(amplitude=j, width=2e-9, period=2e-9)],
        material={"spin_hall_angle": angle, "field_like_ratio": ratio},
        terminals=METAL,
    )
    h_k = 2 * 3e5 / (MU0 * 6e5)
    a = constants.hbar * angle * j / (2 * constants.e * MU0 * 6e5 * 1e-9)
    assert float(simulate(spec)["my"][-2]) == pytest.approx(ratio * a / h_k, rel=2e-3)


@engines
def test_a_field_along_a_hard_axis_tilts_by_stoner_wohlfarth(macrospin, engine):
    h_k = 2 * 3e5 / (MU0 * 6e5)
    spec = macrospin(engine, [Relax(), Rest(duration=0.1e-9)], static_field=(0.3 * h_k, 0, 0))
    np.testing.assert_allclose(means(simulate(spec)), [0.3, 0, math.sqrt(1 - 0.09)], atol=1e-5)


FIELD_STEPS = [
    FieldRamp(to=(0, 1e5, 0), duration=0.2e-9),
    FieldPulses(amplitude=(1e5, 0, 0), width=0.1e-9, rise=20e-12, period=0.2e-9, count=2, polarity="alternating"),
    Rest(duration=0.1e-9),
]


@engines
def test_a_macrospin_follows_the_fields_as_its_differential_equation_does(macrospin, engine):
    # The Landau-Lifshitz form of dm/dt = -gamma0 m x H + alpha m x dm/dt, solved by scipy.
    spec = macrospin(engine, FIELD_STEPS, material={"alpha": 0.1})
    alpha, gamma0, h_k = 0.1, spec.material.gamma0, 2 * 3e5 / (MU0 * 6e5)
    waveforms = spec.protocol.applied_field

    def rate(t, m):
        field = np.array([float(wave(t)) for wave in waveforms]) + np.array([0, 0, h_k * m[2]])
        precession = np.cross(m, field)
        return -gamma0 / (1 + alpha**2) * (precession + alpha * np.cross(m, precession))

    times = spec.protocol.sample_times
    truth = solve_ivp(
        rate, (0, times[-1]), [0, 0, 1], t_eval=times, rtol=1e-9, atol=1e-10, max_step=1e-12
    ).y  # fmt: skip
    assert abs(truth[0]).max() > 0.05, "the pulses moved nothing, so that this compares nothing"
    run = simulate(spec)
    np.testing.assert_allclose([run[name] for name in ("mx", "my", "mz")], truth, atol=3e-4)
