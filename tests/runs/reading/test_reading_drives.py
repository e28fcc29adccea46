"""Drive directories: frames in their order, the table's rows at them, errors at the latest on reading."""

import pickle
import shutil
import subprocess

import discretisedfield as df
import micromagneticdata as md
import micromagneticmodel as mm
import numpy as np
import pandas as pd
import pytest
import xarray as xr

import analysis
from runs.engines.oommf import command
from runs.native.ubermag.output import Record, write_information
from runs.reading import OVFError, magnetisation_direction, open_drive

SHAPE = (3, 2, 1, 3)
OOMMF_FORMS = [
    ("1", "text", "rect"),
    ("1", "b4", "irreg"),
    ("1", "b8", "rect"),
    ("2", "text", "irreg"),
    ("2", "b4", "rect"),
    ("2", "b8", "irreg"),
]


def frames(count):
    return np.arange(1.0, count + 1)[:, None, None, None, None] * np.ones(SHAPE)


def test_frames_are_in_the_order_of_their_numbers(tmp_path, oommf_drive):
    # As text, stage 100 comes before stage 20.
    drive = open_drive(oommf_drive(tmp_path / "drive-0", frames(103)))
    assert drive["M"].dims == ("t", "x", "y", "z", "vdims")
    np.testing.assert_array_equal(drive["M"], frames(103))
    np.testing.assert_array_equal(drive["t"], np.arange(1, 104) * 1e-12)
    np.testing.assert_array_equal(drive["E"], np.arange(103))
    assert (drive["t"].attrs["units"], drive["E"].attrs["units"]) == ("s", "J")
    assert "units" not in drive["mx"].attrs
    assert drive.attrs["driver"] == "TimeDriver"
    xr.testing.assert_identical(xr.open_dataset(tmp_path / "drive-0", engine="ovf"), drive)


@pytest.mark.parametrize(("name", "number"), [("rectangle", 0), ("rectangle", 1), ("rectangle", 6), ("hysteresis", 0)])
def test_what_micromagneticdata_reads(samples, name, number):
    drive = open_drive(samples / name / f"drive-{number}")
    reference = md.Drive(name=name, number=number, dirname=str(samples))
    expected, table = reference.to_xarray(), reference.table
    np.testing.assert_array_equal(drive["M"], expected)
    for axis in "xyz":
        np.testing.assert_allclose(drive[axis], expected[axis], rtol=1e-9)
    for column in set(table.data.columns) - {"t"}:
        np.testing.assert_array_equal(drive[column], table.data[column])
        assert drive[column].attrs.get("units", "") == table.units[column]
    if "t" in drive.dims:
        np.testing.assert_array_equal(drive["t"], expected["t"])
    if name == "hysteresis":
        assert drive["M"].dims[0] == "step"
        assert {f"B{axis}_hysteresis" for axis in ("", "x", "y", "z")} <= set(drive.coords)
        assert len(np.unique(drive["B_hysteresis"])) < drive.sizes["step"]


def test_rows_are_found_by_stage_and_iteration(tmp_path, oommf_drive, odt_head):
    directory = oommf_drive(tmp_path / "drive-0", frames(4))
    # The run was taken up again at stage 1; stage 3 has no row yet, and there are rows without frames.
    rows = ["0 10 0 0 1e-12", "5 20 1 5 2e-12", "6 25 1 6 2.5e-12", "7 20 1 7 2.1e-12", "8 30 2 8 3e-12"]
    (directory / "a.odt").write_text(odt_head + "\n".join(rows) + "\n")
    drive = open_drive(directory)
    np.testing.assert_array_equal(drive["E"], [0, 7, 8, np.nan])
    np.testing.assert_array_equal(drive["t"], [1e-12, 2.1e-12, 3e-12, 4e-12])
    np.testing.assert_array_equal(drive["M"], frames(4))


def test_without_a_table_times_come_from_the_headers(tmp_path, oommf_drive):
    drive = open_drive(oommf_drive(tmp_path / "drive-0", frames(3), table=False))
    np.testing.assert_array_equal(drive["t"], [1e-12, 2e-12, 3e-12])
    assert list(drive.data_vars) == ["M"]


def test_a_state_without_time_is_a_step(tmp_path, ovf_file):
    for index, values in enumerate(frames(2)):
        ovf_file(values).write(tmp_path / f"a-Oxs_MinDriver-Magnetization-{index:02d}-0000010.omf")
    drive = open_drive(tmp_path)
    assert drive["M"].dims[0] == "step"
    np.testing.assert_array_equal(drive["step"], [0, 1])


def test_the_start_comes_first_when_asked(tmp_path, oommf_drive, ovf_file):
    directory = oommf_drive(tmp_path / "drive-0", frames(2))
    with pytest.raises(FileNotFoundError, match=r"m0\.omf"):
        open_drive(directory, start=True)
    # discretisedfield writes it without a unit, and may write other digits.
    ovf_file(9 * np.ones(SHAPE), title="Field", labels="field_x field_y field_z", units="None None None").write(
        directory / "m0.omf"
    )
    drive = open_drive(directory, start=True)
    np.testing.assert_array_equal(drive["t"], [0, 1e-12, 2e-12])
    np.testing.assert_array_equal(drive["M"][:, 0, 0, 0, 0], [9, 1, 2])
    np.testing.assert_array_equal(drive["E"], [np.nan, 0, 1])
    assert open_drive(directory).sizes["t"] == 2
    ovf_file(np.ones((2, 2, 1, 3))).write(directory / "m0.omf")
    with pytest.raises(OVFError, match=r"m0\.omf.*nodes"):
        open_drive(directory, start=True)


def test_mumax3_frames_find_their_rows_by_time(tmp_path, mumax_drive):
    times = [0, 1e-11, 2e-11, 3.0000000000000004e-11]
    rows = [(0, 0.5), (5e-12, 0.6), (1e-11, 0.7), (3.0000000000000004e-11, 0.8)]
    drive = open_drive(mumax_drive(tmp_path / "a.out", times, rows))
    np.testing.assert_array_equal(drive["t"], times)
    np.testing.assert_array_equal(drive["mx"], [0.5, 0.7, np.nan, 0.8])
    np.testing.assert_array_equal(drive["m"][:, 0, 0, 0, 0], range(4))
    assert "E" in drive
    with pytest.raises(FileNotFoundError, match=r"m0\.omf"):
        open_drive(tmp_path / "a.out", start=True)


def test_mumax3_has_the_place_of_its_mesh_in_the_start(tmp_path, mumax_drive, ovf_file):
    mumax_drive(tmp_path / "drive-0" / "a.out", [1e-11, 2e-11], [])
    start = {"base": (-0.5, 4.5, 0.5), "step": (1.0, 1.0, 1.0), "mesh_unit": "m"}
    ovf_file(np.ones((2, 2, 1, 3)), units="1 1 1", **start).write(tmp_path / "drive-0" / "m0.omf")
    (tmp_path / "drive-0" / "info.json").write_text('{"adapter": "mumax3c"}')
    drive = open_drive(tmp_path / "drive-0", start=True)
    np.testing.assert_array_equal(drive["x"], [-0.5, 0.5])
    np.testing.assert_array_equal(drive["m"][:, 0, 0, 0, 0], [1, 0, 1])
    inside = open_drive(tmp_path / "drive-0" / "a.out")
    np.testing.assert_array_equal(inside["x"], [-0.5, 0.5])
    assert inside.attrs == {"adapter": "mumax3c"}
    # What discretisedfield writes without a unit may be M in A/m.
    ovf_file(8e5 * np.ones((2, 2, 1, 3)), units="None None None", **start).write(tmp_path / "drive-0" / "m0.omf")
    with pytest.raises(ValueError, match=r"m0\.omf: has no unit and the frames are directions"):
        open_drive(tmp_path / "drive-0", start=True)


def test_a_state_that_is_saved_while_time_stands_is_a_step(tmp_path, mumax_drive):
    drive = open_drive(mumax_drive(tmp_path / "a.out", [0, 0, 1e-11], [(0, 0.5), (1e-11, 0.7)]))
    assert drive["m"].dims[0] == "step"
    np.testing.assert_array_equal(drive["t"], [0, 0, 1e-11])
    shutil.copy(tmp_path / "a.out" / "m000000.ovf", tmp_path / "a.out" / "m0.omf")
    with pytest.raises(ValueError, match="t = 0"):
        open_drive(tmp_path / "a.out", start=True)


def test_which_quantity(tmp_path, oommf_drive, ovf_file):
    directory = oommf_drive(tmp_path / "drive-0", frames(2))
    for index in range(3):
        ovf_file(np.ones(SHAPE), title="Oxs_Demag:demag:Field", labels="Field_x Field_y Field_z").write(
            directory / f"a-Oxs_Demag-demag-Field-{index:02d}-0000010.ohf"
        )
    assert open_drive(directory)["M"].shape[0] == 2
    assert open_drive(directory, quantity="Field")["field"].shape[0] == 3
    assert open_drive(directory, quantity="a-Oxs_Demag-demag-Field")["field"].shape[0] == 3
    with pytest.raises(ValueError, match=r"'B_demag'.*a-Oxs_Demag-demag-Field, a-Oxs_TimeDriver-Magnetization"):
        open_drive(directory, quantity="B_demag")
    for path in directory.glob("*Magnetization*"):
        path.rename(directory / path.name.replace("Magnetization", "Other"))
    with pytest.raises(ValueError, match="which quantity is not clear"):
        open_drive(directory)


def test_what_is_no_drive_is_said(tmp_path, mumax_drive):
    with pytest.raises(FileNotFoundError, match=r"drive '.*drive-0' is not there; give the directory"):
        open_drive(tmp_path / "drive-0")
    with pytest.raises(FileNotFoundError, match="holds no numbered"):
        open_drive(tmp_path)
    (tmp_path / "film.odt").touch()
    with pytest.raises(
        FileNotFoundError, match=r"has a table and no frames; read it with .*open_table\('.*film.odt'\)"
    ):
        open_drive(tmp_path)
    for name in ("a.out", "b.out"):
        mumax_drive(tmp_path / name, [0], [])
    with pytest.raises(FileNotFoundError, match="holds 2 directories with frames"):
        open_drive(tmp_path)


@pytest.mark.parametrize("representation", ["Text", "Binary 4", "Binary 8"])
def test_a_frame_that_is_cut_is_an_error(tmp_path, oommf_drive, representation):
    directory = oommf_drive(tmp_path / "drive-0", frames(3), representation=representation)
    path = sorted(directory.glob("*.omf"))[1]
    content = path.read_bytes()
    path.write_bytes(content[:-20])
    drive = open_drive(directory)
    with pytest.raises(OVFError, match=path.name):
        drive["M"].isel(t=1, x=0).load()
    path.write_bytes(content[: len(content) // 2])
    with pytest.raises(OVFError, match=rf"{path.name}.*at least"):
        open_drive(directory)


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ({"base": (1.0, 2.0, 4.0)}, "base"),
        ({"step": (0.5, 0.25, 2.1)}, "step"),
        ({"mesh_unit": "m"}, "mesh_unit"),
        ({"units": "T T T"}, "units"),
        ({"values": np.ones((2, 3, 1, 3))}, "nodes"),
    ],
)
def test_a_frame_on_another_mesh_is_an_error_when_it_is_read(tmp_path, oommf_drive, ovf_file, parts, message):
    directory = oommf_drive(tmp_path / "drive-0", frames(3))
    path = sorted(directory.glob("*.omf"))[1]
    ovf_file(**({"values": np.ones(SHAPE)} | parts)).write(path)
    drive = open_drive(directory)
    np.testing.assert_array_equal(drive["M"].isel(t=[0, 2]), frames(3)[[0, 2]])
    with pytest.raises(OVFError, match=rf"{path.name}.*expected {message}.*found {message}"):
        drive["M"].isel(t=1).load()


@pytest.mark.parametrize("chunks", [None, {}])
def test_one_frame_or_one_cell_is_read_without_the_rest(tmp_path, oommf_drive, bytes_read, chunks):
    values = np.random.default_rng(7).normal(size=(20, 40, 30, 2, 3))
    drive = open_drive(oommf_drive(tmp_path / "drive-0", values), chunks=chunks)
    drive["M"].isel(t=0, x=0).copy().load()  # what is imported on the way is read too
    read = [bytes_read()]
    frame = drive["M"].isel(t=13).copy().values
    read.append(bytes_read())
    series = drive["M"].isel(x=7, y=8, z=1).copy().values
    read.append(bytes_read())
    every_tenth = drive["M"].isel(t=[0, 10]).copy().values
    read.append(bytes_read())
    np.testing.assert_array_equal(frame, values[13])
    np.testing.assert_array_equal(series, values[:, 7, 8, 1])
    np.testing.assert_array_equal(every_tenth, values[[0, 10]])
    of_frame, of_series, of_two = np.diff(read)
    size = values[0].nbytes
    assert size <= of_frame < size + 15_000
    assert of_series < 20 * 13_000 < 20 * size / 4
    assert of_two < 2 * (size + 15_000)


def test_frames_of_an_irregular_mesh_are_refused(tmp_path, ovf_file):
    for index in range(2):
        file = ovf_file(np.ones((4, 3)), points=np.random.default_rng(index).normal(size=(4, 3)))
        file.write(tmp_path / f"m{index:06d}.ovf")
    with pytest.raises(OVFError, match=r"m000000\.ovf.*expected frames on a rectangular mesh"):
        open_drive(tmp_path)


def test_a_drive_is_chunked_and_pickles(tmp_path, oommf_drive):
    directory = oommf_drive(tmp_path / "drive-0", frames(5))
    drive = open_drive(directory, chunks={})
    assert drive["M"].chunks == ((1,) * 5, (3,), (2,), (1,), (3,))
    assert drive["E"].chunks is None
    assert open_drive(directory, chunks={"t": 2})["M"].chunks[0] == (2, 2, 1)
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(drive))["M"], frames(5))
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(open_drive(directory)))["M"], frames(5))


def test_a_drive_that_is_made_again_is_another_array_for_dask(tmp_path, oommf_drive):
    names = set()
    for _ in range(2):
        names.add(open_drive(oommf_drive(tmp_path / "drive-0", frames(2)), chunks={})["M"].data.name)
        shutil.rmtree(tmp_path / "drive-0")
    assert len(names) == 2


def test_a_column_that_is_called_like_an_axis(tmp_path, mumax_drive):
    directory = mumax_drive(tmp_path / "a.out", [0, 1e-11], [])
    (directory / "table.txt").write_text("# t (s)\tm ()\tx (m)\n0\t1\t2\n1e-11\t3\t4\n")
    drive = open_drive(directory)
    np.testing.assert_array_equal(drive["table_m"], [1, 3])
    np.testing.assert_array_equal(drive["table_x"], [2, 4])


def test_a_drive_of_the_native_engine(tmp_path):
    import datetime

    mesh = df.Mesh(p1=(0, 0, 0), p2=(4e-9, 2e-9, 1e-9), n=(4, 2, 1))
    system = mm.System(name="film", energy=mm.Exchange(A=1e-11), m=df.Field(mesh, nvdim=3, value=(0, 0, 1), norm=8e5))
    states = np.random.default_rng(1).normal(size=(3, 4, 2, 1, 3))
    states /= np.linalg.norm(states, axis=-1, keepdims=True)
    # Two rows with as many evaluations: the order is all that tells them apart.
    table = pd.DataFrame({"E": [1.0, 2, 3], "t": [1e-12, 2e-12, 3e-12], "evaluations": [7, 7, 14]})
    directory = tmp_path / "drive-0"
    directory.mkdir()
    write_information(directory, "TimeDriver", 0, datetime.datetime.now(), {"t": 3e-12, "n": 3})
    record = Record(directory, system, "TimeDriver", len(states), "bin8")
    for index, state in enumerate(states):
        record(state, table.iloc[index : index + 1])
    record.finish()
    drive = open_drive(directory)
    np.testing.assert_array_equal(drive["M"], states * 8e5)
    np.testing.assert_array_equal(drive["t"], table["t"])
    np.testing.assert_array_equal(drive["E"], table["E"])
    assert drive.attrs["adapter"] == "runs.native"


def test_directions_are_what_analysis_reads(tmp_path, oommf_drive):
    x = np.arange(40)
    states = []
    for position in (10, 12, 15):
        angle = 2 * np.arctan(np.exp((x + 0.5 - position) / 3))
        m = np.stack([np.sin(angle), 0 * angle, np.cos(angle)], axis=-1)[:, None, None]
        states.append(6e5 * np.pad(m, ((0, 0), (0, 1), (0, 0), (0, 0))))
    geometry = {"base": (2e-9, 2e-9, 5e-10), "step": (4e-9, 4e-9, 1e-9), "mesh_unit": "m"}
    drive = open_drive(oommf_drive(tmp_path / "drive-0", states, **geometry), chunks={})
    run = drive.assign(m=magnetisation_direction(drive))
    assert run["m"].dtype == np.float32
    assert run["m"].chunks[0] == (1, 1, 1)
    np.testing.assert_allclose((run["m"] ** 2).sum("vdims", skipna=False).isel(y=0), 1, rtol=1e-6)
    assert np.isnan(run["m"].isel(y=1)).all()
    np.testing.assert_allclose(analysis.walls(run)["position"].squeeze(), np.array([10, 12, 15]) * 4e-9, atol=0.5e-9)
    with pytest.raises(ValueError, match="no magnetisation M or m"):
        magnetisation_direction(run.drop_vars(["m", "M"]))


@pytest.mark.oommf
def test_a_real_drive_and_every_form_that_oommf_writes(tmp_path):
    import oommfc as oc

    mesh = df.Mesh(p1=(-6e-9, 0, 0), p2=(6e-9, 4e-9, 2e-9), n=(6, 2, 1))
    system = mm.System(
        name="film",
        energy=mm.Zeeman(H=(0, 0, 1e5)) + mm.Exchange(A=1e-11),
        dynamics=mm.Precession(gamma0=2.2e5) + mm.Damping(alpha=0.1),
        m=df.Field(mesh, nvdim=3, value=(1, 0.5, 0), norm=8e5),
    )
    with open(tmp_path / "output", "wb") as sink:
        oc.TimeDriver().drive(system, t=12e-12, n=12, dirname=str(tmp_path), verbose=0)
        drive = open_drive(tmp_path / "film" / "drive-0", start=True)
        assert drive["M"].dims == ("t", "x", "y", "z", "vdims")
        np.testing.assert_allclose(drive["t"], np.arange(13) * 1e-12, rtol=1e-12)
        np.testing.assert_array_equal(drive["M"].isel(t=-1), system.m.array)
        np.testing.assert_allclose(
            drive["mz"][1:], (drive["M"][1:] / 8e5).sel(vdims="z").mean(["x", "y", "z"]), rtol=1e-6
        )
        assert drive["E"].attrs["units"] == "J"

        frame = sorted((tmp_path / "film" / "drive-0").glob("film-*.omf"))[-1]
        for version, representation, grid in OOMMF_FORMS:
            path = tmp_path / f"{version}-{representation}-{grid}.omf"
            arguments = ["avf2ovf", "-q", "-fileformat", "ovf", version, "-dataformat", representation, "-grid", grid]
            converted = [*command(), *arguments, str(frame), str(path)]
            subprocess.run(converted, stdin=subprocess.DEVNULL, stdout=sink, stderr=sink, check=True)
            run = xr.open_dataset(path, engine="ovf")
            m = run["M"]
            expected = drive["M"].isel(t=-1)
            if grid == "irreg":
                points = [run[axis].values.tolist() for axis in "xyz"]
                nearest = [xr.DataArray(values, dims="point") for values in points]
                expected = expected.sel(dict(zip("xyz", nearest, strict=True)), method="nearest")
            rounding = 1e-7 if representation == "b4" else 1e-14
            np.testing.assert_allclose(m, expected, rtol=0, atol=rounding * 8e5)
            assert m.attrs["units"] == "A/m"
