"""Two discretisations of one equation, with nothing in common, and closed forms beside them."""

import numpy as np
import pytest
from rows import rows

from solitons.junctions import axial_fokker_planck, follow_macrospins, thermal_states
from solitons.junctions.closed_forms import linear_write_error
from solitons.junctions.sphere_fokker_planck import sphere_fokker_planck

from .conftest import brown_rate, disc, ellipse, in_well

BARRIERS = [5, 8, 12, 20]


@pytest.mark.parametrize("stability", BARRIERS)
def test_spherical_harmonics_give_the_same_rate_as_cells(stability):
    spin = disc(stability, field_like_ratio=0.3)
    for share in (0.0, 0.4):
        current = share * spin.critical_current()
        cells, harmonics = axial_fokker_planck(spin, current), sphere_fokker_planck(spin, current)
        assert harmonics.slowest()[0] == pytest.approx(cells.slowest_rate(), rel=5e-5)
        assert float(harmonics.share_above(harmonics.equilibrium())) == pytest.approx(
            float(cells.share_above(cells.equilibrium())), abs=1e-6
        )


@rows(("stability", "below"), [(5, 0.203), (12, 0.0903), (20, 0.0522)])
def test_browns_formula_is_too_high_by_what_is_published(stability, below):
    # 20, 9 and 5 %.
    spin = disc(stability)
    assert 1 - axial_fokker_planck(spin).slowest_rate() / brown_rate(spin) == pytest.approx(below, abs=0.001)


def test_browns_formula_meets_the_exact_rate_in_a_field_at_high_barriers():
    spin = disc(60, field=(0.0, 0.0, 6e4))
    assert axial_fokker_planck(spin).slowest_rate() == pytest.approx(brown_rate(spin), rel=0.03)


@rows("stability", [12, 20, 40])
def test_the_mean_first_passage_time_is_the_inverse_escape_rate(stability):
    # What is left of other modes falls as exp(-Delta).
    equation = axial_fokker_planck(disc(stability))
    for way in ((-1, 1), (1, -1)):
        assert equation.mean_time(*way) == pytest.approx(2 / equation.slowest_rate(), rel=5e-4)


def test_the_distribution_at_rest_is_boltzmanns_with_the_current_as_a_field():
    # With Lambda = 1 the current's torque is H = (epsilon + alpha epsilon') b / alpha along the axis.
    spin = disc(8, field_like_ratio=0.3)
    current = 0.2 * spin.critical_current()
    equation = axial_fokker_planck(spin, current)
    field = 0.2 * spin.anisotropy_field
    energy = spin.stability * (-(equation.z**2) - 2 * field / spin.anisotropy_field * equation.z)
    expected = equation.weights * np.exp(-energy)
    np.testing.assert_allclose(equation.equilibrium(), expected / expected.sum(), rtol=1e-9)


def test_slonczewskis_lambda_gives_the_potential_that_its_torque_integrates_to():
    spin = disc(8, asymmetry=1.7, polariser=(0.0, 0.0, -1.0))
    equation = axial_fokker_planck(spin, 3e10)
    slope = np.gradient(equation.potential, equation.z)
    torque = spin.efficiency(-equation.z) * float(spin.torque_field(3e10)) / float(spin.damping)
    expected = -spin.moment_energy / spin.thermal_energy * (spin.anisotropy_field * equation.z - torque)
    middle = slice(100, -100)
    np.testing.assert_allclose(slope[middle], expected[middle], atol=2e-3 * np.abs(expected).max())


def test_a_write_error_of_1e_minus_12_keeps_its_digits():
    # More cells and the decay at the slowest rate are two ways that know nothing of round-off at 1e-12.
    spin = disc(40, damping=0.02)
    current = 2 * spin.critical_current()
    errors = []
    rate = spin.diffusion * 2 * spin.stability
    for cells in (500, 1000):
        equation = axial_fokker_planck(spin, current, cells=cells)
        p = equation.evolve(in_well(axial_fokker_planck(spin, cells=cells)), np.array([11.0, 15.0]) / rate)
        errors.append(p[:, equation.z < 0].sum(axis=1))
        assert p.min() > -1e-25
        np.testing.assert_allclose(p.sum(axis=1), 1, rtol=1e-11)
    assert errors[0][1] < 1e-12 * 3
    np.testing.assert_allclose(errors[0], errors[1], rtol=1e-3)
    decay = np.exp(-equation.slowest_rate() * 4 / rate)
    assert errors[1][1] / errors[1][0] == pytest.approx(decay, rel=1e-3)


@pytest.mark.parametrize(("overdrive", "low", "high"), [(3.0, 1.06, 1.08), (2.0, 1.6, 2.2), (1.5, 3.0, 15.0)])
def test_the_closed_form_of_write_errors_holds_at_strong_currents(overdrive, low, high):
    spin = disc(40, damping=0.02)
    current = overdrive * spin.critical_current()
    equation = axial_fokker_planck(spin, current)
    times = np.array([5.0, 8.0, 14.0]) / (spin.diffusion * 2 * spin.stability * (overdrive - 1))
    p = equation.evolve(in_well(axial_fokker_planck(spin)), times)
    ratio = linear_write_error(spin, current, times) / p[:, equation.z < 0].sum(axis=1)
    assert ((ratio > low) & (ratio < high)).all(), ratio


def test_at_infinite_barrier_write_errors_decay_as_published():
    # Butler et al. (2012): exp(-2 (i - 1) tau).
    spin = disc(4000, damping=0.02)
    equation = axial_fokker_planck(spin, 2 * spin.critical_current(), cells=4000)
    assert equation.slowest_rate() == pytest.approx(2 * spin.diffusion * 2 * spin.stability, rel=1e-3)


@pytest.mark.slow
def test_an_in_plane_ensemble_switches_as_the_equation_says():
    spin, count = ellipse(6, ratio=4.0, damping=0.1), 8000
    current = 0.6 * spin.critical_current()
    equation, before = sphere_fokker_planck(spin, current), sphere_fokker_planck(spin)
    times = np.arange(1, 5) * 0.4 / equation.slowest()[0]
    start = np.zeros(equation.matrix.shape[0])
    well = before.well(-1)[: len(start)]
    start[: len(well)] = well
    exact = equation.share_above(equation.evolve(start, times))
    m = thermal_states(spin, count, seed=3, state=-1)
    run = follow_macrospins(spin, m, times[-1], seed=4, current_density=current, samples=4)
    found = (run.m.values @ spin.axis > 0).mean(axis=0)
    np.testing.assert_array_less(np.abs(found - exact), 3.5 * np.sqrt(exact * (1 - exact) / count))


def test_a_second_is_no_longer_than_the_times_after_which_nothing_is_left():
    equation = axial_fokker_planck(disc(8), 2e9)
    rate = equation.slowest_rate()
    start = in_well(axial_fokker_planck(disc(8)))
    near, far = equation.evolve(start, [30 / rate, 1e9 / rate])
    np.testing.assert_allclose(near, far, rtol=1e-9)
    np.testing.assert_allclose(far, equation.equilibrium(), rtol=1e-8)


def test_harmonics_tell_the_wells_of_a_barrier_whose_rate_is_lost_in_round_off():
    for stability in (28, 45):
        equation = sphere_fokker_planck(disc(stability))
        assert float(equation.share_above(equation.well(1))) == pytest.approx(1, abs=1e-9)


def test_a_field_like_torque_is_a_field_along_the_polariser_in_any_direction():
    current = 3e10
    turned = ellipse(6, damping=0.2, field_like_ratio=0.5, polariser=(1.0, 1.0, 0.5))
    field = turned.secondary * float(turned.torque_field(current)) * turned.polariser_direction
    plain = ellipse(6, damping=0.2, polariser=(1.0, 1.0, 0.5), field=field)
    one, other = (sphere_fokker_planck(each, current, degree=12).matrix.toarray() for each in (turned, plain))
    np.testing.assert_allclose(one, other, atol=1e-9 * np.abs(one).max())


@rows("easy", [(0.0, 0.0, 1.0), (1.0, 0.0, 0.0), (1.0, 0.0, 1.0)])
def test_a_voltage_at_any_angle_acts_by_its_mean_around_the_axis(easy):
    # A needle along x, held by its shape alone. Around it the mean of (m . e)^2 is what turns with m_x.
    per_volt, volts = 2e-4, 100.0
    factors = {"demagnetisation": (0.0, 0.02, 0.02), "anisotropy": 0.0, "polariser": (1.0, 0.0, 0.0)}
    needle = disc(10, easy_axis=easy, anisotropy_per_voltage=per_volt, **factors)
    plain, driven = (axial_fokker_planck(needle, voltage=each) for each in (0.0, volts))
    phi = 2 * np.pi * np.arange(64) / 64
    across = np.sqrt(1 - plain.z**2)[:, None]
    m = np.stack(np.broadcast_arrays(plain.z[:, None], across * np.cos(phi), across * np.sin(phi)), axis=-1)
    square = ((m @ (np.array(easy) / np.linalg.norm(easy))) ** 2).mean(axis=1)
    expected = -per_volt * volts * float(needle.volume) / needle.thermal_energy * square
    found = driven.potential - plain.potential
    np.testing.assert_allclose(found - found[0], expected - expected[0], atol=1e-9 * np.ptp(plain.potential))


def test_harmonics_in_any_frame_and_more_of_them_give_the_same():
    tilted = disc(6, easy_axis=(1.0, 2.0, 2.0), polariser=(1.0, 2.0, 2.0), field=(5e3, 1e4, 1e4))
    straight = disc(6, field=(0.0, 0.0, 1.5e4))
    one, two = (sphere_fokker_planck(each, 2e10).slowest()[0] for each in (tilted, straight))
    assert one == pytest.approx(two, rel=1e-9)
    three = sphere_fokker_planck(straight, 2e10, degree=40).slowest()[0]
    assert three == pytest.approx(two, rel=1e-6)


@pytest.mark.slow
def test_a_flat_ellipse_of_15_kt_near_its_critical_current_is_no_exception():
    """A distribution thirty times as stiff out of the plane as along y, in which a degree of 219 is asked for."""
    flat = ellipse(15, ratio=30.0)
    current = 0.6 * abs(flat.critical_current(1))
    assert sphere_fokker_planck(flat, -current).slowest()[0] == pytest.approx(
        sphere_fokker_planck(flat, -current, degree=180).slowest()[0], rel=1e-6
    )


@rows(
    ("made", "said"),
    [
        (lambda: axial_fokker_planck(ellipse(5)), "use sphere_fokker_planck"),
        (lambda: axial_fokker_planck(disc(5, temperature=0.0)), "at 0 K"),
        (lambda: axial_fokker_planck(disc(5), cells=31), "cells = 31 must be even"),
        (lambda: sphere_fokker_planck(disc(5, asymmetry=2.0)), "follow an ensemble"),
        (lambda: sphere_fokker_planck(ellipse(60, ratio=40.0)), "above 300; follow an ensemble"),
        (lambda: sphere_fokker_planck(disc(40)).slowest(), "lost in the round-off"),
        (lambda: sphere_fokker_planck(disc(40)).equilibrium(), "use axial_fokker_planck where"),
        (lambda: linear_write_error(disc(5), 1e9, 1e-9), "of the critical one"),
        (lambda: linear_write_error(ellipse(5), 1e12, 1e-9), "Lambda = 1 and no field"),
        (lambda: axial_fokker_planck(disc(5)).evolve([1.0], [2.0, 1.0]), "times must be"),
    ],
)
def test_what_has_no_such_equation_is_refused(made, said):
    with pytest.raises(ValueError, match=said):
        made()
