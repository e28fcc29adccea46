"""Factors on anisotropy and couplings: found again where they are known, and from micromagnetics where they are not."""

import itertools

import numpy as np
import pytest

from geometries import MagnetArray, Material
from geometries.magnet_logic import PERPENDICULAR, REFERENCE, half_adder, majority_gate, wire
from geometries.magnet_logic.builders import MagnetGrid
from geometries.magnet_logic.magnets import Magnet
from runs import FieldSteps, RampTo, Rotation, RunSpec, simulate
from solitons.magnet_logic import array_macrospins, fit_response
from solitons.magnet_logic.gate_cycles import CLOCK_FIRST, INPUTS_FIRST
from solitons.magnet_logic.response_fit import ResponseFactors
from solitons.magnet_logic.rest_states import RestStates, path_error, path_of, rest_path, rest_states

PERMALLOY = Material(name="permalloy", Ms=8e5, A=1.3e-11, alpha=0.1)
SMALL = MagnetGrid(
    length=40e-9, width=30e-9, thickness=15e-9, gap_beside=15e-9, gap_above=20e-9, cell=(5e-9, 5e-9, 15e-9), field=2.4e5
)
TRUTH = ResponseFactors(anisotropy=0.93, beside=0.85, end_to_end=0.8)


def drives(clock):
    turning = [Rotation(amplitude=share * clock, angle=0.1, turn="360 deg", field_steps=24) for share in (0.8, 1.1)]
    return [falling(clock), *(FieldSteps(steps=[turn]) for turn in turning)]


def falling(clock, field_steps=8):
    return FieldSteps(steps=[RampTo(to=clock, field_steps=2), RampTo(to=0, field_steps=field_steps)])


def made(array, protocol, factors, noise=0.0, seed=0, material=PERMALLOY):
    """States at rest of macrospins with known factors, as if they had been simulated."""
    fields = protocol.applied_field
    begin = [[0.01, magnet.state, 0] for magnet in array.magnets]
    m = rest_path(factors.macrospins(array, material), begin, fields[:, None, :] + array.held_fields())
    m = m + noise * np.random.default_rng(seed).normal(size=m.shape)
    return RestStates(array, m, fields, "made")


def test_of_two_magnets_in_a_t_the_coupling_is_half_beside_and_half_end_to_end():
    # From one to the other is along the axis of the one and across that of the other.
    placed = {"length": 40e-9, "width": 30e-9}
    lying = Magnet(name="a", x=0.0, y=0.0, angle=0.0, **placed)
    upright = Magnet(name="b", x=60e-9, y=0.0, **placed)
    array = MagnetArray(magnets=[lying, upright], thickness=15e-9, cell=(5e-9, 5e-9, 15e-9))
    plain = array_macrospins(array, PERMALLOY).response
    changed = ResponseFactors(beside=0.8, end_to_end=0.6).macrospins(array, PERMALLOY).response
    np.testing.assert_allclose(changed[0, 1], 0.7 * plain[0, 1])
    np.testing.assert_allclose(changed[1, 0], 0.7 * plain[1, 0])
    in_row = MagnetArray(magnets=[lying, upright.model_copy(update={"angle": 0.0})], thickness=15e-9, cell=array.cell)
    changed = ResponseFactors(beside=0.8, end_to_end=0.6).macrospins(in_row, PERMALLOY).response
    np.testing.assert_allclose(changed[0, 1], 0.6 * array_macrospins(in_row, PERMALLOY).response[0, 1])


def pairs(grid, factors, noise=0.0, seed=0):
    return [
        made(wire(2, along=along, grid=grid), protocol, factors, noise, 10 * seed + place)
        for place, (along, protocol) in enumerate(itertools.product("xy", drives(8.8e4)))
    ]


@pytest.fixture(scope="module")
def exact():
    return pairs(SMALL, TRUTH)


def noisy(runs, noise, seed):
    generator = np.random.default_rng(seed)
    return [
        RestStates(each.array, each.moments + noise * generator.normal(size=each.moments.shape), each.fields, each.name)
        for each in runs
    ]


def test_known_factors_are_found_again(exact):
    fit = fit_response(exact, PERMALLOY)
    for name in ("anisotropy", "beside", "end_to_end"):
        assert float(getattr(fit.factors, name)) == pytest.approx(float(getattr(TRUTH, name)), rel=1e-3)
    assert fit.residual < 1e-4 < fit.unfitted_residual < fit.uncoupled_residual
    assert fit.shortest == pytest.approx(1.0)


def test_couplings_that_are_not_there_do_not_predict_runs_that_were_left_out(exact):
    coupled, alone = fit_response(noisy(exact, 0.005, 1), PERMALLOY).left_out_residuals
    assert coupled < alone / 5
    lone = ResponseFactors(anisotropy=0.93, beside=1e-6, end_to_end=1e-6)
    # Nothing says which way a magnet goes whose clock falls and that feels no other: it is not at rest for long.
    with pytest.warns(UserWarning, match=r"in field \d of 11 macrospin 1 is not at rest"):
        without = pairs(SMALL, lone)
    for seed in range(10):
        fit = fit_response(noisy(without, 0.005, seed), PERMALLOY)
        # In the runs that were fitted more factors always leave less, which shows nothing.
        assert fit.residual < fit.uncoupled_residual
        coupled, alone = fit.left_out_residuals
        assert coupled > 0.95 * alone


def test_two_runs_do_not_predict_each_other(exact):
    assert fit_response([exact[0], exact[3]], PERMALLOY).left_out_residuals is None


def test_fixed_magnets_are_held_as_inputs_are():
    array = half_adder((1, 1), SMALL)
    seen = RestStates(array, np.zeros((1, len(array.magnets), 3)), np.zeros((1, 3)))
    fixed = [i for i, magnet in enumerate(array.magnets) if magnet.role == "fixed"]
    assert len(fixed) == 3
    assert not seen.free[fixed].any()
    clock = CLOCK_FIRST.fields(array, array, (1e5, 0, 0))
    inputs_first = INPUTS_FIRST.fields(array, array, (1e5, 0, 0))
    np.testing.assert_array_equal(clock[1, fixed, 0], 1e5)
    # Their clock is that of the inputs: up in the second corner, where the gate's own is not.
    np.testing.assert_array_equal(inputs_first[1, fixed, 0], 1e5)
    assert not inputs_first[1, seen.free, 0].any()


@pytest.mark.slow
def test_intervals_hold_the_truth_about_as_often_as_they_say(exact):
    held = np.zeros(3)
    for seed in range(30):
        fit = fit_response(noisy(exact, 0.005, seed), PERMALLOY)
        for k, (name, (low, high)) in enumerate(fit.intervals.items()):
            held[k] += low < float(getattr(TRUTH, name)) < high
    # 28.5 of 30 are expected; 24 or fewer come by chance once in three hundred.
    assert (held > 24).all()


def test_factors_fitted_to_pairs_predict_a_gate_and_a_wire(exact):
    fit = fit_response(noisy(exact, 0.002, 1), PERMALLOY)
    wide = SMALL.model_copy(update={"gap_beside": 25e-9, "gap_above": 30e-9})
    for array in (majority_gate((1, -1, -1), SMALL), wire(3, grid=wide)):
        truth = made(array, falling(8.8e4), TRUTH)
        fitted = path_error(fit.factors.macrospins(array, PERMALLOY), truth)
        assert fitted < 0.02
        assert fitted < path_error(array_macrospins(array, PERMALLOY), truth) / 2
        assert path_error(fit.uncoupled.macrospins(array, PERMALLOY), truth) > 0.3


def test_one_pair_alone_does_not_tell_both_couplings(exact):
    with pytest.raises(ValueError, match="do not tell anisotropy and couplings apart"):
        fit_response(exact[:3], PERMALLOY)
    with pytest.raises(ValueError, match="no runs"):
        fit_response([], PERMALLOY)
    up = np.tile([0.0, 0.0, 1.0], (2, 2, 1))
    with pytest.raises(ValueError, match="bits of the array of run 'upright' are along the film's normal"):
        fit_response([RestStates(wire(2, grid=PERPENDICULAR), up, np.zeros((2, 3)), "upright")], PERMALLOY)


def test_a_factor_that_is_no_factor_is_refused():
    with pytest.raises(ValueError, match=r"beside = -1\.0 must be one number above 0"):
        ResponseFactors(beside=-1.0)


def test_magnets_come_to_rest_where_no_torque_acts():
    array = majority_gate((1, -1, 1), SMALL)
    macrospins = array_macrospins(array, PERMALLOY)
    fields = falling(8.8e4).applied_field[:, None, :] + array.held_fields()
    m = rest_path(macrospins, np.tile([1.0, 0.0, 0.0], (5, 1)), fields[2:])
    pull = fields[2:] - np.einsum("ijab,sjb->sia", macrospins.response, m)
    assert np.abs(np.cross(m, pull)).max() < 1e-3 * macrospins.anisotropy_field()


def simulated(array, protocol, material=PERMALLOY, engine="native"):
    spec = RunSpec(device=array, material=material, protocol=protocol, engine=engine)
    return rest_states(simulate(spec), array, str(array.kind))


@pytest.mark.slow
def test_micromagnetic_pairs_predict_a_micromagnetic_gate_and_a_wire_of_other_gaps():
    grid, material, clock = SMALL, PERMALLOY, 8.8e4
    runs = [
        simulated(wire(2, along=along, grid=grid), protocol, material)
        for along, protocol in itertools.product("xy", drives(clock))
    ]
    fit = fit_response(runs, material)
    assert fit.shortest > 0.98
    assert fit.residual < fit.uncoupled_residual / 10
    # Small magnets are nearly uniform: the unfitted tensors are right to some per cent.
    for name, (low, high) in fit.intervals.items():
        assert low < 1.03, name
        assert high > 0.97, name
    wide = grid.model_copy(update={"gap_beside": 1.5 * grid.gap_beside})
    for array in (majority_gate((1, -1, 1), grid), majority_gate((-1, 1, 1), grid), wire(3, grid=wide)):
        seen = simulated(array, falling(clock), material)
        model = fit.factors.macrospins(array, material)
        assert path_error(model, seen) < 0.1
        np.testing.assert_array_equal(np.sign(path_of(model, seen)[-1, :, 1]), np.sign(seen.moments[-1, :, 1]))
        assert path_error(fit.uncoupled.macrospins(array, material), seen) > 0.3


@pytest.mark.slow
@pytest.mark.oommf
def test_oommf_gives_the_factors_that_native_gives():
    found = []
    for engine in ("native", "oommf"):
        runs = [simulated(wire(2, along=along, grid=REFERENCE), falling(1.2e5), engine=engine) for along in "xy"]
        found.append([float(value) for value in vars(fit_response(runs, PERMALLOY).factors).values()])
    np.testing.assert_allclose(*found, rtol=2e-3)
