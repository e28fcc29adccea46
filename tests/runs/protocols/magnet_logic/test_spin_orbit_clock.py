"""The spin-orbit clock: critical currents against closed forms and against macrospins, and what is refused."""

import math
import warnings

import numpy as np
import pytest
from rows import rows

from geometries import MagnetArray, Material, Part
from geometries.magnet_logic import SPIN_ORBIT, full_adder, majority_gate, wire, with_hard_inputs, with_heavy_metal
from geometries.magnet_logic.builders import inverter
from runs import CurrentPulses, Protocol, RunSpec, clearing_densities, spin_orbit_pulses
from runs.protocols.magnet_logic.clearing import clearing_field, lone_clearing_densities, stiffness_in_plane
from solitons.magnet_logic import CoupledMacrospins, array_macrospins, follow_ramps

FILM = Material(name="Co/Ni", Ms=8e5, A=1.2e-11, Ku=3.2e5, alpha=0.1, spin_hall_angle=0.3)
PERMALLOY = Material(name="permalloy", Ms=8e5, A=1.3e-11, alpha=0.1, spin_hall_angle=0.3)
H_K = 1e5
ROUND = np.diag([0.0, 0.0, -H_K])
HARD = 4.5e5
LONG = SPIN_ORBIT.model_copy(update={"length": 56e-9, "width": 44e-9})
TIMES = {"ramp": 1e-9, "hold": 3e-9, "settle": 5e-9}


def chain(count=3, **metal):
    return with_hard_inputs(with_heavy_metal(wire(count, grid=SPIN_ORBIT), **metal), HARD)


@rows("damping", [0.01, 0.1, 0.5])
def test_without_a_field_a_round_magnet_is_cleared_at_half_of_its_anisotropy_field(damping):
    for spins in ([1, 0, 0], [0, -1, 0], [math.sqrt(0.5), math.sqrt(0.5), 0]):
        assert clearing_field(ROUND, spins, damping=damping) == pytest.approx(H_K / 2, rel=1e-9)


@rows("bias", [-0.3, -0.05, 0.1, 1.0])
def test_a_field_along_the_state_moves_the_threshold_as_the_torque_balance_says(bias):
    angle = np.linspace(0, np.pi / 2, 100_001)
    largest = np.max(np.sin(angle) * (np.cos(angle) + bias))
    assert clearing_field(ROUND, [0, 1, 0], damping=0.1, bias=bias * H_K) == pytest.approx(largest * H_K, rel=1e-8)


def test_a_magnet_in_the_plane_needs_the_geometric_mean_of_both_stiffnesses():
    """Spins along its middle axis x: H_K = 0.8e5 towards x, and 4e5 from there out of the plane."""
    flat = np.diag([0.8e5, 0.0, 4.8e5])
    needed = clearing_field(flat, [1, 0, 0], damping=0.1)
    assert needed == pytest.approx(math.sqrt(0.8e5 * 4e5), rel=1e-6)
    with pytest.raises(ValueError, match="lie along the easy axis"):
        clearing_field(flat, [0, 1, 0], damping=0.1)
    array = with_heavy_metal(wire(2), direction=(0, 1, 0))
    alone = lone_clearing_densities(array, PERMALLOY, array.cell_labels(), array.terminal("metal"))
    np.testing.assert_allclose(alone, 3.1e13, rtol=0.02)


def ends_up(tensor, damping, ratio, bias, strength):
    """Whether a macrospin near +z still points up after a torque along y has come up slowly."""
    one = CoupledMacrospins(moment=[1e-23], response=[[tensor]], damping=damping, temperature=0.0)
    on = np.array([0.0, 1.0, 1.0])[:, None] * strength * np.array([0.0, 1.0, 0.0])
    fields = ratio * on + np.array([0.0, 0.0, bias])
    run = follow_ramps(one, [[[1e-3, 1e-3, 1.0]]], [3e-9 / damping, 9e-9 / damping], fields, spin_fields=on, seed=0)
    return bool(run.m.values[0, -1, 0, 2] > 0.3)


@pytest.mark.parametrize(
    ("damping", "ratio", "bias"),
    [(0.1, 0.0, 0.0), (0.02, 0.0, 0.0), (0.1, 0.0, 1e4), (0.1, 0.3, 0.0), (0.1, -0.5, 0.0), (0.1, -2.0, 0.0)],
)
def test_macrospins_lose_their_state_at_the_threshold(damping, ratio, bias):
    needed = clearing_field(ROUND, [0, 1, 0], damping=damping, field_like_ratio=ratio, bias=bias)
    assert ends_up(ROUND, damping, ratio, bias, 0.98 * needed)
    assert not ends_up(ROUND, damping, ratio, bias, 1.03 * needed)


def test_a_field_like_torque_of_the_other_sign_makes_the_threshold_go_as_the_root_of_the_damping():
    """Taniguchi, Mitani and Hayashi; for small damping H_DL^2 = alpha H_K^2 / |r|."""
    for damping in (1e-3, 4e-3):
        needed = clearing_field(ROUND, [0, 1, 0], damping=damping, field_like_ratio=-1.0)
        assert needed == pytest.approx(H_K * math.sqrt(damping), rel=0.02)


@pytest.mark.parametrize("preference", [0.1, -0.1])
def test_a_magnet_leans_to_its_neighbours_where_spins_lie_along_its_longer_axis(preference):
    flat = np.diag([preference * H_K, 0.0, -H_K])
    one = CoupledMacrospins(moment=[1e-23], response=[[flat]], damping=0.05, temperature=0.0)
    torque, pull = 0.7 * H_K, 0.05 * H_K
    on = np.array([1.0, 1.0])[:, None] * torque * np.array([0.0, 1.0, 0.0])
    run = follow_ramps(one, [[[0.0, 1.0, 0.0]]], [5e-9], np.tile([0.0, 0.0, pull], (2, 1)), spin_fields=on, seed=0)
    held = stiffness_in_plane(flat, [0, 1, 0])
    assert held == pytest.approx(preference * H_K)
    lean = held * pull / (torque**2 - held * H_K)
    assert run.m.values[0, -1, 0, 2] == pytest.approx(lean, rel=0.02)


def test_the_density_is_that_of_the_cells_and_of_the_neighbours():
    array = chain(3)
    tensors = array_macrospins(array, FILM).response
    h_k = tensors[1, 1, 0, 0] - tensors[1, 1, 2, 2]
    per_density = 1.054571817e-34 * 0.3 / (2 * 1.602176634e-19 * 4e-7 * np.pi * 8e5 * 4e-9)
    alone = lone_clearing_densities(array, FILM, array.cell_labels(), array.terminal("metal"))
    assert alone[1] == pytest.approx(h_k / 2 / per_density, rel=1e-6)
    found = clearing_densities(array, FILM)
    h = tensors[1, 0, 2, 2] + tensors[1, 2, 2, 2]
    cosine = (math.sqrt(h**2 + 8 * h_k**2) - h) / (4 * h_k)
    assert found["m1"] == pytest.approx(math.sqrt(1 - cosine**2) * (h_k * cosine + h) / per_density, rel=1e-6)
    assert found["in"] > 4 * found["m1"]


def test_currents_fall_zone_by_zone_whatever_the_ramp_is():
    array = with_hard_inputs(with_heavy_metal(wire(3, zone_length=1, grid=SPIN_ORBIT), zones=True), HARD)
    for ramp in (1e-12, 2e-9):
        clock = spin_orbit_pulses(array, FILM, ramp=ramp, hold=3e-9, settle=5e-9, relax=False)
        assert clock.duration == pytest.approx(13e-9, rel=1e-12)
        for zone, (_, wave) in enumerate(clock.channels(array)):
            lines = wave.straight_lines("test")
            at = np.array([0.0, ramp, 3e-9 + zone * 5e-9, 3e-9 + zone * 5e-9 + ramp])
            np.testing.assert_allclose(lines(at) / wave.peak, [0, 1, 1, 0], atol=1e-9)
        assert {terminal.name for terminal, _ in clock.channels(array)} == {"metal_0", "metal_1"}


@rows(
    ("make", "material", "changes", "words"),
    [
        (
            chain,
            FILM,
            {"density": 1.3e12},
            "does not clear magnet 'm1', which loses both of its states from 1.49e.12 A/m2",
        ),
        (chain, FILM, {"density": 7e12}, "clears the held magnet 'in' too, which keeps its state up to 6.35e.12"),
        (chain, FILM, {"density": 2e13}, "beyond which no metal line lasts"),
        (chain, FILM, {"density": math.nan}, "give a density above 0"),
        (chain, FILM, {"density": -1e12}, "give a density above 0"),
        (chain, FILM, {"ramp": 4e-9}, "a current rises within hold and falls within settle"),
        (chain, FILM, {"ramp": -1e-9}, "a current rises within hold"),
        (chain, FILM.model_copy(update={"spin_hall_angle": 0.0}), {}, "or the heavy metal a spin_hall_angle"),
        (lambda: with_heavy_metal(inverter(grid=SPIN_ORBIT)), FILM, {}, "clears the held magnet 'in' too"),
        (lambda: wire(3, grid=SPIN_ORBIT), FILM, {}, "the heavy metals none; give it those of geometries.magnet_logic"),
        (
            lambda: with_heavy_metal(wire(3), direction=(0, 1, 0)),
            PERMALLOY,
            {},
            "'m1' takes 3.5e.13 A/m2, .* take a thinner film, bits along the normal",
        ),
        (lambda: with_heavy_metal(wire(3)), PERMALLOY, {}, "lie along the easy axis"),
        (chain, PERMALLOY, {}, r"'m1' has its bits along \+z, and with Ku = 0 J/m3 .* do not hold m there"),
        (
            lambda: with_hard_inputs(with_heavy_metal(wire(3, grid=LONG), direction=(0, 1, 0)), HARD),
            FILM,
            {},
            "the shorter axis in the plane of magnet 'm1', which holds m there by -.*% of H_K: it leans against",
        ),
    ],
)
def test_a_clock_that_clocks_nothing_is_refused(make, material, changes, words):
    given = TIMES | changes
    with pytest.raises(ValueError, match=words):
        spin_orbit_pulses(make(), material, given.pop("density", None), **given)


def test_a_hand_made_clock_is_warned_of_if_it_is_too_weak():
    array = chain(2)

    def spec(density):
        pulses = CurrentPulses(amplitude=density, width=2e-9, period=2e-9, rise=5e-10)
        return RunSpec(device=array, material=FILM, protocol=Protocol(steps=(pulses,), sampling_interval=1e-10))

    with pytest.warns(UserWarning, match=r"1 TA/m\^2 in 'metal' does not clear the magnets: .* from 1\.2e\+12 A/m2 on"):
        spec(1e12)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        spec(1.3e12)


def test_a_current_whose_spins_lie_along_the_bits_is_warned_of_with_what_to_do():
    pulses = CurrentPulses(amplitude=1e12, width=2e-9, period=2e-9, rise=5e-10)
    clock = Protocol(steps=(pulses,), sampling_interval=1e-10)
    with pytest.warns(UserWarning, match=r"spins lie along the bits, .* send the current along another direction"):
        RunSpec(device=with_heavy_metal(wire(2)), material=PERMALLOY, protocol=clock)


OTHER_FILM = FILM.model_copy(update={"name": "other", "spin_hall_angle": 0.0})


@rows("change", [{"Ms": 6e5}, {"alpha": 0.5}, {"material": OTHER_FILM}])
def test_parts_that_no_single_moment_has_are_left_to_micromagnetics(change):
    soft = Part(name="soft", x=(40e-9, 80e-9), **change)
    array = MagnetArray.model_validate(with_heavy_metal(wire(2, grid=SPIN_ORBIT)).model_dump() | {"parts": (soft,)})
    pulses = CurrentPulses(amplitude=1e12, width=2e-9, period=2e-9, rise=5e-10)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        RunSpec(device=array, material=FILM, protocol=Protocol(steps=(pulses,), sampling_interval=1e-10))
    with pytest.raises(ValueError, match=r"part 'soft'.* has another .* is taken for all magnets"):
        clearing_densities(array, FILM)


def test_metals_under_columns_cannot_clock_zones_above_each_other():
    with pytest.raises(ValueError, match="with_heavy_metal: magnets 'not_sum' of zone 3 and 'sum' of zone 4"):
        with_heavy_metal(full_adder((1, 1, 1), SPIN_ORBIT), zones=True)
    gate = with_heavy_metal(majority_gate((1, 1, 1), SPIN_ORBIT), zones=True)
    with pytest.raises(ValueError, match="has 'metal_0' already"):
        with_heavy_metal(gate)
    with pytest.raises(ValueError, match="leave direction out, or zones"):
        with_heavy_metal(majority_gate((1, 1, 1), SPIN_ORBIT), zones=True, direction=(1, 1, 0))
