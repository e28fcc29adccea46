"""Sequences of applied fields: against OOMMF, against Stoner and Wohlfarth, and what only this engine can do."""

import json
import pathlib

import discretisedfield as df
import micromagneticmodel as mm
import numpy as np
import pytest
from magnets import magnet
from rows import rows

import runs.native as nc

TESLA = 1 / mm.consts.mu0


def particle():
    """An elongated Permalloy particle, at an angle to its long axis."""
    energy = mm.Exchange(A=1.3e-11) + mm.Demag() + mm.Zeeman(H=(0, 0, 1e4))
    boxes = {"left": ((0, 0, 0), (2, 4, 1))}
    return magnet((10, 4, 1), (1, 0.1, 0.05), energy, cell=4e-9, boxes=boxes, name="particle")


def macrospin(m=(1, 0.1, 0)):
    return magnet((1, 1, 1), m, mm.UniaxialAnisotropy(K=1e5, u=(1, 0, 0)), name="macrospin")


@pytest.mark.oommf
def test_loop_follows_oommf(tmp_path, monkeypatch):
    oc = pytest.importorskip("oommfc")
    monkeypatch.chdir(tmp_path)
    ours, theirs = particle(), particle()
    loop = {"Hmin": (-0.2 * TESLA, 0.01 * TESLA, 0), "Hmax": (0.2 * TESLA, 0.01 * TESLA, 0), "n": 9}
    oc.HysteresisDriver(stopping_mxHxm=1e-3).drive(theirs, dirname="oommf", verbose=0, **loop)
    nc.HysteresisDriver(stopping_mxHxm=1e-3).drive(ours, dirname="native", verbose=0, **loop)
    one, other = ours.table.data, theirs.table.data
    assert len(one) == len(other) == 17
    assert ours.table.x == theirs.table.x == "B_hysteresis"
    fields = ["B_hysteresis", "Bx_hysteresis", "By_hysteresis", "Bz_hysteresis"]
    np.testing.assert_allclose(one[fields], other[fields], atol=1e-9)
    assert other.mx.min() < -0.9
    assert other.mx.max() > 0.9
    np.testing.assert_allclose(one[["mx", "my", "mz"]], other[["mx", "my", "mz"]], atol=1e-6)
    energies = ["E", "E_exchange", "E_demag", "E_zeeman", "E_zeeman_hysteresis"]
    np.testing.assert_allclose(one[energies], other[energies], atol=1e-8 * np.abs(other.E).max())
    assert {name: ours.table.units[name] for name in [*fields, *energies]} == {
        name: theirs.table.units[name] for name in [*fields, *energies]
    }
    frames = [sorted(pathlib.Path(engine, "particle/drive-0").glob("particle*.omf")) for engine in ("native", "oommf")]
    assert len(frames[0]) == len(frames[1]) == 17
    for pair in zip(*frames, strict=True):
        mine, reference = (df.Field.from_file(str(path)).orientation.array for path in pair)
        np.testing.assert_allclose(mine, reference, atol=1e-5)


def test_strong_rotating_field_takes_a_macrospin_along():
    angles = np.linspace(0, 2 * np.pi, 13)
    fields = nc.rotating_field(1e8, angles)
    system = macrospin()
    nc.HysteresisDriver().drive(system, fields=fields, save=False, verbose=0)
    np.testing.assert_allclose(system.table.data.mx, np.cos(angles), atol=2e-3)
    np.testing.assert_allclose(system.table.data.my, np.sin(angles), atol=2e-3)
    np.testing.assert_allclose(system.table.data.B_hysteresis, 1e8 * mm.consts.mu0 * 1e3)


@rows(("axis", "start", "quarter"), [("x", 1, 2), ("y", 2, 0), ("z", 0, 1)])
def test_rotating_field_turns_about_its_axis(axis, start, quarter):
    fields = nc.rotating_field(2.0, [0, np.pi / 2], axis)
    np.testing.assert_allclose(fields, 2 * np.eye(3)[[start, quarter]], atol=1e-15)


def test_drive_is_readable_by_ubermag(tmp_path):
    md = pytest.importorskip("micromagneticdata")
    system = particle()
    nc.HysteresisDriver(stopping_mxHxm=1.0).drive(
        system, Hsteps=[[(0, 0, 1e5), (0, 0, -1e5), 3], [(0, 0, -1e5), (0, 0, 0), 2]], dirname=str(tmp_path), verbose=0
    )
    drive = md.Data("particle", dirname=str(tmp_path))[0]
    assert drive.info["driver"] == "HysteresisDriver"
    assert drive.info["Hsteps"] == [[[0, 0, 1e5], [0, 0, -1e5], 3], [[0, 0, -1e5], [0, 0, 0], 2]]
    assert drive.x == "B_hysteresis"
    assert drive.n == 4
    assert list(drive.table.data.columns) == list(system.table.data.columns)
    np.testing.assert_allclose(drive.table.data, system.table.data)
    np.testing.assert_allclose(drive[-1].array, system.m.array)
    assert drive.to_xarray().sizes["B_hysteresis"] == 4


def test_shared_corners_count_once():
    up, down = (0, 0, 1e5), (0, 0, -1e5)
    assert len(nc.field_steps([[down, up, 3], [up, down, 3]])) == 5
    assert len(nc.field_steps([[down, up, 3], [up, down, 5]])) == 7
    apart = nc.field_steps([[down, up, 2], [(0, 0, 0), down, 2]])
    np.testing.assert_array_equal(apart[:, 2], [-1e5, 1e5, 0, -1e5])


@rows(
    ("arguments", "message"),
    [
        ({}, "none of them"),
        ({"Hmin": (0, 0, 1), "n": 3}, "Hmin, n"),
        ({"Hmin": (0, 0, 1), "Hmax": (0, 0, 2), "n": 3, "fields": [[0, 0, 1]]}, "fields"),
        ({"Hsteps": [[(0, 0, 1), (0, 0, 2)]]}, "first field, last field and number"),
        ({"Hsteps": [[(0, 1), (0, 2), 3]]}, "three components"),
        ({"Hsteps": [[(0, 0, 1), (0, 0, 2), 1]]}, "at least 2"),
        ({"Hsteps": []}, "at least one"),
        ({"fields": [0, 0, 1]}, r"\(n, 3\)"),
        ({"fields": [[0, 0, np.nan]]}, "finite"),
        ({"fields": [[0, 0, 1]], "output_step": True}, "output_step"),
    ],
)
def test_fields_are_checked(arguments, message):
    with pytest.raises((ValueError, nc.UnsupportedError), match=message):
        nc.HysteresisDriver().drive(macrospin(), save=False, **arguments)
    with pytest.raises(ValueError, match="axis"):
        nc.rotating_field(1.0, [0.0], "w")


def test_a_term_of_that_name_is_refused():
    system = macrospin()
    system.energy += mm.Zeeman(H=(0, 0, 1), name="hysteresis")
    with pytest.raises(ValueError, match="another name"):
        nc.hysteresis(system, [[0, 0, 1]])


def test_progress_counts_fields():
    seen = []
    _, table = nc.hysteresis(macrospin(), np.zeros((3, 3)), progress=seen.append)
    assert seen[-1] == 3
    assert set(seen) == {0, 1, 2, 3}
    assert list(table.stage) == [0, 1, 2]
    assert np.all(np.diff(table.iteration) >= 0)


def test_a_field_without_rest_is_named(tmp_path):
    with pytest.raises(nc.MinimisationError, match=r"field 1 .*last_good_state\.omf") as caught:
        nc.HysteresisDriver(max_iterations=5).drive(
            macrospin((1, 0, 0)), fields=[[1e5, 0, 0], [0, 1e5, 1e4]], dirname=str(tmp_path), verbose=0
        )
    directory = tmp_path / "macrospin/drive-0"
    saved = df.Field.from_file(str(directory / "last_good_state.omf"))
    np.testing.assert_allclose(saved.orientation.array, caught.value.magnetisation)
    assert json.loads((directory / "info.json").read_text())["success"] is False


def test_held_cells_stay_through_a_loop():
    system = particle()
    start = system.m.orientation.array
    m, _ = nc.hysteresis(system, [[0, 0, 1e6], [-1e6, 1e5, 0]], fixed_subregions=["left"])
    assert np.all(m[:, :2] == start[:2])
    assert m[0, -1, ..., 2].min() > 0.5
    assert m[1, -1, ..., 0].max() < -0.5


@pytest.mark.slow
def test_a_field_that_depends_on_time_has_its_value_at_each_fields_time():
    plain, changing = macrospin(), macrospin()
    ramp = nc.PiecewiseLinear((0.0, 2.0), (0.0, 1.0))
    changing.energy = changing.energy + mm.Zeeman(H=(-3e5, 2e4, 0), func=ramp)
    fields = np.array([[0, 0, 5e4], [0, 0, 5e4], [0, 0, 0], [1e4, 0, 0]])
    expected, _ = nc.hysteresis(plain, fields + np.outer([0, 0.5, 1, 1], (-3e5, 2e4, 0)))
    m, _ = nc.hysteresis(changing, fields, times=[0, 1, 2, 7])
    np.testing.assert_allclose(m, expected, atol=1e-9)
    assert m[0, ..., 0] > 0 > m[3, ..., 0]
    at_start, _ = nc.hysteresis(changing, fields)
    np.testing.assert_allclose(at_start, nc.hysteresis(macrospin(), fields)[0], atol=1e-9)
    with pytest.raises(ValueError, match=r"one finite time in s for each of the 4 fields, got shape \(3,\)"):
        nc.hysteresis(changing, fields, times=[0, 1, 2])
