import numpy as np
import pytest
from rows import rows

from analysis import artificial, tunnel_junction

AREA = 100e-9 * 64e-9
WINDOW = (100e-9, 200e-9)
JUNCTION = {"resistance_area": 5e-12, "tmr": 1.5}


def uniform(left):
    return artificial.domain_walls(-100e-9, left=-left)


def test_uniform_states_are_the_extremes():
    parallel = tunnel_junction(uniform(1), WINDOW, **JUNCTION)
    antiparallel = tunnel_junction(uniform(-1), WINDOW, **JUNCTION)
    np.testing.assert_allclose(parallel.conductance, AREA / 5e-12, rtol=1e-12)
    np.testing.assert_allclose(parallel.tmr, 0.0, atol=1e-12)
    np.testing.assert_allclose(antiparallel.conductance, AREA / 5e-12 / 2.5, rtol=1e-12)
    np.testing.assert_allclose(antiparallel.resistance, 2.5 * 5e-12 / AREA, rtol=1e-12)
    np.testing.assert_allclose(antiparallel.tmr, 1.5, rtol=1e-12)
    np.testing.assert_allclose(parallel.attrs["parallel_conductance"], AREA / 5e-12, rtol=1e-12)
    np.testing.assert_allclose(parallel.attrs["antiparallel_conductance"], AREA / 5e-12 / 2.5, rtol=1e-12)
    np.testing.assert_allclose(parallel.attrs["area"], AREA, rtol=1e-12)


@pytest.mark.parametrize("tilt", [0.0, 0.3])
def test_conductance_not_resistance_is_linear_in_position(tilt):
    positions = np.linspace(200e-9, 300e-9, 26)
    run = artificial.domain_walls(positions, wall_width=12e-9, tilt=tilt)
    junction = tunnel_junction(run, (0.0, 512e-9), **JUNCTION)
    conductance = junction.conductance.values
    expected = 64e-9 / 5e-12 * (positions + (512e-9 - positions) / 2.5)
    np.testing.assert_allclose(conductance, expected, rtol=1e-13)
    resistance = junction.resistance.values
    line = np.polynomial.Polynomial.fit(positions, resistance, 1)(positions)
    assert np.abs(resistance - line).max() > 1e-3 * np.ptp(resistance)


def test_polariser_direction_counts_not_its_length():
    run = artificial.domain_walls(-100e-9, component="x", left=-1)
    along = tunnel_junction(run, WINDOW, polariser=(3, 0, 0), **JUNCTION)
    across = tunnel_junction(run, WINDOW, polariser=(0, 2, 0), **JUNCTION)
    np.testing.assert_allclose(along.conductance, AREA / 5e-12, rtol=1e-12)
    np.testing.assert_allclose(across.conductance, AREA / 5e-12 * (1 + 1 / 2.5) / 2, rtol=1e-9)


def test_mask_and_interval_agree_and_void_cells_do_not_conduct():
    mask = np.ones((128, 16), dtype=bool)
    mask[30:40, :4] = False
    run = artificial.domain_walls([150e-9, 160e-9], mask=mask)
    window = np.zeros((128, 16), dtype=bool)
    window[25:50] = True
    by_mask = tunnel_junction(run, window, **JUNCTION)
    by_interval = tunnel_junction(run, WINDOW, **JUNCTION)
    assert by_mask.identical(by_interval)
    np.testing.assert_allclose(by_mask.attrs["area"], (25 * 16 - 40) * 16e-18)


def test_conductance_and_resistance_area_agree_and_lazy_runs_too():
    run = artificial.domain_walls([150e-9, 160e-9, 170e-9])
    by_resistance = tunnel_junction(run, WINDOW, resistance_area=4e-12, tmr=1.0)
    by_conductance = tunnel_junction(run.chunk({"t": 2}), WINDOW, parallel_conductance_area=2.5e11, tmr=1.0)
    np.testing.assert_allclose(by_resistance.conductance, by_conductance.conductance, rtol=1e-14)


def test_one_row_of_cells_has_its_width():
    run = artificial.domain_walls(-100e-9, left=-1, magnet_width=40e-9, cell=(4e-9, 40e-9, 1e-9))
    junction = tunnel_junction(run, WINDOW, **JUNCTION)
    np.testing.assert_allclose(junction.attrs["area"], 100e-9 * 40e-9)


def test_layer_next_to_the_barrier():
    run = artificial.domain_walls(-100e-9, left=-1, thickness=2e-9)
    run["m"][:, :, :, 0] *= -1
    top = tunnel_junction(run, WINDOW, **JUNCTION)
    bottom = tunnel_junction(run, WINDOW, layer=0, **JUNCTION)
    np.testing.assert_allclose(top.tmr, 0.0, atol=1e-12)
    np.testing.assert_allclose(bottom.tmr, 1.5, rtol=1e-12)


@rows(
    ("window", "arguments", "match"),
    [
        (WINDOW, {"tmr": 1.0}, "give just one of them"),
        (WINDOW, {"tmr": 1.0, "resistance_area": 1.0, "parallel_conductance_area": 1.0}, "just one"),
        (WINDOW, {"tmr": -0.5, "resistance_area": 1.0}, "tmr is -0.5"),
        (WINDOW, {"tmr": 1.0, "resistance_area": 0.0}, "resistance_area is 0.0; it must be positive"),
        (WINDOW, {**JUNCTION, "polariser": (0, 0, 0)}, "polariser is"),
        (WINDOW, {**JUNCTION, "layer": 1}, "layer is 1, but the run has 1 cells along z"),
        ((600e-9, 700e-9), JUNCTION, "window covers no magnet"),
        ((200e-9, 100e-9), JUNCTION, "window is .*rising"),
        (np.ones((3, 3), dtype=bool), JUNCTION, r"window is a mask of shape \(3, 3\)"),
    ],
)
def test_bad_input_is_named(window, arguments, match):
    with pytest.raises(ValueError, match=match):
        tunnel_junction(uniform(1), window, **arguments)
