import json

import numpy as np
import pytest
from pydantic import ValidationError
from rows import rows

from geometries import Material, SkyrmionTrack

from .tracks import NM, track

FILM = Material(name="film", Ms=5.8e5, A=1.5e-11, Ku=8e5, D=3e-3, alpha=0.3)
AT = {"position": ("60 nm", "40 nm"), "radius": "12 nm"}


def test_a_skyrmion_starts_as_the_material_prefers():
    m = track(skyrmions=[AT]).initial_magnetisation(FILM)
    x, y, _ = track().cell_centres()
    assert m.shape == (100, 40, 1, 3)
    inside = np.hypot(x[:, None] - 60 * NM, y[None] - 40 * NM) < 12 * NM
    np.testing.assert_array_equal(m[:, :, 0, 2] < 0, inside)
    # Inwards for D > 0 and a core that is down.
    assert m[36, 20, 0, 0] < -0.9


@rows("background", [1, -1])
@rows(("dmi", "strength"), [("bulk", 3e-3), ("bulk", -3e-3), ("interfacial", 3e-3), ("interfacial", -3e-3)])
def test_the_material_prefers_the_sense_in_which_dmi_lowers_the_energy(dmi, strength, background):
    m = track(skyrmions=[AT], background=background).initial_magnetisation(
        FILM.model_copy(update={"dmi": dmi, "D": strength})
    )[:, :, 0]
    dx, dy = (np.gradient(m, each, axis=axis) for axis, each in enumerate(track().cell[:2]))
    if dmi == "bulk":  # D m . curl(m)
        curl = np.stack([dy[..., 2], -dx[..., 2], dx[..., 1] - dy[..., 0]], axis=-1)
        density = np.sum(m * curl, axis=-1)
    else:  # D (m . grad(m_z) - m_z div(m))
        density = m[..., 0] * dx[..., 2] + m[..., 1] * dy[..., 2] - m[..., 2] * (dx[..., 0] + dy[..., 1])
    gained = strength * np.sum(density[15:45, 5:35]) * np.prod(track().cell[:2])
    # A straight wall of its length gains pi |D| per area.
    assert gained == pytest.approx(-np.pi * 3e-3 * 2 * np.pi * 12 * NM, rel=0.15)


def test_train_and_packed():
    train = track(skyrmions=[{"first": ("30 nm", "40 nm"), "spacing": "45 nm", "count": 4, "radius": "10 nm"}])
    assert (np.diff(np.sign(train.initial_magnetisation(FILM)[:, 20, 0, 2])) != 0).sum() == 8
    density = 600e12
    packed = track(
        path={"kind": "straight", "length": "1 um"}, width="500 nm", cell=("5 nm", "5 nm", "1 nm"),
        skyrmions=[{"density": "600/um^2", "radius": "10 nm"}],
    )  # fmt: skip
    number = int(dict(packed.rows())["skyrmions"].split()[0])
    # What does not fit at the edges is missing.
    assert density * 1e-6 * 0.48e-6 * 0.9 < number < density * 1e-6 * 0.5e-6


def test_polarity_follows_from_the_background():
    for kind, core in (("skyrmion", 1), ("skyrmionium", -1), ("antiskyrmion", 1), ("bubble", 1)):
        device = track(
            background=-1, skyrmions=[AT | {"kind": kind, "radius": "20 nm", "width": "2 nm", "polarity": core}]
        )
        m = device.initial_magnetisation(FILM)
        assert np.sign(m[30, 20, 0, 2]) == core
        assert np.sign(m[0, 0, 0, 2]) == -1
    with pytest.raises(ValueError, match="polarity = 1, but in a track with background 1 a skyrmion has -1"):
        track(skyrmions=[AT | {"polarity": 1}])


@rows(
    ("skyrmions", "words"),
    [
        ([{"position": ("300 nm", "40 nm"), "radius": "12 nm"}], r"at \(300 nm, 40 nm\) is outside the track"),
        ([{"position": ("60 nm", "10 nm"), "radius": "12 nm"}], "reaches over an edge, which is 10 nm from its centre"),
        ([AT, {"position": ("80 nm", "40 nm"), "radius": "12 nm"}], "overlap: their centres are 20 nm apart"),
        ([{"first": ("30 nm", "40 nm"), "spacing": "20 nm", "count": 3, "radius": "12 nm"}], r"\(0\) .* overlap"),
        ([{"density": "1000/um^2", "radius": "20 nm"}], "overlap"),
        ([{"density": "60/um^2", "radius": "39.9 nm"}, {"density": "70/um^2", "radius": "41 nm"}], "no place of the"),
        ([{"density": "1e19/m^2", "radius": "2 nm"}], "at most 100,000"),
        ([AT | {"radius": "1 nm"}], "is less than a cell of 2 nm"),
        ([AT | {"inner_radius": "5 nm"}], "has none; leave it out"),
        ([AT | {"kind": "skyrmionium", "inner_radius": "15 nm"}], "is not less than the radius"),
        ([AT | {"size": "3 nm"}], "unknown key 'size'"),
    ],
)
def test_skyrmions_that_are_refused(skyrmions, words):
    with pytest.raises(ValueError, match=words):
        track(skyrmions=skyrmions)


def test_walls_that_overlap_in_a_material_are_refused():
    close = track(skyrmions=[AT, {"position": ("86 nm", "40 nm"), "radius": "12 nm"}])
    with pytest.raises(ValueError, match="put them at least 34"):
        close.initial_magnetisation(FILM)
    soft = Material(name="soft", Ms=8e5, A=1.3e-11, alpha=0.02)
    with pytest.raises(ValueError, match="give the wall its width"):
        close.initial_magnetisation(soft)


def test_in_a_hole_of_the_outline_there_is_no_room():
    fork = {"kind": "fork", "stem": "100 nm", "branch": "150 nm", "angle": "35 deg"}
    with pytest.raises(ValueError, match="is outside the track"):
        track(path=fork, skyrmions=[{"position": ("225 nm", "126 nm"), "radius": "8 nm"}])


def test_gradient_and_grains():
    assert track().relative_anisotropy() is None
    assert track().local_anisotropy(FILM) is None
    across = track(anisotropy_gradient={"last": 0.9}).relative_anisotropy()
    np.testing.assert_allclose(across[[0, -1], 0, 0], [0.9995, 0.9005])
    assert track(anisotropy_gradient={"last": 0.9}).easy_axes((0.0, 0.0, 1.0)) is None

    grains = {"size": "10 nm", "anisotropy_spread": 0.05, "axis_spread": "3 deg", "seed": 4}
    device = track(path={"kind": "straight", "length": "1 um"}, width="400 nm", grains=grains)
    numbers = device.grain_numbers()
    areas = np.unique(numbers, return_counts=True)[1]
    assert areas.mean() * 4e-18 == pytest.approx((10 * NM) ** 2, rel=0.1)
    constant, axes = device.local_anisotropy(FILM)
    assert constant.std() / FILM.Ku == pytest.approx(0.05, rel=0.1)
    lean = np.arccos(axes[..., 2])
    assert np.sqrt((lean**2).mean()) == pytest.approx(np.radians(3), rel=0.1)
    np.testing.assert_allclose(axes[..., :2].mean(axis=(0, 1, 2)), 0, atol=0.01)
    # All cells of a grain are alike, and a finer mesh has the same grains.
    order = np.argsort(numbers, axis=None)
    ends = np.flatnonzero(np.diff(numbers.ravel()[order])) + 1
    assert all(np.ptp(grain) == 0 for grain in np.split(constant.ravel()[order], ends))
    finer = device.model_copy(update={"cell": (1 * NM, 1 * NM, 1 * NM)})
    assert (finer.grain_numbers()[::2, ::2] == numbers).mean() > 0.75


def test_parts_have_their_own_anisotropy_in_a_gradient():
    gate = {"name": "gate", "x": ("80 nm", "120 nm"), "Ku": 9e5}
    constant, axes = track(anisotropy_gradient={"last": 0.9}, parts=[gate]).local_anisotropy(FILM)
    assert constant[50, 0, 0] == pytest.approx(9e5 * (1 - 0.1 * 0.505))
    assert constant[0, 0, 0] == pytest.approx(8e5, rel=1e-3)
    np.testing.assert_array_equal(axes[..., 2], 1)


def test_a_material_without_anisotropy_cannot_vary():
    with pytest.raises(ValueError, match="so that nothing would vary"):
        track(anisotropy_gradient={"last": 0.9}).local_anisotropy(FILM.model_copy(update={"Ku": 0.0}))


@rows("field", ["path.length", "width", "grains.size", "skyrmions.0.radius", "skyrmions.1.spacing"])
@rows("value", [0, -1, 1e-30, 1e9, "5 s", "1 fm", "9 m", None, True, [], "nm", float("nan")])
def test_senseless_values_are_refused_at_once(field, value):
    described = json.loads(SkyrmionTrack.example().model_dump_json())
    *way, last = field.split(".")
    inner = described
    for key in way:
        inner = inner[int(key) if key.isdigit() else key]
    inner[last] = value
    with pytest.raises(ValidationError):
        SkyrmionTrack.model_validate(described)


def test_it_shows_what_it_has():
    rows = dict(SkyrmionTrack.example().rows())
    assert rows["skyrmions"] == "a skyrmionium of radius 16 nm; 2 skyrmions of radius 12 nm"
    assert "Ku +- 0.05" in rows["grains"]
    names = {text.get_text() for text in SkyrmionTrack.example().plot().get_legend().get_texts()}
    assert {"magnet", "skyrmion"} <= names
