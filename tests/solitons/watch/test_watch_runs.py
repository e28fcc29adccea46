"""What the page shows of one run: its table, its frames as PNG, its solitons; stored or as they come."""

import json

import numpy as np
import pytest

from runs import execute
from runs.engines.native_frames import record_frames
from runs.frames_so_far import frames_so_far, spec_in
from runs.protocols.field_steps import FieldSteps, RampTo
from runs.spec import RunSpec
from runs.store import Store
from solitons.watch.observables import solitons_of
from solitons.watch.open_runs import details, frame_of, open_run_of
from solitons.watch.pictures import frame_picture
from solitons.watch.states import StoreWatch


def test_a_stored_run_and_its_table(watched, asking):
    run = watched.store.open(watched.ids[0])

    async def work(server):
        answer = await server.ask(f"run/{watched.ids[0]}")
        told = json.loads(answer.body)
        assert (told["device"], told["cells"], told["dimension"], told["playable"]) == ("stripe", [40, 4, 1], "t", True)
        assert (told["label"], told["component"]) == ("drive-0", "z")
        assert told["size"] == pytest.approx([160e-9, 16e-9, 1e-9])
        assert told["values"] == pytest.approx(run["t"].values)
        chart = next(each for each in told["charts"] if each["title"] == "mean magnetisation")
        assert [each["name"] for each in chart["series"]] == ["mx", "my", "mz"]
        assert chart["series"][2]["values"] == pytest.approx(run["mz"].values)

    asking(watched.store, work)


def test_pictures_are_those_of_the_frames(watched, asking, pixels):
    m = watched.store.open(watched.ids[0])["m"].values
    up, down = [103, 0, 31, 255], [5, 48, 97, 255]

    async def work(server):
        for frame in (0, m.shape[0] - 1):
            answer = await server.ask(f"run/{watched.ids[0]}/picture?frame={frame}&component=z")
            assert answer.headers["Content-Type"] == "image/png"
            image = pixels(answer.body)
            assert image.shape == (4, 40, 4)
            # Row 0 is the topmost: the largest y.
            mz = m[frame, :, ::-1, 0, 2].T
            assert (image[mz > 0.999] == up).all()
            assert (image[mz < -0.999] == down).all()
        newest = await server.ask(f"run/{watched.ids[0]}/picture?component=z")
        assert newest.body == answer.body
        beyond = await server.ask(f"run/{watched.ids[0]}/picture?component=z&frame=100000&layer=9&member=7")
        assert beyond.body == answer.body

    asking(watched.store, work)


def test_y_is_up_and_no_magnet_is_transparent(pixels):
    m = np.full((3, 2, 1, 3), np.nan, dtype=np.float32)
    m[0, 1, 0] = [0, 0, 1]
    m[2, 0, 0] = [1, 0, 0]
    image = pixels(frame_picture(None, m, "direction", -1))
    assert image[0, 0].tolist() == [255, 255, 255, 255]
    assert image[1, 2, 3] == 255
    assert image[1, 2, 0] > image[1, 2, 1:3].max()  # +x is red
    assert image[..., 3].sum() == 2 * 255


def test_a_run_of_an_engine_that_is_not_installed_is_shown(watched, asking, pixels, monkeypatch):
    def unknown(text, run_id):
        raise ValueError(f"run {run_id}: there is no such engine here")

    monkeypatch.setattr("solitons.watch.open_runs.read_spec", unknown)

    async def work(server):
        told = json.loads((await server.ask(f"run/{watched.ids[0]}")).body)
        assert (told["cells"], told["components"]) == ([40, 4, 1], ["z", "x", "y", "direction"])
        assert told["size"] == pytest.approx([160e-9, 16e-9, 1e-9])
        assert pixels((await server.ask(f"run/{watched.ids[0]}/picture")).body).shape == (4, 40, 4)
        assert "not installed" in json.loads((await server.ask(f"run/{watched.ids[0]}/solitons")).body)["note"]

    asking(watched.store, work)


@pytest.mark.parametrize(
    "asked", ["component=u", "component=vertex%20charge", "frame=x", "layer=1e3", "component=../x"]
)
def test_what_cannot_be_drawn_is_refused(watched, asking, asked):
    async def work(server):
        assert (await server.ask(f"run/{watched.ids[0]}/picture?{asked}")).code in (400, 404)
        assert (await server.ask("runs")).code == 200

    asking(watched.store, work)


def test_answers_are_had_once(watched, asking):
    async def work(server):
        paths = (f"run/{watched.ids[0]}/picture?frame=0", f"run/{watched.ids[0]}/solitons", f"run/{watched.ids[0]}")
        for path in (*paths, "campaign/demo/mock", "page.js"):
            first = await server.ask(path)
            again = await server.ask(path, headers={"If-None-Match": first.headers["Etag"]})
            assert (first.code, again.code, again.body) == (200, 304, b""), path
            other = await server.ask(path, headers={"If-None-Match": '"another"'})
            assert other.body == first.body

    asking(watched.store, work)


def test_the_walls_of_a_stripe(watched, asking):
    from analysis import walls

    found = walls(watched.store.open(watched.ids[1]))

    async def work(server):
        told = json.loads((await server.ask(f"run/{watched.ids[1]}/solitons")).body)
        assert told["note"] == ""
        position = next(each for each in told["charts"] if each["title"] == "wall position")
        assert position["unit"] == "m"
        assert position["series"][0]["values"] == pytest.approx(found["position"].values[:, 0])

    asking(watched.store, work)


def test_a_run_that_is_computed_shows_its_newest_frame(watched, asking, pixels):
    spec = watched.specs[2]

    async def work(server):
        told = json.loads((await server.ask(f"run/{watched.ids[2]}")).body)
        assert (told["state"], told["frames"], told["playable"]) == ("computing", 3, False)
        assert told["values"] == pytest.approx(spec.protocol.frames().values[:3])
        energy = next(each for each in told["charts"] if each["title"] == "energy")
        assert energy["series"][0]["values"] == pytest.approx([0.0, 1e-18, 2e-18])
        answer = await server.ask(f"run/{watched.ids[2]}/picture?component=z")
        assert pixels(answer.body).shape == (4, 40, 4)
        later = json.loads((await server.ask(f"run/{watched.ids[2]}/solitons")).body)
        assert "stored" in later["note"]
        missing = json.loads((await server.ask(f"run/{watched.ids[5]}")).body)
        assert (missing["state"], missing["frames"]) == ("missing", 0)
        assert (await server.ask(f"run/{watched.ids[5]}/picture")).code == 404

    asking(watched.store, work)


def test_a_damaged_frame_is_named_on_the_page(watched, asking):
    chunk = max(
        (watched.store.entry(watched.ids[0]) / "run.zarr" / "m" / "c").rglob("0"), key=lambda path: len(path.parts)
    )
    content = bytearray(chunk.read_bytes())
    content[-5] ^= 0xFF
    chunk.write_bytes(content)

    async def work(server):
        assert (await server.ask(f"run/{watched.ids[0]}/picture?component=z")).code == 404
        assert (await server.ask(f"run/{watched.ids[1]}/picture?component=z")).code == 200
        told = json.loads((await server.ask(f"run/{watched.ids[0]}")).body)
        assert "is not what was written" in told["problem"]

    asking(watched.store, work)


@pytest.mark.parametrize("content", [b"", b"\x93NUMPY\x01\x00", b"not an array at all", b"x" * 4000])
def test_a_frame_that_a_killed_process_has_left_half_written_is_none(watched, content):
    (newest,) = watched.directory.glob("frame-3.npy")
    newest.write_bytes(content)
    assert frames_so_far(watched.directory, watched.specs[2]) is None


def test_a_frame_that_asks_for_memory_without_end_is_none(watched):
    (newest,) = watched.directory.glob("frame-3.npy")
    header = {"descr": "<f4", "fortran_order": False, "shape": (1 << 50, 3)}
    with open(newest, "wb") as stream:
        np.lib.format.write_array_header_1_0(stream, header)
    assert frames_so_far(watched.directory, watched.specs[2]) is None


def test_frames_that_are_recorded_are_read_back(tmp_path, make_spec):
    spec = make_spec()
    (tmp_path / "spec.json").write_text(spec.model_dump_json())
    assert frames_so_far(tmp_path, spec) is None
    rng = np.random.default_rng(3)
    m = rng.normal(size=(*spec.device.shape, 3))
    m /= np.linalg.norm(m, axis=-1, keepdims=True)
    m[0, 0] = np.nan
    record_frames(tmp_path, spec.protocol.frames().values)(m, 3e-18)
    found = frames_so_far(tmp_path, spec_in(tmp_path, spec.run_id))
    np.testing.assert_allclose(found.newest, m, rtol=1e-6)
    assert found.columns["energy"] == pytest.approx([3e-18])
    assert [found.columns[f"m{axis}"][0] for axis in "xyz"] == pytest.approx(np.nanmean(m, axis=(0, 1, 2)))
    assert spec_in(tmp_path, "0" * 16) is None


def test_a_disk_that_is_full_stops_no_run(tmp_path, make_spec):
    spec = make_spec()
    record = record_frames(tmp_path / "is not there", spec.protocol.frames().values)
    record(spec.device.initial_magnetisation(spec.material), 0.0)


@pytest.mark.slow
@pytest.mark.oommf
def test_frames_of_oommf_are_read_as_they_come(tmp_path, make_spec):
    import runs.engines.oommf as engine

    spec = make_spec(engine="oommf")
    seen = []

    def look(fraction):
        seen.append((fraction, frames_so_far(tmp_path, spec)))

    run = engine.simulate(spec, tmp_path, look)
    last = frames_so_far(tmp_path, spec)
    np.testing.assert_allclose(last.newest, run["m"].values[-1], atol=1e-6)
    assert last.values == pytest.approx(run["t"].values[1:])
    for name in ("mx", "my", "mz", "energy"):
        np.testing.assert_allclose(last.columns[name], run[name].values[1:], rtol=1e-5, atol=1e-6 * (name != "energy"))
    assert all(found is None or len(found.values) <= len(last.values) for _, found in seen)


def test_an_ice_has_charges_at_its_vertices(tmp_path, ice, soft, pixels):
    device = ice()
    protocol = FieldSteps(steps=[RampTo(to=2e5, angle="20 deg", field_steps=3)])
    spec = RunSpec(device=device, material=soft, protocol=protocol, engine="mock")
    store = Store(tmp_path / "store")
    list(execute([spec], store.root))
    run = open_run_of(StoreWatch(store).look().states.runs[spec.run_id], store)
    told = details(run)
    assert told["component"] == "direction"
    assert "vertex charge" in told["components"]
    m = frame_of(run, -1)
    image = pixels(frame_picture(run, m, "vertex charge", -1))
    plain = pixels(frame_picture(run, m, "direction", -1))
    assert max(image.shape) > max(plain.shape)
    charts = {each["title"]: each for each in solitons_of(run)["charts"]}
    assert set(charts) == {"monopoles", "mean moment of the islands"}
    assert len(charts["monopoles"]["x"]) == run.frames
