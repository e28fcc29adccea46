"""Perpendicular magnets under a spin-orbit clock, as macrospins: wires, gates, heat, and one micromagnetic check."""

import itertools

import numpy as np
import pytest
from scipy.linalg import solve_continuous_lyapunov
from scipy.special import ndtr

from analysis import logic_values
from geometries import InPlaneCurrent, MagnetArray, Material, Part
from geometries.magnet_logic import (
    SPIN_ORBIT,
    and_gate,
    majority_gate,
    nand_gate,
    netlist_values,
    wire,
    with_followers,
    with_hard_inputs,
    with_heavy_metal,
)
from geometries.magnet_logic.builders import inverter
from runs import CurrentPulses, Protocol, RunSpec, simulate, spin_orbit_pulses
from solitons.magnet_logic import CoupledMacrospins, follow_protocol, follow_ramps
from solitons.magnet_logic.clocked import protocol_ramps

FILM = Material(name="Co/Ni", Ms=8e5, A=1.2e-11, Ku=3.2e5, alpha=0.1, spin_hall_angle=0.3, field_like_ratio=0.0)
TIMES = {"ramp": 1e-9, "hold": 3e-9, "settle": 6e-9}
BITS = (1, -1)


def hard(array):
    return with_hard_inputs(array, 4.5e5)


def final(array, **changes):
    run = follow_protocol(array, FILM, spin_orbit_pulses(array, FILM, **TIMES | changes))
    return run.isel(member=0)


def test_a_current_becomes_the_mean_torque_on_each_magnet():
    half = with_heavy_metal(wire(3, zone_length=1, grid=SPIN_ORBIT), zones=True, field_like_ratio=0.5)
    clock = spin_orbit_pulses(hard(half), FILM, 2e12, **TIMES)
    durations, fields, spins = protocol_ramps(half, clock, FILM)
    np.testing.assert_allclose(durations.sum(), clock.duration)
    h_dl = 2e12 * 1.054571817e-34 * 0.3 / (2 * 1.602176634e-19 * 4e-7 * np.pi * 8e5 * 4e-9)
    np.testing.assert_allclose(spins[:, 0], 0)  # no metal under the input
    np.testing.assert_allclose(spins[1, 1:], np.tile([-h_dl, 0, 0], (2, 1)), rtol=1e-9, atol=1e-6)
    np.testing.assert_allclose(fields[1, 1:], np.tile([-h_dl / 2, 0, 0], (2, 1)), rtol=1e-9, atol=1e-6)
    with pytest.raises(ValueError, match="drives the heavy metal 'metal_0', whose torque is the material's; give it"):
        protocol_ramps(half, clock)


def test_parts_of_another_spin_hall_angle_are_refused_unless_the_metal_has_its_own():
    """Micromagnetics takes the angle of each cell's material; the macrospins have one."""
    film = FILM.model_copy(update={"name": "other film", "spin_hall_angle": 0.0})
    chain = inverter(grid=SPIN_ORBIT)
    part = Part(name="other", x=(60e-9, 140e-9), material=film)
    pulse = Protocol(
        steps=(CurrentPulses(amplitude=1e12, width=1e-9, period=1e-9, rise=1e-10),), sampling_interval=1e-10
    )
    given = MagnetArray.model_validate(chain.model_dump() | {"parts": (part,)})
    with pytest.raises(
        ValueError, match=r"part 'other' over the heavy metal 'metal' has another spin_hall_angle.*=\.\.\."
    ):
        protocol_ramps(with_heavy_metal(given), pulse, FILM)
    assert protocol_ramps(with_heavy_metal(given, spin_hall_angle=0.3), pulse, FILM).spin_fields.any()


def test_a_current_in_the_magnets_is_refused():
    array = MagnetArray.model_validate(inverter().model_dump() | {"terminals": [InPlaneCurrent(name="through")]})
    pulse = CurrentPulses(amplitude=1e12, width=1e-9, period=1e-9, rise=1e-10)
    with pytest.raises(ValueError, match="fields and heavy metals alone"):
        protocol_ramps(array, Protocol(steps=(pulse,), sampling_interval=1e-10), FILM)


def test_a_chain_with_its_spins_across_falls_right_and_one_with_them_along_does_not():
    for state, ramp in ((1, 1e-12), (-1, 2e-9)):
        across = hard(with_heavy_metal(wire(8, state, grid=SPIN_ORBIT)))
        run = final(across, ramp=ramp, hold=3e-9, settle=6e-9, sampling_interval=1e-10)
        assert run.value.isel(t=-1).values.tolist() == [state, -state] * 4
        along = hard(with_heavy_metal(wire(8, state, grid=SPIN_ORBIT), direction=(0, 1, 0)))
        wrong = final(along, ramp=ramp, hold=3e-9, settle=6e-9, sampling_interval=1e-10).value.isel(t=-1).values
        # The free end, held in the plane by one neighbour, falls before the input's bit is there.
        assert wrong[1] == -state
        assert wrong.tolist() != [state, -state] * 4


def test_while_the_current_flows_what_was_before_is_forgotten():
    array = hard(with_heavy_metal(wire(4, grid=SPIN_ORBIT)))
    run = final(array)
    held = run.projection.sel(t=2.9e-9, method="nearest").values
    assert np.abs(held[1:]).max() < 0.05
    assert held[0] > 0.95


@pytest.mark.parametrize(
    ("build", "count"), [(lambda *i: majority_gate(i, SPIN_ORBIT), 3), (lambda *i: nand_gate(i, SPIN_ORBIT), 2)]
)
def test_gates_over_a_metal_for_each_zone_are_right_in_every_row(build, count):
    for row in itertools.product(BITS, repeat=count):
        array = hard(with_heavy_metal(build(*row), zones=True))
        run = final(array)
        assert dict(zip(run.magnet.values, run.value.isel(t=-1).values.tolist(), strict=True)) == netlist_values(array)


def test_over_one_metal_with_its_spins_across_a_gate_fails_where_the_inputs_above_and_below_agree_against_the_third():
    """Centre and output fall together: a and c, diagonal to the output, outweigh a centre that is half decided."""
    wrong = []
    for row in itertools.product((1,), BITS, BITS):  # the others are these upside down
        array = hard(with_heavy_metal(majority_gate(row, SPIN_ORBIT)))
        if final(array).value.isel(t=-1).values.tolist() != list(netlist_values(array).values()):
            wrong.append(row)
    assert wrong == [(1, -1, 1)]


def test_a_magnet_released_at_once_is_wrong_as_often_as_its_noise_in_the_plane_says():
    """dm_z/dt = alpha gamma (H_K m_z + h) + noise: wrong where the noise, with what the clock left, exceeds h / H_K."""
    h_k, pull, torque, alpha = 6e4, 5e3, 4e4, 0.1
    moment = 2 * 50 * 1.380649e-23 * 300 / h_k
    one = CoupledMacrospins(moment=[moment], response=[[np.diag([0, 0, -h_k])]], damping=alpha, temperature=300.0)
    members = 4000
    on = np.array([1.0, 1.0, 0.0, 0.0])[:, None] * torque * np.array([0.0, 1.0, 0.0])
    fields = np.tile([0.0, 0.0, pull], (4, 1))
    run = follow_ramps(
        one, np.tile([[[0.0, 1.0, 0.0]]], (members, 1, 1)), [1e-9, 1e-12, 3e-9], fields, spin_fields=on, seed=3
    )
    assert np.isnan(run.damping_heat.values[:, :2]).all()
    assert np.isfinite(run.damping_heat.values[:, 2]).all()
    wrong = float((run.m.values[:, -1, 0, 2] < 0).mean())
    # Small oscillations (u along x, w along z) about sigma, and their variance under the current.
    rate = one.gyromagnetic_ratio / (1 + alpha**2)
    drift = rate * np.array([[-torque, -h_k - alpha * torque], [alpha * torque, alpha * h_k - torque]])
    noise = 2 * float(one.diffusion)
    before = solve_continuous_lyapunov(drift, -noise * np.eye(2))[1, 1]
    after = noise / (2 * rate * alpha * h_k)
    expected = float(ndtr(-(pull / h_k) / np.sqrt(before + after)))
    assert expected == pytest.approx(float(ndtr(-pull * np.sqrt(moment / (1.380649e-23 * 300 * h_k)))), abs=0.03)
    assert abs(wrong - expected) < 3 * np.sqrt(expected * (1 - expected) / members)


@pytest.mark.slow
def test_with_heat_a_longer_chain_is_wrong_more_often():
    rates = []
    for count in (2, 6):
        array = hard(with_heavy_metal(wire(count, grid=SPIN_ORBIT)))
        clock = spin_orbit_pulses(array, FILM, ramp=1e-12, hold=1e-9, settle=4e-9, relax=False, temperature=300.0,
                                  sampling_interval=1e-12)  # fmt: skip
        run = follow_protocol(array, FILM, clock, members=200, longest_ramp=1e-8)
        rates.append(float((run.value.isel(t=-1, magnet=-1) != (-1) ** (count - 1)).mean()))
    assert 0.1 < rates[0] < 0.35 < rates[1]


def test_a_magnet_behind_the_output_takes_its_errors_away():
    """Cleared beside the output it holds it along the spins, which lie along the chain over metals under columns."""
    rates = []
    for array in (inverter(grid=SPIN_ORBIT), with_followers(inverter(grid=SPIN_ORBIT))):
        clocked = hard(with_heavy_metal(array, zones=True))
        clock = spin_orbit_pulses(clocked, FILM, ramp=1e-9, hold=3e-9, settle=5e-9, relax=False, temperature=300.0)
        run = follow_protocol(clocked, FILM, clock, members=100, longest_ramp=1e-8)
        rates.append(float((run.value.isel(t=-1).sel(magnet="out") != -1).mean()))
    assert rates[0] > 0.1
    assert rates[1] < 0.03
    with pytest.raises(ValueError, match="no output has just one neighbour"):
        with_followers(majority_gate((1, 1, 1), SPIN_ORBIT).model_copy(update={"reach": 1e-7}))


@pytest.mark.parametrize("ramp", [1e-12, 2e-9])
def test_longer_magnets_with_their_spins_along_themselves_are_right_more_often(ramp):
    """Round ones are wrong in 16 to 18 % of the cases beside one neighbour."""
    grid = SPIN_ORBIT.model_copy(update={"length": 56e-9, "width": 44e-9})
    film = FILM.model_copy(update={"Ku": 3.3e5})
    array = hard(with_heavy_metal(inverter(grid=grid)))
    clock = spin_orbit_pulses(array, film, ramp=ramp, hold=3e-9, settle=6e-9, relax=False, temperature=300.0,
                              sampling_interval=1e-12)  # fmt: skip
    run = follow_protocol(array, film, clock, members=200, longest_ramp=1e-8)
    assert float((run.value.isel(t=-1).sel(magnet="out") != -1).mean()) < 0.05


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:the cell is 8 nm")
def test_micromagnetics_goes_the_way_of_macrospins_under_the_clock():
    """Nothing is fitted. Cells of 8 nm, so that it takes seconds; with 4 nm a gate and a chain of four agree too."""
    grid = SPIN_ORBIT.model_copy(update={"cell": (8e-9, 8e-9, 4e-9), "gap_beside": 16e-9, "gap_above": 16e-9})
    film = FILM.model_copy(update={"Ku": 3.1e5})
    array = hard(with_heavy_metal(and_gate((1, -1), grid), zones=True))
    clock = spin_orbit_pulses(array, film, ramp=1e-9, hold=2.5e-9, settle=4.5e-9, relax=False, sampling_interval=5e-10)
    seen = logic_values(simulate(RunSpec(device=array, material=film, protocol=clock, engine="native")), array)
    model = follow_protocol(array, film, clock).isel(member=0).sel(t=seen.t, method="nearest")
    assert seen.value.isel(t=-1).values.tolist() == list(netlist_values(array).values())
    assert seen.value.isel(t=-1).sel(magnet="out") == -1
    assert not seen.value.sel(t=2.5e-9, method="nearest").sel(magnet=["centre", "out"]).any()
    difference = seen.projection.values - model.projection.values
    assert np.sqrt(np.mean(difference**2)) < 0.1
