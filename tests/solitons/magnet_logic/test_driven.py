"""Coupled thermal macrospins in ramps of field: work, heat and equilibrium against what statistical mechanics says."""

import math

import numpy as np
import pytest
from rows import rows

from geometries import demagnetising_factors
from solitons.magnet_logic import CoupledMacrospins, biaxial_magnet, follow_ramps
from solitons.magnet_logic.free_energies import free_energy

SIZE = (30e-9, 20e-9, 5e-9)


def ellipse(size=SIZE, damping=0.1, temperature=300.0):
    volume = math.pi / 4 * math.prod(size)
    factors = demagnetising_factors(*size)
    return biaxial_magnet(volume, 8e5, factors, damping=damping, temperature=temperature)


def pair(coupling, temperature=300.0):
    one = ellipse(temperature=temperature)
    between = coupling * np.diag([-1.0, 2.0, -1.0])
    own = one.response[
        0, 0
    ]  # beside each other across x: antiparallel along x has less energy where coupling is below 0
    return CoupledMacrospins(
        moment=np.repeat(one.moment, 2),
        response=[[own, between], [between, own]],
        damping=one.damping,
        temperature=temperature,
    )


def along_x(members, magnets=1):
    return np.tile([[1.0, 0.0, 0.0]], (members, magnets, 1))


def test_without_heat_the_damping_term_is_the_work_less_the_energy():
    bit = ellipse(temperature=0.0)
    h_k = bit.anisotropy_field()
    start = [[[1.0, 0.1, 0.0]], [[-1.0, 0.1, 0.0]]]
    fields = [[0, 0, 0], [0.5 * h_k, 0.3 * h_k, 0], [0.5 * h_k, 1.2 * h_k, 0.2 * h_k]]
    run = follow_ramps(bit, start, [3e-10, 2e-10], fields, seed=1, time_step=5e-14)
    spent = (run.work - run.energy_change).values
    assert (spent > 0).all()
    np.testing.assert_allclose(run.damping_heat, spent, rtol=2e-4)


def test_two_coupled_magnets_without_heat_obey_the_first_law_and_end_antiparallel():
    two = pair(-1e4, temperature=0.0)
    clock = 3 * two.anisotropy_field()
    bias = np.zeros((4, 2, 3))
    bias[:, 0, 0] = 5e4
    bias[1, :, 1] = clock
    run = follow_ramps(two, [[[1.0, 0.02, 0.0]] * 2], [5e-10, 2e-9, 2e-9], bias, seed=1, time_step=1e-13)
    assert run.m.values[0, -1, 0, 0] > 0.9
    assert run.m.values[0, -1, 1, 0] < -0.9
    np.testing.assert_allclose(run.damping_heat.sum(), (run.work - run.energy_change).sum(), rtol=1e-3)


def test_jarzynskis_equality_holds_however_fast_the_ramps():
    # <exp(-W / kT)> is exp(-dF / kT) from any equilibrium (C. Jarzynski, PRL 78, 2690 (1997)).
    bit = ellipse()
    kt, h_k = bit.thermal_energy, bit.anisotropy_field()
    start = along_x(4000) * np.where(np.arange(4000) % 2, 1, -1)[:, None, None]
    corners = np.array([[0, 0, 0], [0, 0, 0], [0, 1.5 * h_k, 0], [0.1 * h_k, 1.5 * h_k, 0]])
    run = follow_ramps(bit, start, [1e-9, 1e-9, 1e-10], corners, seed=3)
    expected = free_energy(bit, corners[3]) - free_energy(bit, corners[0])
    factors = np.exp(-(run.work.sum("ramp").values - expected) / kt)
    error = factors.std() / math.sqrt(len(factors))
    assert error < 0.05
    assert abs(factors.mean() - 1) < 3.3 * error
    # Something was dissipated: the equality is no triviality here.
    assert run.work.sum("ramp").mean() - expected > 0.1 * kt


def test_heat_from_the_damping_term_has_the_mean_of_the_work_less_the_energy():
    bit = ellipse(damping=0.2)
    h_k, kt = bit.anisotropy_field(), bit.thermal_energy
    fields = [[0, 0, 0], [-0.6 * h_k, 0.9 * h_k, 0], [0, 0, 0]]
    run = follow_ramps(bit, along_x(4000), [1e-10, 1e-10], fields, seed=4)
    spent, damped = ((each.sum("ramp") / kt).values for each in (run.work - run.energy_change, run.damping_heat))
    off = damped - spent
    error = off.std() / math.sqrt(len(off))
    assert abs(off.mean()) < 3.3 * error
    assert spent.mean() > 10 * error  # with what heat gives back left out the two differ by far more


def test_in_equilibrium_energy_and_direction_are_boltzmanns():
    bit = ellipse()
    field = np.array([1e4, 0.4 * bit.anisotropy_field(), 2e4])
    run = follow_ramps(bit, along_x(400), [2e-9, *[2e-10] * 40], np.tile(field, (42, 1)), seed=5)
    m = run.m.values[:, 1:, 0]
    mean, spread = m.mean(axis=1), m.mean(axis=1).std(axis=0) / math.sqrt(len(m))
    # The mean of m is the slope of the free energy of this state over the field.
    steps = 10.0 * np.eye(3)
    slope = [free_energy(bit, field + step, state=1) - free_energy(bit, field - step, state=1) for step in steps]
    assert np.all(np.abs(mean.mean(axis=0) + np.array(slope) / (20.0 * bit.moment[0])) < 4 * spread)


def test_a_stiff_pair_has_half_k_t_for_each_of_its_four_directions():
    two = pair(1.5e4)
    stiff = CoupledMacrospins(moment=5 * two.moment, response=two.response, damping=0.1, temperature=300.0)
    run = follow_ramps(stiff, along_x(300, 2), [2e-9, *[2e-10] * 30], np.zeros((32, 3)), seed=6)
    energy = (stiff.energy(run.m.values[:, 1:]) - stiff.energy(along_x(1, 2))).mean(axis=1) / stiff.thermal_energy
    assert energy.mean() == pytest.approx(2.0, abs=0.03)


def test_numbers_depend_on_the_seed_and_the_member_alone():
    bit = ellipse()
    arguments = ([1e-10], [[0, 0, 0], [0, 3e4, 0]])
    many = follow_ramps(bit, along_x(9), *arguments, seed=2, threads=3)
    few = follow_ramps(bit, along_x(4), *arguments, seed=2, threads=1)
    other = follow_ramps(bit, along_x(4), *arguments, seed=3, threads=1)
    np.testing.assert_array_equal(many.m[:4], few.m)
    assert not np.any(many.m[:4].values == other.m.values)


@rows(
    ("changes", "words"),
    [
        ({"start": np.ones((4, 2, 3))}, r"start has the shape \(4, 2, 3\)"),
        ({"start": np.zeros((4, 1, 3))}, "a moment that is 0"),
        ({"durations": [0.0]}, "times above 0"),
        ({"fields": np.zeros((3, 3))}, r"fields has the shape \(3, 3\)"),
        ({"fields": np.full((2, 3), np.nan)}, "finite numbers"),
        ({"seed": -1}, "seed = -1"),
        ({"time_step": 0.0}, "time_step = 0"),
    ],
)
def test_what_does_not_fit_is_refused(changes, words):
    arguments = {"start": along_x(4), "durations": [1e-12], "fields": np.zeros((2, 3)), "seed": 1} | changes
    with pytest.raises(ValueError, match=words):
        follow_ramps(ellipse(), **arguments)


def test_a_response_that_follows_from_no_energy_is_refused():
    own, one = np.diag([0.0, 1e4, 1e5]), np.diag([1e3, 0.0, 0.0])
    with pytest.raises(ValueError, match="follows from no energy"):
        CoupledMacrospins(moment=[1e-24, 1e-24], response=[[own, one], [-one, own]], damping=0.1, temperature=0.0)
