"""Single OVF files: every form of the format, names, units, and reading no more than is asked for."""

import concurrent.futures
import pickle
import re
import threading
from pathlib import Path

import discretisedfield as df
import numpy as np
import pytest
import xarray as xr
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from rows import rows

from runs.reading import OVFError
from runs.reading.backend import OVFBackend
from runs.reading.ovf_dataset import component_names
from runs.reading.ovf_header import Header


def open_one(path, **options):
    return xr.open_dataset(path, engine=OVFBackend, **options)


def test_xarray_knows_the_engine_and_the_extensions(tmp_path, values, ovf_file):
    assert xr.backends.list_engines()["ovf"].__class__ is OVFBackend
    for extension in ("omf", "ovf", "ohf", "oef", "OMF"):
        path = ovf_file(values).write(tmp_path / f"a.{extension}")
        np.testing.assert_array_equal(xr.open_dataset(path)["M"], values)
    np.testing.assert_array_equal(xr.open_dataset(str(path), engine="ovf")["M"], values)
    assert not OVFBackend().guess_can_open("a.nc")
    with pytest.raises(TypeError, match="opens a path"):
        OVFBackend().open_dataset(values)


@rows("newline", ["\n", "\r\n"])
@rows("order", ["<", ">"])
@rows("representation", ["Text", "Binary 4", "Binary 8"])
@rows("version", [1, 2])
def test_every_form_of_a_rectangular_mesh(tmp_path, values, version, representation, order, newline, ovf_file):
    units = "A/m" if version == 1 else "A/m A/m A/m"
    file = ovf_file(values, version=version, representation=representation, order=order, newline=newline, units=units)
    run = open_one(file.write(tmp_path / "a.omf"))
    m = run["M"]
    assert m.dims == ("x", "y", "z", "vdims")
    assert m.dtype == (np.float32 if representation == "Binary 4" else np.float64)
    assert m.dtype.isnative
    np.testing.assert_array_equal(m, values)
    np.testing.assert_array_equal(run["x"], 1 + 0.5 * np.arange(4))
    np.testing.assert_array_equal(run["z"], [3, 5])
    assert list(run["vdims"].values) == ["x", "y", "z"]
    assert (m.attrs["units"], run["y"].attrs["units"]) == ("A/m", "nm")


@rows("representation", ["Text", "Binary 4", "Binary 8"])
@rows("version", [1, 2])
def test_every_form_of_an_irregular_mesh(tmp_path, version, representation, ovf_file):
    random = np.random.default_rng(2)
    points = random.integers(0, 9, size=(5, 3)).astype(float)
    values = random.integers(0, 9, size=(5, 3)).astype(float)
    units = "A/m" if version == 1 else "A/m A/m A/m"
    file = ovf_file(values, points=points, version=version, representation=representation, units=units)
    run = open_one(file.write(tmp_path / "a.omf"))
    assert run["M"].dims == ("point", "vdims")
    np.testing.assert_array_equal(run["M"], values)
    for index, axis in enumerate("xyz"):
        np.testing.assert_array_equal(run[axis], points[:, index])
    np.testing.assert_array_equal(run["M"].isel(point=[4, 1], vdims=2), values[[4, 1], 2])


NUMBERS = st.floats(width=32, allow_nan=False)


@pytest.mark.slow
@given(
    values=arrays.arrays(np.float32, st.tuples(*[st.integers(1, 3)] * 3, st.integers(1, 4)), elements=NUMBERS),
    representation=st.sampled_from(["Text", "Binary 4", "Binary 8"]),
    order=st.sampled_from("<>"),
    newline=st.sampled_from(["\n", "\r\n"]),
    break_before_end=st.booleans(),
    labels=st.lists(st.text("abcd _-/^{}", max_size=6), max_size=4).map(lambda words: " ".join(words)),
    units=st.one_of(st.none(), st.text("abc {}/^3", max_size=12)),
    title=st.text(max_size=12).map(lambda text: "".join(text.split())),
    description=st.text("abc:# 1", max_size=20),
)
def test_what_is_written_is_read(tmp_path_factory, values, representation, ovf_file, **parts):
    if representation == "Text":
        parts["break_before_end"] = True
    path = tmp_path_factory.getbasetemp() / "round.ovf"
    ovf_file(values.astype(float), representation=representation, **parts).write(path)
    run = open_one(path)
    (name,) = run.data_vars
    expected = values if values.shape[-1] > 1 else values[..., 0]
    np.testing.assert_array_equal(run[name], expected)
    assert name.isidentifier()
    assert len(set(run.get("vdims", xr.DataArray([0])).values.tolist())) == run.sizes.get("vdims", 1)


@rows("representation", ["txt", "bin4", "bin8"])
@rows("components", [1, 3])
def test_what_discretisedfield_writes(tmp_path, representation, components):
    mesh = df.Mesh(p1=(-4e-9, 0, 1e-9), p2=(4e-9, 6e-9, 3e-9), n=(4, 3, 2))
    random = np.random.default_rng(3).normal(size=(4, 3, 2, components))
    written = df.Field(mesh, nvdim=components, value=random.astype(np.float32), unit="A/m")
    written.to_file(str(tmp_path / "a.ovf"), representation=representation)
    run = open_one(tmp_path / "a.ovf")
    expected = written.to_xarray()
    assert run["field"].dims == expected.dims
    np.testing.assert_array_equal(run["field"], expected)
    for axis in "xyz":
        np.testing.assert_allclose(run[axis], expected[axis], atol=1e-22)
    assert run["field"].attrs["units"] == "A/m"


def test_what_mumax3_writes_for_other_quantities(tmp_path, ovf_file):
    # It gives three units to whatever is no scalar, and letters after z to a fourth component.
    values = np.arange(8.0).reshape(2, 1, 1, 4)
    file = ovf_file(values, title="strain", labels="strain_x strain_y strain_z strain_{", units="1 1 1")
    run = open_one(file.write(tmp_path / "strain000000.ovf"))
    np.testing.assert_array_equal(run["strain"], values)
    assert list(run["vdims"].values) == ["x", "y", "z", "{"]
    assert run["strain"].attrs["units"] == "1"


def test_what_mumax_plus_writes(tmp_path, values, ovf_file, mumax_description):
    # It calls every vector m in the labels, and gives the stage's time the name of the total one.
    description = "\n".join(mumax_description(time) for time in ("0", "3e-11"))
    file = ovf_file(values, title="magnet:demag_field", labels="m_x m_y m_z", units="1 1 1", description=description)
    run = open_one(file.write(tmp_path / "magnet_demag_field_000000.ovf"))
    np.testing.assert_array_equal(run["demag_field"], values)
    assert run.attrs["time"] == 3e-11


def test_values_are_multiplied_into_the_unit(tmp_path, values, ovf_file):
    points = np.ones((3, 3))
    for mesh in ({"values": values}, {"values": values[:3, 0, 0], "points": points}):
        file = ovf_file(version=1, representation="Binary 8", order=">", units="kA/m", multiplier=0.5, **mesh)
        run = open_one(file.write(tmp_path / "a.omf"))
        np.testing.assert_array_equal(run["M"], 0.5 * mesh["values"])
    np.testing.assert_array_equal(run["x"], points[:, 0])


def test_a_mesh_may_run_backwards(tmp_path, values, ovf_file):
    run = open_one(ovf_file(values, step=(-0.5, 1, 1)).write(tmp_path / "a.omf"))
    np.testing.assert_array_equal(run["x"], [1, 0.5, 0, -0.5])


def test_a_header_without_the_first_node_has_it_half_a_step_inside_its_box(tmp_path, values, ovf_file):
    content = ovf_file(values).content()
    path = tmp_path / "a.omf"
    path.write_bytes(re.sub(rb"# .base: .*\n", b"", content))
    run = open_one(path)
    np.testing.assert_allclose(run["x"], [1, 1.5, 2, 2.5])
    np.testing.assert_array_equal(run["M"], values)
    sample = Path(df.__file__).parent / "tests" / "test_sample" / "ovf2-bin8_different-case.ovf"
    run = open_one(sample)
    field = df.Field.from_file(sample)
    for axis in "xyz":
        np.testing.assert_allclose(run[axis], getattr(field.mesh.cells, axis), rtol=1e-12)
    np.testing.assert_array_equal(run["field"], field.array)


def test_a_file_of_mumax3_without_sizes_has_its_cells_numbered(tmp_path, values, ovf_file):
    content = re.sub(rb"(# .(base|stepsize|min|max)): .*\n", rb"\1: 0\n", ovf_file(values, mesh_unit="m").content())
    path = tmp_path / "m000000.ovf"
    path.write_bytes(content)
    run = open_one(path)
    np.testing.assert_array_equal(run["M"], values)
    np.testing.assert_array_equal(run["x"], [0, 1, 2, 3])
    assert run["x"].attrs == {"long_name": "number of the cell along x"}, "a number of cells is no length"


def test_a_film_may_be_drawn_without_its_thickness(tmp_path, ovf_file):
    values = np.ones((2, 2, 1, 3))
    content = re.sub(rb"# z(min|max): .*\n", rb"# z\1: 0\n", ovf_file(values).content())
    path = tmp_path / "a.omf"
    path.write_bytes(content)
    assert open_one(path)["z"].values == [3.0]


def test_components_with_units_of_their_own(tmp_path, ovf_file):
    labels, units = '"Zeeman energy density" {Anisotropy field}', "J/m^3 A/m"
    run = open_one(ovf_file(np.ones((1, 1, 1, 2)), title="", labels=labels, units=units).write(tmp_path / "a.ovf"))
    assert list(run["vdims"].values) == ["Zeeman energy density", "Anisotropy field"]
    assert list(run["component_units"].values) == ["J/m^3", "A/m"]
    assert "units" not in run["field"].attrs


@rows(
    ("title", "labels", "units", "extension", "name"),
    [
        ("Oxs_TimeDriver::Magnetization", "Magnetization_x Magnetization_y Magnetization_z", "A/m", "omf", "M"),
        ("Oxs_MinDriver::Spin", "Spin_x Spin_y Spin_z", "{}", "omf", "m"),
        ("m", "m_x m_y m_z", "1", "ovf", "m"),
        ("m_full", "m_full_x m_full_y m_full_z", "A/m", "ovf", "M"),
        ("magnet:magnetization", "m_x m_y m_z", "1", "ovf", "m"),
        ("B_demag", "B_demag_x B_demag_y B_demag_z", "T", "ovf", "B_demag"),
        ("Field", "field_x field_y field_z", "None", "omf", "M"),
        ("Field", "field_x field_y field_z", "None", "ovf", "field"),
        ("Oxs_Demag:demag:Field", "{Field_x} {Field_y} {Field_z}", "A/m", "ohf", "field"),
        ("/home/a b/m0.omf", "H_ext_x H_ext_y H_ext_z", "A/m", "ovf", "H_ext"),
        ("x", None, None, "ovf", "field_x"),
        ("", None, None, "ovf", "field"),
    ],
)
def test_the_name_says_what_it_is(tmp_path, title, labels, units, extension, name, ovf_file):
    file = ovf_file(np.ones((1, 1, 1, 3)), title=title, labels=labels, units=units)
    run = open_one(file.write(tmp_path / f"a.{extension}"))
    assert list(run.data_vars) == [name]
    assert list(run["vdims"].values) == ["x", "y", "z"]


def test_a_scalar_has_no_axis_for_components(tmp_path, ovf_file):
    title, labels = "Oxs_UniformExchange:exchange:Energy density", "{Energy density}"
    file = ovf_file(np.arange(6.0).reshape(3, 2, 1, 1), title=title, labels=labels, units="J/m3")
    run = open_one(file.write(tmp_path / "a.oef"))
    assert run["Energy_density"].dims == ("x", "y", "z")
    np.testing.assert_array_equal(run["Energy_density"].isel(x=1), [[2], [3]])
    assert run["Energy_density"].attrs["long_name"] == title
    assert "vdims" not in run.coords


def test_attributes_come_from_the_description(tmp_path, values, ovf_file, oommf_description):
    description = oommf_description(stage=3, iteration=116, time=1e-10)
    run = open_one(ovf_file(values, description=description).write(tmp_path / "a.omf"))
    assert run.attrs["description"].startswith("Oxs vector field output\nIteration: 116, State id: 853\n")
    expected = {"time": 1e-10, "stage": 3, "iteration": 116, "stage_iteration": 7}
    assert {name: run.attrs[name] for name in expected} == expected
    # OOMMF's minimiser has no time and writes -1.
    still = ovf_file(values, description="Total simulation time: -1 s").write(tmp_path / "b.omf")
    assert "time" not in open_one(still).attrs
    old = ovf_file(values, version=1, order=">", units="1", description="Time (s): 2e-09").write(tmp_path / "c.omf")
    assert open_one(old).attrs["time"] == 2e-9


@pytest.mark.parametrize("representation", ["Text", "Binary 8"])
def test_of_several_segments_one_is_chosen(tmp_path, values, representation, ovf_file):
    files = [ovf_file(scale * values, representation=representation) for scale in (1, 2, 3)]
    path = tmp_path / "a.omf"
    path.write_bytes(files[0].prefix("rectangular", 3) + b"".join(file.segment() for file in files))
    for segment in range(3):
        run = open_one(path, segment=segment)
        np.testing.assert_array_equal(run["M"], (segment + 1) * values)
    for segment in (None, 3):
        with pytest.raises(OVFError, match=r"segment.*3"):
            open_one(path, segment=segment)


def test_comments_and_free_form_in_text(tmp_path, ovf_file):
    file = ovf_file(np.zeros((2, 1, 1, 3)), representation="Text")
    content = file.content().replace(b"0.0 0.0 0.0\n0.0 0.0 0.0", b"# 9 9 9\n 1\t2\n3 ## 4\n\n+4 5.d0 -6D-1  ")
    (tmp_path / "a.omf").write_bytes(content)
    np.testing.assert_array_equal(open_one(tmp_path / "a.omf")["M"].squeeze(), [[1, 2, 3], [4, 5, -0.6]])


def indices(size):
    # xarray itself takes all of an axis for a slice that runs backwards from before its beginning, as [-3::-1] of 2.
    lists = st.lists(st.integers(-2, 1), max_size=3), st.lists(st.integers(0, 1), max_size=2)
    return st.one_of(st.integers(-2, 1), st.slices(size), *lists)


SIZES = {"x": 4, "y": 3, "z": 2, "vdims": 3}


@given(index=st.fixed_dictionaries({}, optional={axis: indices(size) for axis, size in SIZES.items()}))
@example(index={"x": slice(0, 0, -1)})
def test_any_index_gives_what_numpy_gives(tmp_path_factory, index, ovf_file):
    random = np.random.default_rng(5).normal(size=(4, 3, 2, 3))
    path = ovf_file(random).write(tmp_path_factory.getbasetemp() / "index.omf")
    lazy, loaded = open_one(path)["M"], open_one(path)["M"].load()
    xr.testing.assert_identical(lazy.isel(index), loaded.isel(index))


def test_points_given_by_arrays(tmp_path, values, ovf_file):
    path = ovf_file(values).write(tmp_path / "a.omf")
    where = {axis: xr.DataArray(indices, dims="probe") for axis, indices in {"x": [3, 0], "y": [0, 2]}.items()}
    np.testing.assert_array_equal(open_one(path)["M"].isel(where), values[[3, 0], [0, 2]])


def test_an_opened_file_pickles_and_is_read_by_threads(tmp_path, values, ovf_file):
    run = pickle.loads(pickle.dumps(open_one(ovf_file(values).write(tmp_path / "a.omf"))))
    barrier = threading.Barrier(4)

    def read(index):
        barrier.wait()
        return [run["M"].isel(x=index).copy().values for _ in range(20)]

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        for index, results in enumerate(pool.map(read, range(4))):
            assert all(np.array_equal(result, values[index]) for result in results)


def test_chunks_are_whole_files_or_planes_of_large_ones(tmp_path, values, ovf_file):
    path = ovf_file(values).write(tmp_path / "a.omf")
    run = open_one(path, chunks={})
    assert run["M"].chunks == ((4,), (3,), (2,), (3,))
    np.testing.assert_array_equal(run["M"].compute(), values)
    with pytest.warns(UserWarning, match="separate the stored chunks"):
        assert open_one(path, chunks={"z": 1})["M"].chunks[2] == (1, 1)
    # A file of holes: 2 planes of 384 MB.
    content = ovf_file(np.zeros((1, 1, 1, 3))).content().replace(b"xnodes: 1\n", b"xnodes: 4000\n")
    content = content.replace(b"ynodes: 1\n", b"ynodes: 4000\n").replace(b"znodes: 1\n", b"znodes: 2\n")
    content = re.sub(rb"# .(min|max): .*\n", b"", content)
    large = tmp_path / "large.omf"
    large.write_bytes(content)
    with open(large, "r+b") as stream:
        stream.truncate(len(content) + 8 * 3 * (2 * 4000**2 - 1))
    assert open_one(large, chunks={})["M"].chunks[2] == (1, 1)


def test_a_working_directory_that_changes_does_not_matter(tmp_path, values, monkeypatch, ovf_file):
    ovf_file(values).write(tmp_path / "a.omf")
    monkeypatch.chdir(tmp_path)
    run = open_one("a.omf")
    monkeypatch.chdir("/")
    np.testing.assert_array_equal(run["M"], values)


def test_labels_that_say_nothing_are_numbers():
    fields = dict.fromkeys(("title", "mesh_unit"), "") | {"version": 2, "description": (), "nodes": (1, 1, 1)}
    fields |= {"has_sizes": True}
    fields |= {"base": (0, 0, 0), "step": (1, 1, 1), "units": ("",) * 2, "multiplier": 1, "dtype": np.dtype(float)}
    header = Header(**fields, valuedim=2, labels=("a", "a"), text=True, offset=0, description_bytes=0)
    assert component_names(header) == ["0", "1"]
