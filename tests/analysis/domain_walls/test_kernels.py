import numpy as np
import pytest
from rows import rows

from analysis import artificial
from analysis.domain_walls.kernels import locate, measure

CELL = 4e-9


def arrays(run):
    return run.m.values, run.x.values, run.y.values


def measured_position_error(run, axis=2):
    """In cells, of the first wall in every frame."""
    m, x, y = arrays(run)
    measured = measure(m, locate(m[..., axis]), x, y, axis)
    return (measured["position"] - run.true_position.values[:, 0]) / CELL


@rows("wall_width_in_cells", [0.2, 1 / np.pi, 0.5, 1.0, 3.0])
def test_point_sampled_walls_are_exact_however_narrow(wall_width_in_cells):
    positions = 200e-9 + np.linspace(0.0, CELL, 41)
    run = artificial.domain_walls(positions, wall_width=wall_width_in_cells * CELL)
    assert np.abs(measured_position_error(run)).max() < 1e-6
    m, x, y = arrays(run)
    measured = measure(m, locate(m[..., 2]), x, y)
    np.testing.assert_allclose(measured["width"], wall_width_in_cells * CELL, rtol=1e-6)


@rows("normalise", [False, True])
@rows("wall_width_in_cells", [1 / np.pi, 0.5, 1.0, 3.0])
def test_cell_averaged_walls_are_within_a_twentieth_of_a_cell(wall_width_in_cells, normalise):
    # pi Delta is a wall's whole width: 1/pi is a wall of a single cell.
    finer = 16
    positions = 40e-9 + np.linspace(0.0, CELL, 33)
    fine = artificial.domain_walls(
        positions,
        length=96e-9,
        magnet_width=8e-9,
        cell=(CELL / finer, CELL, 1e-9),
        wall_width=wall_width_in_cells * CELL,
    )
    m = fine.m.values.reshape(len(positions), 24, finer, 2, 1, 3).mean(axis=2)
    if normalise:
        m /= np.linalg.norm(m, axis=-1, keepdims=True)
    x = (np.arange(24) + 0.5) * CELL
    measured = measure(m, locate(m[..., 2]), x, fine.y.values)
    assert np.abs(measured["position"] - positions).max() / CELL < 0.05


@pytest.mark.parametrize(("dtype", "bound"), [(np.float32, 1e-5), (np.float16, 5e-3)])
def test_few_digits_are_enough(dtype, bound):
    run = artificial.domain_walls(200e-9 + np.linspace(0.0, CELL, 41), dtype=dtype)
    assert np.abs(measured_position_error(run)).max() < bound


@rows("angle", [-3.0, -np.pi / 2, 0.0, 0.7, np.pi])
@rows("component", ["z", "x"])
def test_angle_width_and_tilt(component, angle):
    run = artificial.domain_walls(201.3e-9, component=component, angle=angle, tilt=0.4, wall_width=6e-9, left=-1)
    m, x, y = arrays(run)
    axis = "xyz".index(component)
    located = locate(m[..., axis])
    measured = measure(m, located, x, y, axis)
    assert located["polarity"].tolist() == [1]
    np.testing.assert_allclose(np.exp(1j * measured["angle"]), np.exp(1j * angle), atol=1e-9)
    np.testing.assert_allclose(measured["tilt"], 0.4, atol=1e-9)
    np.testing.assert_allclose(measured["width"], 6e-9, rtol=1e-9)
    np.testing.assert_allclose(measured["position"], 201.3e-9, atol=1e-13)


def test_bloch_and_neel_walls_of_several_layers():
    run = artificial.domain_walls(150.7e-9, thickness=4e-9, angle=0.0)
    assert np.abs(measured_position_error(run)).max() < 1e-9


def test_notched_stripe():
    mask = np.ones((128, 16), dtype=bool)
    mask[45:55, :5] = False
    mask[48:52, :9] = False
    positions = np.linspace(170e-9, 230e-9, 61)
    run = artificial.domain_walls(positions, mask=mask)
    assert np.abs(measured_position_error(run)).max() < 1e-9


def test_no_wall_across_a_gap_in_the_magnet():
    mask = np.ones((128, 16), dtype=bool)
    mask[60:64] = False
    run = artificial.domain_walls(248e-9, mask=mask)
    assert locate(run.m.values[..., 2]).size == 0


def test_reversed_spot_is_not_a_pair():
    m = artificial.domain_walls(100e-9).m.values
    m[:, 60:70, :4, :, 2] *= -1
    assert locate(m[..., 2]).size == 1


def test_weak_ripple_is_not_a_wall():
    x = np.arange(64)
    component = (0.15 * np.sin(x)).reshape(1, 64, 1, 1)
    assert locate(component).size == 0


def test_leaving_wall_that_is_tilted_ends_at_the_end():
    # Its middle at 10 nm, its lower rows already out: they count as being at the end.
    run = artificial.domain_walls(10e-9, tilt=0.6)
    m, x, y = arrays(run)
    measured = measure(m, locate(m[..., 2]), x, y)
    expected = np.maximum(10e-9 + (y - y.mean()) * np.tan(0.6), 0.0).mean()
    np.testing.assert_allclose(measured["position"], expected, atol=0.3 * CELL)


@pytest.mark.parametrize("mirrored", [False, True])
def test_rows_that_a_wall_has_swept_count_at_the_face_of_the_stripe(mirrored):
    # A quarter of the rows is out, the others cross at 42 nm; the stripe ends half a cell beyond its last centre.
    run = artificial.domain_walls(42e-9, length=240e-9, wall_width=6e-9)
    m, x, y = arrays(run)
    m[:, :, : y.size // 4] = m[:, -1:, : y.size // 4]
    m = m[:, ::-1] if mirrored else m
    length = x[-1] + CELL / 2
    (measured,) = measure(m, locate(m[..., 2]), x, y)
    expected = 3 / 4 * 42e-9
    np.testing.assert_allclose(measured["position"], length - expected if mirrored else expected, atol=1e-13)


def test_nothing_located_gives_an_empty_table():
    run = artificial.domain_walls([[-50e-9]])
    m, x, y = arrays(run)
    located = locate(m[..., 2])
    assert measure(m, located, x, y).shape == (0,)


def test_other_shape_is_named():
    with pytest.raises(ValueError, match="component has 3 dimensions"):
        locate(np.zeros((1, 2, 3)))
