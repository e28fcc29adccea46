from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from rows import rows

from analysis import artificial, drift, find_skyrmions, topological_charge
from analysis.skyrmions.topological_charge import topological_charge_density

from .crowds import crowd, hot_film, right_events, right_links, switches

NM = 1e-9
CELL = 2 * NM


@pytest.fixture(scope="module")
def track_run():
    """A driven skyrmion by OOMMF: see data/README.md."""
    with np.load(Path(__file__).parents[1] / "data" / "skyrmion_track_oommf.npz") as stored:
        metres = {"units": "m"}
        return xr.Dataset(
            {"m": (("t", "x", "y", "z", "vdims"), stored["m"].astype(np.float32) / 32767)},
            coords={
                "t": ("t", stored["t"], {"units": "s"}),
                **{axis: (axis, stored[axis], metres) for axis in "xyz"},
                "vdims": ["x", "y", "z"],
            },
        )


def still(*places, **how):
    return artificial.skyrmions([[(x * NM, y * NM) for x, y in places]], **how)


def events(found):
    return [
        (str(kind), int(frame), int(which), int(other))
        for kind, frame, which, other in zip(
            found.event_kind.values,
            found.event_frame.values,
            found.event_skyrmion.values,
            found.event_other.values,
            strict=True,
        )
    ]


def test_the_driven_skyrmion_of_oommf(track_run):
    found = find_skyrmions(track_run)
    assert found.sizes["skyrmion"] == 1
    assert not events(found)
    for centre in ("", "charge_"):
        ends = np.stack([found[f"{centre}{axis}"].values[[0, -1], 0] for axis in "xy"], axis=-1) / NM
        np.testing.assert_allclose(ends, [(127.3, 48.0), (56.9, 61.2)], atol=0.06)
    moved = drift(found, between=(0, 2e-10))
    assert moved.velocity_x.item() == pytest.approx(-90.0, abs=0.06)
    assert moved.velocity_y.item() == pytest.approx(17.3, abs=0.06)
    # Inwards from -x to +x: a Neel skyrmion for D > 0 with its core down.
    np.testing.assert_allclose(np.abs(found.helicity), np.pi, atol=0.01)
    assert (found.charge == -1).all()
    assert (found.polarity == -1).all()
    np.testing.assert_allclose(found.unaccounted_charge, 0, atol=1e-9)


def test_the_driven_skyrmion_obeys_thieles_equation(track_run):
    r"""G x (u - v) + D (beta u - alpha v) = 0, u the drift velocity and G = 4 pi Q.

    D = 2 pi (R / Delta + Delta / R) is the integral of (grad m_i . grad m_j) over a wall of Walker's profile that is
    closed to a circle (A. A. Thiele, Phys. Rev. Lett. 30, 230 (1973)).
    """
    found = find_skyrmions(track_run)
    ratio = float(found.radius[0, 0] / found.width[0, 0])
    dissipation, alpha, beta, u = (ratio + 1 / ratio) / 2, 0.3, 0.15, -100.0
    charge = float(found.charge[0, 0])
    share = 1 + (alpha * dissipation) ** 2
    expected = np.array([1 + alpha * beta * dissipation**2, charge * (alpha - beta) * dissipation]) * u / share
    moved = drift(found, between=(0, 2e-10))
    np.testing.assert_allclose([moved.velocity_x.item(), moved.velocity_y.item()], expected, rtol=0.05)


def test_charge_at_open_edges(track_run):
    found = topological_charge(track_run)
    np.testing.assert_allclose(found.charge, -0.9445, atol=5e-5)
    np.testing.assert_allclose(found.charge + found.edge_charge, -1, atol=1e-9)
    density = topological_charge_density(track_run)
    np.testing.assert_allclose(density.sum(("x", "y", "z")) * CELL**2, found.charge.sum("z"), rtol=1e-12)


@pytest.mark.parametrize(
    ("kind", "background", "charge", "polarity"),
    [
        ("skyrmion", 1, -1, -1),
        ("skyrmion", -1, 1, 1),
        ("antiskyrmion", 1, 1, -1),
        ("skyrmionium", 1, 0, 1),
        ("bubble", 1, 0, -1),
    ],
)
def test_every_kind_has_a_name_and_a_place(kind, background, charge, polarity):
    run = still((101.3, 62.7), kind=kind, background=background, radius=24 * NM, wall_width=3 * NM, helicity=0.7)
    found = find_skyrmions(run).isel(t=0, skyrmion=0)
    assert str(found.kind.values) == kind
    assert (found.charge, found.polarity) == (charge, polarity)
    assert found.x.item() == pytest.approx(101.3 * NM, abs=0.1 * CELL)
    assert found.y.item() == pytest.approx(62.7 * NM, abs=0.1 * CELL)
    assert found.radius.item() == pytest.approx(24 * NM, rel=0.01)
    if kind != "bubble":
        assert found.helicity.item() == pytest.approx(0.7, abs=0.02)
    if charge:
        assert found.charge_x.item() == pytest.approx(101.3 * NM, abs=0.1 * CELL)
        assert found.charge_y.item() == pytest.approx(62.7 * NM, abs=0.1 * CELL)
        assert found.width.item() == pytest.approx(3 * NM, rel=0.01)
    else:
        assert np.isnan(found.charge_x)
    assert found.unaccounted_charge.item() == pytest.approx(0, abs=1e-9)
    assert str(found.state.values) == "skyrmions"


@pytest.mark.parametrize("cell", [(2 * NM, 2 * NM, NM), (2 * NM, NM, NM), (1.5 * NM, 2.5 * NM, NM)])
def test_cells_of_any_shape_show_the_same_skyrmion(cell):
    extent = (240 * NM, 120 * NM)
    run = artificial.skyrmions([(101 * NM, 33 * NM)], cell=cell, extent=extent, radius=12 * NM, wall_width=4 * NM)
    found = find_skyrmions(run).isel(t=0, skyrmion=0)
    np.testing.assert_allclose([found.x / NM, found.y / NM], [101, 33], atol=0.1)
    assert found.radius.item() == pytest.approx(12 * NM, rel=0.01)
    assert found.width.item() == pytest.approx(4 * NM, rel=0.03)
    assert found.edge_distance.item() == pytest.approx(33 * NM, abs=0.2 * NM)
    assert (str(found.kind.values), found.charge.item()) == ("skyrmion", pytest.approx(-1, abs=0.02))


@pytest.mark.parametrize(
    ("seed", "how", "most"),
    [
        (1, {"frames": 16, "extent": (800 * NM, 400 * NM)}, (400, 20)),
        *(
            pytest.param(6, how, (800, 30), marks=pytest.mark.slow)
            for how in ({}, {"step": 0.0, "noise": 6 * NM}, {"closest": 2.05}, {"step": 14 * NM})
        ),
    ],
)
def test_crowds_that_drift_diffuse_and_touch(seed, how, most):
    run, truth, happened = crowd(seed, **how)
    found = find_skyrmions(run)
    right, links = right_links(found, truth)
    assert right >= 0.99 * links > most[0]
    right, there, extra = right_events(found, happened)
    assert right >= 0.95 * there > most[1]
    assert len(extra) <= 0.05 * there


@pytest.mark.parametrize(
    ("radius", "noise", "closest", "seed"),
    [
        (5, 0.12, 2.2, 1),
        (5, 0.3, 2.2, 1),
        (5, 0.3, 2.5, 1),
        (5, 0.3, 2.2, 4),  # in one frame two are in one line
        *(
            pytest.param(radius, noise, closest, 1, marks=pytest.mark.slow)
            for radius, noise, closest in [(9, 0.12, 2.5), (9, 0.3, 2.2), (9, 0.3, 2.5), (15, 0.12, 2.2),
                                           (15, 0.3, 2.2), (15, 0.3, 2.5)]
        ),
    ],
)  # fmt: skip
def test_heat_takes_and_gives_no_skyrmion(radius, noise, closest, seed):
    """Links and events of 16 skyrmions, where trackpy has them right after a blur: benchmarks."""
    run, truth, happened = hot_film(seed, radius, noise=noise, closest=closest)
    found = find_skyrmions(run)
    assert switches(found, truth, within=radius * 4 * NM / 2) == 0
    assert found.sizes["skyrmion"] == 16
    assert sorted(found.event_kind.values) == happened
    np.testing.assert_allclose(np.sort(found.event_frame), [10, 10, 21], atol=1)
    kinds = found.kind.values
    assert (kinds == "cluster").sum() == (seed == 4)
    assert set(kinds.ravel()) <= {"", "skyrmion", "cluster"}
    assert set(found.charge.values[kinds == "skyrmion"]) == {-1.0}


@pytest.mark.parametrize("radius", [1.25, 1.5, 2.0])
def test_small_skyrmions_are_found_wherever_they_are_between_cells(radius):
    places = np.random.default_rng(1).uniform(30, 34, (40, 1, 2)) * NM
    size = {"radius": radius * CELL, "wall_width": 0.8 * radius * CELL, "extent": (64 * NM, 64 * NM)}
    assert (find_skyrmions(artificial.skyrmions(places, **size)).number == 1).all()


def test_one_that_shrinks_is_there_until_it_has_gone():
    radius = np.array([[6.0], [5.0], [4.0], [3.2], [2.5], [2.5], [2.5]]) * NM
    places = np.full((7, 1, 2), 32.6 * NM)
    places[5:] = np.nan
    size = {"radius": radius, "wall_width": 0.6 * radius, "extent": (64 * NM, 64 * NM)}
    assert events(find_skyrmions(artificial.skyrmions(places, **size))) == [("annihilation", 5, 0, -1)]


def test_creation_and_annihilation_have_a_time_and_a_place():
    gone = (np.nan, np.nan)
    places = [[(60, 60), gone], [(62, 60), (180, 70)], [gone, (181, 70)], [gone, (182, 70)]]
    found = find_skyrmions(artificial.skyrmions(np.array(places) * NM))
    assert events(found) == [("creation", 1, 1, -1), ("annihilation", 2, 0, -1)]
    np.testing.assert_allclose(found.event_t, [1e-10, 2e-10])
    np.testing.assert_allclose(found.event_x / NM, [180, 62], atol=0.2)
    assert found.number.values.tolist() == [1, 2, 1, 1]


def test_merging_and_splitting():
    gone = (np.nan, np.nan)
    places = np.array([[(90, 60), (132, 60), gone], [(95, 60), (127, 60), gone], [gone, gone, (111, 60)]]) * NM
    radius = np.array([[12, 12, 18]]) * NM
    run = artificial.skyrmions(places, radius=radius)
    found = find_skyrmions(run)
    ((kind, frame, one, other),) = events(found)
    assert (kind, frame, {one, other}) == ("merging", 2, {0, 1})
    assert found.event_x.values[0] == pytest.approx(111 * NM, abs=20 * NM)
    back = run.isel(t=slice(None, None, -1)).assign_coords(t=run.t.values)
    back.t.attrs["units"] = "s"
    ((kind, frame, _, _),) = events(find_skyrmions(back))
    assert (kind, frame) == ("splitting", 1)


def test_leaving_and_entering_by_an_edge():
    places = np.array([[(200 + 15 * k, 64), (-30 + 15 * k, 40)] for k in range(8)]) * NM
    found = find_skyrmions(artificial.skyrmions(places))
    assert [each[0] for each in events(found)] == ["entering", "leaving"]


def test_one_that_becomes_a_domain_at_the_edge_opens():
    run = artificial.skyrmions([[(70 * NM, 40 * NM)]] * 4)
    x, y = run.x.values / NM, run.y.values / NM
    grown = np.tanh((np.hypot((x[:, None] - 80) / 2, y[None] - 10) - 28) / 3)
    m = run.m.values.copy()
    m[2:, :, :, 0] = np.stack([np.sqrt(1 - grown**2), 0 * grown, grown], axis=-1)
    run["m"] = run.m.copy(data=m)
    found = find_skyrmions(run)
    assert events(found) == [("opening", 2, 0, -1)]
    assert found.state.values.tolist() == ["skyrmions"] * 2 + ["domains"] * 2
    back = run.isel(t=slice(None, None, -1)).assign_coords(t=run.t)
    assert events(find_skyrmions(back)) == [("closing", 2, 0, -1)]


def test_a_skyrmionium_that_becomes_a_skyrmion_keeps_its_name():
    frames = [still((100 + k, 60), kind="skyrmionium" if k < 2 else "skyrmion", radius=20 * NM) for k in range(4)]
    run = xr.concat([frame.assign_coords(t=[k * 1e-10]) for k, frame in enumerate(frames)], "t")
    run.t.attrs["units"] = "s"
    found = find_skyrmions(run)
    assert found.kind.values[:, 0].tolist() == ["skyrmionium"] * 2 + ["skyrmion"] * 2
    assert events(found) == [("change", 2, 0, -1)]


def test_what_cannot_be_told_apart_is_flagged():
    # The gap between the outlines is six cells, then less than two.
    assert find_skyrmions(still((80, 64), (116, 64))).resolved.values.all()
    assert not find_skyrmions(still((80, 64), (102, 64))).resolved.values.any()
    for distance in (18, 20):
        cluster = find_skyrmions(still((80, 64), (80 + distance, 64)))
        assert cluster.kind.values.tolist() == [["cluster"]]
        assert cluster.charge.values.tolist() == [[-2.0]]
        assert not cluster.resolved.values.any()
        assert cluster.unaccounted_charge.item() == pytest.approx(0, abs=1e-9)
    tiny = find_skyrmions(still((81, 65), radius=2.5 * NM, wall_width=2 * NM))
    assert tiny.charge.values.tolist() == [[-1.0]]
    assert not tiny.resolved.values.any()


def film(profile, spec="{}"):
    """A film whose m_z follows x."""
    run = still((1000, 1000)).isel(t=[0])
    x = run.x.values / NM
    m_z = np.broadcast_to(profile(x)[:, None, None], run.m.shape[1:4])
    m = np.stack([np.sqrt(np.maximum(1 - m_z**2, 0)), np.zeros_like(m_z), m_z], axis=-1)
    run["m"] = run.m.copy(data=m[np.newaxis].astype(np.float32))
    return run.assign_attrs(spec=spec)


@pytest.mark.parametrize(
    ("profile", "state", "words"),
    [
        (lambda x: np.sin(2 * np.pi * x / 20), "domains", "a spiral, or stripes as narrow as their walls, about 21 nm"),
        (lambda x: np.tanh(8 * np.sin(2 * np.pi * x / 20)), "domains", "stripes or domains, about 21 nm"),
        (lambda x: 0.1 * np.sin(2 * np.pi * x / 20), "in the plane", "magnetised in its plane"),
        (lambda x: np.ones_like(x), "uniform", "is one domain, m_z > 0, and no closed line"),
    ],
)
def test_what_a_film_without_skyrmions_is(profile, state, words):
    found = find_skyrmions(film(profile))
    assert found.state.values.tolist() == [state]
    assert words in found.attrs["no_skyrmions"]
    assert found.sizes["skyrmion"] == 0


def test_a_device_that_should_have_some_warns():
    spec = '{"device": {"skyrmions": [{"position": [0, 0]}]}}'
    with pytest.warns(UserWarning, match="collapsed in the relaxation"):
        find_skyrmions(film(np.ones_like, spec))


def test_a_worm_is_no_skyrmion():
    run = still((1000, 1000))
    x, y = run.x.values / NM, run.y.values / NM
    # The distance from a line of 120 nm makes the wall.
    along = np.clip(x[:, None], 70, 190)
    distance = np.hypot(x[:, None] - along, y[None] - 64)
    polar = 2 * np.arctan(np.exp((12 - distance) / 4))
    azimuth = np.arctan2(y[None] - 64, x[:, None] - along)
    m = np.stack([np.sin(polar) * np.cos(azimuth), np.sin(polar) * np.sin(azimuth), np.cos(polar)], axis=-1)
    run["m"] = run.m.copy(data=m[np.newaxis, :, :, np.newaxis].astype(np.float32))
    found = find_skyrmions(run)
    assert found.kind.values.tolist() == [["stripe domain"]]
    assert found.charge.values.tolist() == [[-1.0]]
    assert found.state.values.tolist() == ["domains"]


def test_heat_shifts_a_centre_by_a_part_of_a_cell():
    truth = np.array([[(60 + 4 * k, 40), (180 - 3 * k, 90)] for k in range(10)]) * NM
    run = artificial.skyrmions(truth)
    noisy = run.m.values + np.random.default_rng(2).normal(0, 0.15, run.m.shape)
    run["m"] = run.m.copy(data=(noisy / np.linalg.norm(noisy, axis=-1, keepdims=True)).astype(np.float32))
    found = find_skyrmions(run)
    assert not events(found)
    places = np.stack([found.x.values, found.y.values], axis=-1)
    assert np.sqrt(((places - truth) ** 2).sum(axis=-1).mean()) < 0.1 * CELL
    np.testing.assert_allclose(found.unaccounted_charge, 0, atol=1e-9)


def test_lazy_chunks_and_steps_give_the_same():
    run = artificial.skyrmions(np.array([[(60 + 5 * k, 60), (150, 70 - k)] for k in range(6)]) * NM)
    whole = find_skyrmions(run)
    xr.testing.assert_identical(find_skyrmions(run.chunk({"t": 2, "x": 50})), whole)
    steps = run[["m"]].rename(t="step").assign_coords(step=np.arange(6))
    found = find_skyrmions(steps)
    np.testing.assert_array_equal(found.x, whole.x)
    assert "velocity_x" not in found
    assert "event_step" in found
    lazy = topological_charge_density(run.chunk({"t": 1}))
    assert lazy.chunks is not None
    np.testing.assert_array_equal(lazy, topological_charge_density(run))


def test_a_mask_with_a_hole_and_several_layers():
    run = artificial.skyrmions(
        [[(60 * NM, 60 * NM)]],
        thickness=3 * NM,
        mask=np.hypot(*np.meshgrid(np.arange(128) - 90, np.arange(64) - 30, indexing="ij")) > 8,
    )
    found = find_skyrmions(run)
    assert found.charge.values.tolist() == [[-1.0]]
    # To the hole, whose border is at 164 nm: the centre of its first cell that is missing, less half a cell.
    assert found.edge_distance.item() == pytest.approx(60 * NM, abs=CELL)
    assert topological_charge(run).sizes["z"] == 3


@rows(
    ("how", "words"),
    [
        ({"threshold": 1.5}, "threshold is 1.5"),
        ({"background": 0}, "background is 0"),
        ({"memory": -1}, "memory is -1"),
        ({"max_displacement": 0.0}, "max_displacement is 0.0"),
    ],
)
def test_parameters_that_are_refused(how, words):
    with pytest.raises(ValueError, match=words):
        find_skyrmions(still((60, 60)), **how)
