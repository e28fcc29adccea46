"""Runs of field protocols: what each engine makes of them, against OOMMF's recorded drive and against each other."""

import json
from pathlib import Path

import numpy as np
import pytest
import scipy.ndimage
import xarray as xr
from scipy import constants

from analysis.schema import check_run
from geometries import SpinIce
from runs import (
    AlternatingDemagnetisation,
    FieldSteps,
    Limits,
    LocalRampTo,
    Loop,
    RampTo,
    RotatingDemagnetisation,
    RunSpec,
    Store,
    simulate,
)
from runs.engines import WallTimeError, get_engine, oommf_progress
from runs.engines.oommf_output import read_output
from runs.system import build_system

SOFT = {"name": "soft", "Ms": 8e5, "A": 1.3e-11, "alpha": 0.1}
NATIVE_DATA = Path(__file__).parents[1] / "native" / "data"
STEP_ENGINES = ["mock", "native", pytest.param("oommf", marks=pytest.mark.oommf)]


def square_ice(columns, rows, **keys):
    return SpinIce(
        lattice={"kind": "square", "columns": columns, "rows": rows, "lattice_constant": "180 nm"},
        island={"length": "120 nm", "width": "40 nm"},
        thickness="10 nm",
        cell=("5 nm", "5 nm", "10 nm"),
        **keys,
    )


def spec_of(device, *steps, engine="native", **keys):
    return RunSpec(device=device, material=SOFT, protocol=FieldSteps(steps=steps), engine=engine, **keys)


def spins(run, spec):
    """Mean m of each island along its axis, shape (step, island)."""
    labels, axis = spec.device.labels().values, spec.device.islands(spec.material)["axis"].values
    moments = [run["m"].values[:, labels == island + 1, :2].mean(axis=1) @ axis[island] for island in range(len(axis))]
    return np.stack(moments, axis=1)


@pytest.mark.slow
def test_native_switches_in_the_steps_of_oommfs_recorded_loop():
    """The drive of which `oommf_square_ice.npz` has the states: 17 fields at 40 degrees, after one of zero here."""
    with np.load(NATIVE_DATA / "oommf_square_ice.npz") as data:
        start, fields, recorded = data["start"], data["coarse_fields"], data["coarse_moments"]
    ice = square_ice(3, 3, margin="70 nm")
    # The recorded fields point out of the plane a little.
    turn = {"angle": "40 deg", "elevation": np.arctan(0.01)}
    up, down = (np.hypot(1, 0.01) * value / constants.mu_0 for value in (20e-3, -160e-3))
    spec = spec_of(
        ice,
        RampTo(to=up, field_steps=1, **turn),
        RampTo(to=down, field_steps=8, **turn),
        RampTo(to=up, field_steps=8, **turn),
    )
    np.testing.assert_allclose(spec.protocol.applied_field[1:], fields, rtol=1e-6)
    run = simulate(spec)
    check_run(run, complete=True)
    labels = ice.labels().values[:, :, 0]
    np.testing.assert_array_equal(labels > 0, np.linalg.norm(start, axis=-1) > 0)
    # The record numbers islands as scipy does.
    islands, _ = scipy.ndimage.label(labels > 0)
    moments = np.stack([run["m"].values[1:, :, :, 0][:, islands == each].mean(axis=1) for each in range(1, 25)], axis=1)
    np.testing.assert_allclose(moments, recorded, atol=1e-5)
    along = spins(run, spec)
    # All turn between -70 and -92.5 mT, and back in +20 mT none has.
    assert (along[:6] > 0.5).all()
    assert (along[6:] < -0.5).all()


@pytest.fixture(scope="module")
def driven_ice():
    return square_ice(
        2,
        2,
        disorder={"length": 0.05, "width": 0.05, "seed": 4},
        ports=[{"name": "in", "role": "driven", "sites": [0, 5]}],
    )


PROTOCOL = [
    LocalRampTo(port="in", to="-120 mT/mu0", field_steps=2),
    LocalRampTo(port="in", to=0.0, field_steps=1),
    RampTo(to="-66 mT/mu0", angle="40 deg", field_steps=1),
    RampTo(to="-96 mT/mu0", angle="40 deg", field_steps=6),
    RotatingDemagnetisation(amplitude="96 mT/mu0", angle="220 deg", turns=2, field_steps=7),
    AlternatingDemagnetisation(amplitude="90 mT/mu0", angle="35 deg", reversals=3, field_steps=2),
]


@pytest.mark.slow
@pytest.mark.oommf
def test_engines_agree_on_every_flip(driven_ice):
    runs = {}
    for engine in ("native", "oommf"):
        spec = spec_of(driven_ice, *PROTOCOL, engine=engine)
        runs[engine] = simulate(spec)
        check_run(runs[engine], complete=True)
    ours, theirs = (spins(run, spec) for run in runs.values())
    np.testing.assert_array_equal(np.sign(ours), np.sign(theirs))
    # The port is written, the others turn in two steps, and both demagnetising fields turn some again.
    assert (theirs[2] < 0).sum() == 2
    assert (theirs[0] > 0).all()
    assert (np.diff(np.sign(theirs), axis=0) != 0).any(axis=1).sum() >= 5
    xr.testing.assert_allclose(runs["native"]["applied_field"], runs["oommf"]["applied_field"])
    # Both stop where the torque is below 0.1 A/m.
    np.testing.assert_allclose(ours, theirs, atol=1e-4)
    np.testing.assert_allclose(runs["native"]["energy"], runs["oommf"]["energy"], rtol=1e-6)


def test_local_fields_come_up_with_the_field_steps(driven_ice):
    spec = spec_of(driven_ice, *PROTOCOL)
    assert [term.name for term in build_system(spec, drive=False).energy] == ["exchange", "demag"]
    function, tcl = ([*build_system(spec, drive=True, time_dependence=how).energy][2:] for how in ("function", "tcl"))
    assert [term.name for term in function] == [term.name for term in tcl] == ["local_field_0", "local_field_1"]
    np.testing.assert_allclose(function[0].func([0, 1, 2, 3, 9]), [0, 0.5, 1, 1, 1])
    np.testing.assert_allclose(function[0].H.array + function[1].H.array, 0)
    assert "set LocalShare1s [list 0.0 0.0 0.0 1.0 1.0" in tcl[1].tcl_strings["script"]


@pytest.mark.slow
@pytest.mark.parametrize("engine", STEP_ENGINES)
def test_a_stored_run_in_field_steps_opens_as_it_was(engine, tmp_path):
    ice = SpinIce(
        lattice={"kind": "table", "islands": [{"x": 0, "y": 0, "angle": 0, "length": "60 nm", "width": "20 nm"}]},
        thickness="5 nm",
        cell=("5 nm", "5 nm", "5 nm"),
        margin="5 nm",
    )
    spec = spec_of(ice, Loop(amplitude="300 mT/mu0", angle="10 deg", field_steps=6), engine=engine)
    fractions = []
    run = simulate(spec, tmp_path, progress=fractions.append)
    check_run(run, complete=True)
    assert run.m.chunks is not None
    assert run.sizes["step"] == spec.protocol.states == 14
    along = spins(run, spec)[:, 0]
    # From +300 mT down: it turns after the field has, and turns back on the other branch.
    assert np.sign(along[[0, 1, 4]]).tolist() == [1, 1, 1]
    assert np.sign(along[[7, 10]]).tolist() == [-1, -1]
    assert along[-1] > 0.9
    assert fractions[-1] == 1.0
    assert fractions == sorted(fractions)
    assert Store(tmp_path).provenance(spec.run_id)["simulated_time"] == 0.0
    xr.testing.assert_identical(simulate(spec, tmp_path).load(), run.load())


@pytest.mark.slow
def test_native_ends_at_its_wall_time_and_says_in_which_field_step(tmp_path):
    spec = spec_of(square_ice(1, 1), Loop(amplitude="110 mT/mu0", angle="40 deg", field_steps=11))
    with pytest.raises(WallTimeError, match=r"reached at \d+ of 24 field steps; the native engine keeps no"):
        get_engine("native").simulate(spec, tmp_path, lambda _: None, Limits(wall_time=1e-6))


@pytest.mark.oommf
def test_oommf_ends_at_its_wall_time_and_promises_no_checkpoint(tmp_path, processes_of):
    spec = spec_of(square_ice(3, 3), Loop(amplitude="110 mT/mu0", angle="40 deg", field_steps=40), engine="oommf")
    with pytest.raises(
        WallTimeError, match=r"at \d+ of 82 field steps; there are no checkpoints in field steps, so it"
    ):
        get_engine("oommf").simulate(spec, tmp_path, lambda _: None, Limits(wall_time=1.0))
    assert not (tmp_path / "resume.json").exists()
    assert processes_of(spec.run_id) == []


def test_progress_of_field_steps_is_counted_in_stages(tmp_path):
    table, file, fractions = tmp_path / "a.odt", tmp_path / "progress.json", []
    columns = (
        "Oxs_CGEvolve:evolver:Energy Oxs_MinDriver::Iteration {Oxs_MinDriver::Stage iteration} Oxs_MinDriver::Stage"
    )
    table.write_text(f"# ODT 1.0\n# Columns: {columns}\n1e-18 40 40 0\n")
    report = oommf_progress.progress_reporter(table, file, oommf_progress.Extent("field steps", 8), fractions.append)
    assert report() == 1
    with open(table, "a") as more:
        print("1e-18 90 50 1", file=more)
    assert report() == 2
    assert fractions == [1 / 8, 2 / 8]
    content = json.loads(file.read_text())
    assert content["fraction"] == 1 / 8
    assert "simulated_time" not in content


@pytest.mark.oommf
def test_fields_that_oommf_did_not_apply_are_named(tmp_path):
    spec = spec_of(square_ice(1, 1), RampTo(to=1e4, angle="30 deg", field_steps=2), engine="oommf")
    get_engine("oommf").simulate(spec, tmp_path, lambda _: None)
    m, fields = build_system(spec, drive=True).m, spec.protocol.applied_field
    where = tmp_path / "drive", "spin_ice", m, 3, None
    assert len(read_output(*where, fields)[0]) == 4
    with pytest.raises(
        ValueError, match=r"in stage 1 OOMMF applied \[4330\.\d+, 2500\.\d*, 0\.0\] A/m, asked for \[5000"
    ):
        read_output(*where, np.where(fields == fields[1, 0], 5000, fields))
