"""What kind of wall each is: against textures that geometries makes, and antivortices made here."""

import json

import numpy as np
import pytest
import xarray as xr
from rows import rows

from analysis import artificial, walls
from analysis.domain_walls.absence import NoWalls
from geometries import Stripe, get_material

NM = 1e-9
SOFT = {"length": "600 nm", "width": "160 nm", "thickness": "20 nm", "cell": ("5 nm", "5 nm", "10 nm")}


def run_of(*frames, cell=(5e-9, 5e-9, 10e-9)):
    """A run with the given magnetisation, (nx, ny, nz, 3) each."""
    sizes = (count * size for count, size in zip(frames[0].shape[:3], cell, strict=True))
    length, width, thickness = sizes
    run = artificial.domain_walls(
        np.full(len(frames), length / 2), length=length, magnet_width=width, thickness=thickness, cell=cell
    )
    return run.assign(m=run.m.copy(data=np.stack(frames)))


def soft(**wall):
    stripe = Stripe(**SOFT, walls=[{"position": "280 nm"} | wall])
    return stripe.initial_magnetisation(get_material("permalloy"))


def antivortex(x0, y0, shape=(120, 32, 2)):
    """The moments of a head-to-head wall that turn against the way around a point."""
    x, y = (np.arange(count) * 5e-9 + 2.5e-9 for count in shape[:2])
    angle = np.pi - np.arctan2((y - y0) / 30e-9, ((x - x0) / 30e-9)[:, None])
    core = np.exp(-(((x - x0) / 8e-9)[:, None] ** 2 + ((y - y0) / 8e-9) ** 2))
    m = np.stack([np.cos(angle) * np.sqrt(1 - core**2), np.sin(angle) * np.sqrt(1 - core**2), core], axis=-1)
    return np.repeat(m[:, :, None], shape[2], axis=2)


@rows("domain", [1, -1])
@rows(("sign", "polarity"), [(1, 1), (-1, 1), (1, -1)])
def test_a_vortex_wall_is_one_with_its_core(sign, polarity, domain):
    stripe = Stripe(
        **SOFT,
        walls=[{"position": "280 nm", "kind": "vortex", "sign": sign, "polarity": polarity}],
        first_domain=domain,
    )
    found = walls(run_of(stripe.initial_magnetisation(get_material("permalloy"))))
    assert found.kind.values.tolist() == [["vortex"]]
    assert float(found.core_x[0, 0]) == pytest.approx(280 * NM, abs=5 * NM)
    assert float(found.core_y[0, 0]) == pytest.approx(80 * NM, abs=5 * NM)
    assert np.sign(found.core_mz.values.item()) == polarity
    assert found.circulation.values.item() == sign


def test_the_kind_is_that_of_each_frame():
    found = walls(
        run_of(
            soft(kind="transverse"),
            antivortex(300 * NM, 52 * NM),
            soft(kind="transverse", sign=-1),
            soft(kind="vortex"),
        )
    )
    assert found.kind.values[:, 0].tolist() == ["transverse", "antivortex", "transverse", "vortex"]
    assert np.isfinite(found.core_x.values[:, 0]).tolist() == [False, True, False, True]
    assert found.core_x.values[1, 0] == pytest.approx(300 * NM, abs=5 * NM)
    assert found.core_y.values[1, 0] == pytest.approx(52 * NM, abs=5 * NM)
    assert np.isnan(found.circulation.values[1, 0])


def test_a_vortex_far_from_the_wall_is_none_of_its():
    m = soft(kind="transverse", position="150 nm")
    m[-40:] = soft(kind="vortex")[::-1][36:76] * np.array([-1, 1, 1])
    assert walls(run_of(m)).kind.values[0, 0] == "transverse"


def test_two_walls_have_a_kind_each():
    stripe = Stripe(
        **SOFT | {"length": "1200 nm"},
        walls=[{"position": "300 nm", "kind": "vortex"}, {"position": "900 nm", "kind": "transverse"}],
    )
    found = walls(run_of(stripe.initial_magnetisation(get_material("permalloy"))))
    assert found.kind.values.tolist() == [["vortex", "transverse"]]


@rows(("angle", "kind"), [(0.0, "neel"), (0.7, "neel"), (0.9, "bloch"), (-np.pi / 2, "bloch"), (3.0, "neel")])
def test_perpendicular_walls_are_told_apart_by_their_angle(angle, kind):
    found = walls(artificial.domain_walls([[100 * NM], [-20 * NM]], angle=angle))
    assert found.kind.values.tolist() == [[kind], [""]]
    assert np.isnan(found.core_x.values).all()


def expected_walls(run, *, relaxed, walls=({"position": 1e-7},)):
    steps = [{"do": "relax"}] if relaxed else [{"do": "rest"}]
    spec = {"device": {"walls": list(walls)}, "protocol": {"steps": steps}}
    return run.assign_attrs(run_id="7", spec=json.dumps(spec))


NONE = artificial.domain_walls([[-50e-9], [-60e-9]])


def test_a_wall_that_the_relaxation_drove_out_is_a_warning_with_the_reason():
    with pytest.warns(
        NoWalls, match=r"run 7 has no domain wall: its first frame is one domain, m_z < 0 .* relaxation.*pinned_ends"
    ):
        found = walls(expected_walls(NONE, relaxed=True))
    assert "after the relaxation" in found.attrs["no_walls"]
    with pytest.warns(NoWalls, match=r"the 2 walls that its device starts with are outside the magnet"):
        walls(expected_walls(NONE, relaxed=False, walls=({}, {})))


@rows(
    ("run", "options", "reason"),
    [
        (NONE, {}, "its device starts without a wall"),
        (artificial.domain_walls([100e-9], component="x"), {"component": "z"}, "m_x is larger, give component='x'"),
        (
            NONE.assign(m=NONE.m * 0.1 + xr.DataArray([0, 0.995, 0], dims="vdims")),
            {},
            "in 0% of the first frame's columns; lower the threshold",
        ),
    ],
)
def test_a_run_without_walls_says_why_and_warns_nobody(run, options, reason):
    assert reason in walls(run, **options).attrs["no_walls"]


def test_a_wall_that_leaves_is_no_absence():
    assert "no_walls" not in walls(artificial.domain_walls([[100e-9], [-20e-9]])).attrs
