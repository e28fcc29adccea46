import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from analysis import artificial, pulses, tunnel_junction, walls

CELL = 4e-9
NM = 1e-9
SMALL = {"length": 256 * NM, "magnet_width": 16 * NM}


def test_moving_wall():
    t = np.array([0.0, 1.0, 2.0, 4.0]) * 1e-10
    run = artificial.domain_walls(100e-9 + 150.0 * t, t=t, angle=0.5)
    found = walls(run)
    np.testing.assert_allclose(found.position.values, run.true_position.values, atol=1e-13)
    np.testing.assert_allclose(found.velocity.values, 150.0, rtol=1e-6)
    np.testing.assert_allclose(found.angle.values, 0.5, atol=1e-9)
    assert found.polarity.values.tolist() == [-1]
    assert np.isnan([found.birth.values, found.exit.values]).all()
    assert found.exit_at.values.tolist() == [""]
    assert found.attrs["run_id"] == "artificial"


def test_velocity_of_uneven_frames_is_exact_for_a_parabola():
    t = np.array([0.0, 1.0, 1.5, 3.0, 3.2]) * 1e-10
    found = walls(artificial.domain_walls(100e-9 + 50.0 * t + 4e11 * t**2, t=t))
    np.testing.assert_allclose(found.velocity.values[1:-1, 0], 50.0 + 8e11 * t[1:-1], rtol=1e-6)


def test_component_is_taken_from_the_first_frame_or_given():
    run = artificial.domain_walls([100e-9], component="x")
    assert walls(run).attrs["component"] == "x"
    assert walls(run, component="z").sizes["wall"] == 0


def test_exit_birth_and_pair():
    absent = np.nan
    positions = np.array(
        [
            # leaves left; a pair born later, annihilating again; one that enters from the right
            [20, absent, absent, 560],
            [10, 300, 320, 540],
            [-20, 280, 340, 520],
            [-40, 300, 330, 500],
            [-60, absent, absent, 480],
        ]
    )
    run = artificial.domain_walls(positions * NM)
    found = walls(run, max_displacement=60 * NM)
    np.testing.assert_allclose(
        found.position.values / NM,
        np.where((positions > 0) & (positions < 512), positions, np.nan),
        atol=0.05 * CELL / NM,
    )
    assert found.birth_at.values.tolist() == ["", "pair", "pair", "right end"]
    assert found.exit_at.values.tolist() == ["left end", "pair", "pair", ""]
    np.testing.assert_allclose(found.birth.values, [np.nan, 1e-10, 1e-10, 3e-10])
    np.testing.assert_allclose(found.exit.values, [2e-10, 4e-10, 4e-10, np.nan])
    assert found.polarity.values.tolist() == [-1, 1, -1, 1]


def test_single_frame():
    found = walls(artificial.domain_walls(100e-9))
    assert np.isnan(found.velocity.values).all()
    assert np.isnan([found.birth.values, found.exit.values]).all()


def test_bad_input_is_named():
    run = artificial.domain_walls(100e-9)
    with pytest.raises(ValueError, match="component is 'y'"):
        walls(run, component="y")
    with pytest.raises(ValueError, match=r"threshold is 1\.5; it must lie between 0 and 1"):
        walls(run, threshold=1.5)
    with pytest.raises(ValueError, match=r"max_displacement is -1\.0 m"):
        walls(run, max_displacement=-1.0)
    with pytest.raises(ValueError, match=r"run\.x has a single cell"):
        walls(run.isel(x=[0]))


wall_width = st.floats(1 / np.pi, 4.0).map(lambda cells: cells * CELL)
position = st.floats(60.0, 190.0).map(lambda nm: nm * NM)
tilt = st.floats(-0.5, 0.5)
properties = settings(max_examples=25, deadline=None, derandomize=True)


@properties
@given(position=position, wall_width=wall_width, angle=st.floats(-3, 3), component=st.sampled_from("xz"))
def test_position_error_is_below_a_twentieth_of_a_cell(position, wall_width, angle, component):
    run = artificial.domain_walls(position, wall_width=wall_width, angle=angle, component=component, **SMALL)
    found = walls(run)
    assert abs(float(found.position[0, 0]) - position) < 0.05 * CELL
    np.testing.assert_allclose(float(found.angle[0, 0]), angle, atol=1e-6)


@properties
@given(position=position, wall_width=wall_width, tilt=tilt, cells=st.integers(-8, 8))
def test_translation_by_whole_cells(position, wall_width, tilt, cells):
    run = artificial.domain_walls([position, position + cells * CELL], wall_width=wall_width, tilt=tilt, **SMALL)
    found = walls(run)
    np.testing.assert_allclose(float(found.position.diff("t")[0, 0]), cells * CELL, atol=1e-4 * CELL)
    np.testing.assert_allclose(float(found.width.diff("t")[0, 0]), 0.0, atol=1e-4 * CELL)


@properties
@given(position=position, gap=st.floats(30, 50), wall_width=st.floats(1.5e-9, 6e-9), tilt=tilt)
def test_mirror_symmetry(position, gap, wall_width, tilt):
    positions = np.array([[position, position + gap * NM]])
    # At the centre of a cell rounding chooses one of two pairs of cells, and each sees a little of the other wall.
    assume(np.abs((positions / CELL) % 1 - 0.5).min() > 1e-6)
    run = artificial.domain_walls(positions, wall_width=wall_width, tilt=tilt, **SMALL)
    mirrored = run.assign(m=run.m.copy(data=run.m.values[:, ::-1]))
    found, image = walls(run), walls(mirrored)
    atol = 1e-6 * CELL
    np.testing.assert_allclose(image.position[0], 256 * NM - found.position.values[0, ::-1], atol=atol)
    np.testing.assert_allclose(image.width[0], found.width.values[0, ::-1], atol=atol)
    np.testing.assert_allclose(image.tilt[0], -found.tilt.values[0, ::-1], atol=1e-9)
    assert image.polarity.values.tolist() == (-found.polarity.values[::-1]).tolist()


def test_oommf_pulses(oommf_run):
    """48 nm in each pulse, 2 nm in each rest, out by the left end in the third pulse."""
    found = walls(oommf_run)
    assert found.sizes["wall"] == 1
    assert float(found.position[0, 0]) == pytest.approx(128e-9, abs=0.05 * CELL)
    summary = pulses(oommf_run, found)
    np.testing.assert_allclose(summary.displacement[:2, 0], -48e-9, atol=1e-9)
    np.testing.assert_allclose(summary.rest_displacement[:2, 0], -2e-9, atol=0.3e-9)
    assert np.isnan(summary.displacement.values[2, 0])
    assert found.exit_at.values.tolist() == ["left end"]
    assert float(summary.start[2]) < float(found.exit[0]) < float(summary.end[2])
    # sqrt(A / K) with the demagnetising energy of a thin film is 6.6 nm.
    np.testing.assert_allclose(found.width.sel(t=slice(0, 2e-9)), 5.75e-9, atol=0.15e-9)
    # The rotation out of the Neel wall that the non-adiabatic torque drives is steady.
    assert (found.angle.sel(t=slice(0, 2e-9)).diff("t") > 0).all()


def test_conductance_agrees_with_position_on_the_oommf_run(oommf_run):
    found = walls(oommf_run)
    junction = tunnel_junction(oommf_run, (0.0, 256e-9), resistance_area=1e-11, tmr=1.0)
    before_exit = slice(0, 2.0e-9)
    position = found.position.sel(t=before_exit).values[:, 0]
    conductance = junction.conductance.sel(t=before_exit).values
    siemens_per_metre = (1e11 - 0.5e11) * 64e-9
    from_conductance = (conductance - 0.5e11 * 256e-9 * 64e-9) / siemens_per_metre
    np.testing.assert_allclose(from_conductance, position, atol=0.05 * CELL)
