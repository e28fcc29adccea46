"""Textures of islands: found in states that were made with them, placed in a lattice, and between neighbours."""

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr
from rows import rows
from scipy.ndimage import find_objects

from geometries import get_material
from runs.native.terms.newell import tensor
from solitons import load_model, save_model
from solitons.spin_ice.coherent_rotation import CoherentRotation
from solitons.spin_ice.couplings import island_moments
from solitons.spin_ice.fitted_rotation import fitted_rotation
from solitons.spin_ice.island_texture import IslandTexture, even_texture, fit_texture, mode_values, torque_values
from solitons.spin_ice.lattice_fit import MeasuredOutline
from solitons.spin_ice.moment_fields import moment_couplings
from solitons.spin_ice.outlines import outline_keys
from solitons.spin_ice.rotating_lattice import RotatingLattice
from solitons.spin_ice.rotation_driven import rotate_in_field
from solitons.spin_ice.switching import fold_field
from solitons.spin_ice.textures import lattice_textures, without_near

from .conftest import rotating_fit, square_ice

PERMALLOY, SCALE = get_material("permalloy"), 1.1e5
AXIS, FIELD_ANGLE = np.array([1.0, 0.0]), np.radians(140)
DIRECTION = np.array([np.cos(FIELD_ANGLE), np.sin(FIELD_ANGLE)])


def modes_of(outline, axis, generator):
    """Cells that lag behind or run ahead."""
    cells = int(outline.sum())
    beside = np.array([-axis[1], axis[0]])
    uneven = generator.normal(size=(6, cells, 2)) * np.array([0.1, 0.1, 0.02, 0.02, 0.005, 0.005])[:, None, None]
    uneven -= uneven.mean(axis=1, keepdims=True)
    # The angle is that of the mean.
    return uneven + np.array([0.98 * axis, 0.98 * beside, *[0 * axis] * 4])[:, None]


def textured(outline, axis, seed=0, torque=(0.48, 0.01, -0.03, 0.004, 0.005, 0.0, 0.0, 0.0)):
    return IslandTexture(outline, axis, modes_of(outline, axis, np.random.default_rng(seed)), SCALE * np.array(torque))


def states_at(texture, turn, field_angle=FIELD_ANGLE):
    """Magnetisation and the field that balances each, on the way to the fall and, in the last, reversed."""
    direction = np.array([np.cos(field_angle), np.sin(field_angle)])
    mean = texture.modes.mean(axis=1)
    torque = torque_values(turn) @ texture.torque
    strength = torque / (mode_values(turn, 1) @ mean @ direction)
    return np.einsum("sm,mcx->scx", mode_values(turn), texture.modes), strength


def test_a_texture_is_found_in_the_states_that_it_passes_through():
    outline = np.ones((8, 3), dtype=bool)
    outline[0, 0] = False
    truth = textured(outline, AXIS)
    fine = np.linspace(0.3, 1.0, 7001)
    fall = float(fine[np.argmax(states_at(truth, fine)[1])])
    turn = np.concatenate([[0.0], fall - np.array([0.35, 0.2, 0.14, 0.09, 0.06, 0.04, 0.02])])
    m, strength = states_at(truth, turn)
    highest = states_at(truth, fine)[1].max()
    # Reversed, where the two next fields balance it.
    behind = np.linspace(np.pi - 0.5, np.pi - 0.05, 5001)
    steps = highest * np.array([1.0005, 1.002])
    after = np.interp(steps, states_at(truth, behind)[1][::-1], behind[::-1])
    m, strength = np.concatenate([m, states_at(truth, after)[0]]), np.concatenate([strength, steps])
    angles = np.concatenate([turn, after])
    # A fine ramp has steps of 1.5e-3.
    assert fold_field(angles, strength, 8) == (pytest.approx(highest, rel=1e-4), pytest.approx(fall, abs=0.01))
    found = fit_texture(outline, m, strength[:, np.newaxis] * DIRECTION, AXIS, CoherentRotation())
    between = np.linspace(0, fall, 20)
    expected = np.einsum("sm,mcx->scx", mode_values(between), truth.modes)
    np.testing.assert_allclose(np.einsum("sm,mcx->scx", mode_values(between), found.modes), expected, atol=2e-3)
    near = torque_values(fall - np.array([0.1, 0.05, 0.0]))
    np.testing.assert_allclose(near @ found.torque, near @ truth.torque, rtol=1e-3)
    # On all of the way it goes on, in the field of its fall.
    way = np.linspace(fall + 0.05, after[0] - 0.05, 50)
    pushed = mode_values(way, 1) @ found.modes.mean(axis=1) @ DIRECTION * highest
    assert (pushed > torque_values(way) @ found.torque).all()


def test_an_island_that_turns_by_other_states_has_no_texture():
    """Its cells turn aside at random in each state, by 2 %."""
    truth = textured(np.ones((8, 3), dtype=bool), AXIS)
    turn = np.concatenate([np.linspace(0, 0.7, 9), np.pi - np.array([0.24, 0.23])])
    m, strength = states_at(truth, turn)
    aside = np.random.default_rng(5).normal(scale=0.02, size=m.shape)
    aside -= aside.mean(axis=1, keepdims=True)
    field = np.abs(strength)[:, np.newaxis] * DIRECTION
    assert fit_texture(truth.outline, m + aside, field, AXIS, CoherentRotation()) is None


def test_an_island_that_passes_its_hard_axis_without_a_fall_has_no_texture():
    """As in a field 88 degrees off its axis: no torque meets the conditions of a fall that is none."""
    truth = textured(np.ones((8, 3), dtype=bool), AXIS)
    turn = np.radians([0, 20, 40, 60, 75, 85, 89, 89.9, 90.1, 90.5])
    field = np.linspace(0, 1.2 * SCALE, 10)[:, np.newaxis] * [np.cos(np.radians(92)), np.sin(np.radians(92))]
    assert fit_texture(truth.outline, states_at(truth, turn)[0], field, AXIS, CoherentRotation()) is None


def test_an_island_that_does_not_lean_has_no_texture():
    m = np.tile(AXIS, (9, 4, 1))
    m[7:] *= -1
    field = np.linspace(0, 5e4, 9)[:, np.newaxis] * DIRECTION
    assert fit_texture(np.ones((4, 1), dtype=bool), m, field, AXIS, CoherentRotation()) is None


@pytest.fixture(scope="module")
def lattice():
    sizes = {"island": {"length": "100 nm", "width": "35 nm"}, "cell": ("10 nm", "10 nm", "10 nm")}
    ice = square_ice(1, 1, 180e-9, disorder={"saturation_magnetisation": 0.05, "width": 0.2, "seed": 3}, **sizes)
    islands, labels = ice.islands(PERMALLOY), ice.cell_labels()[:, :, 0]
    keys = outline_keys(labels, 4, FIELD_ANGLE, ice.cell[:2])
    return islands.assign(outline=("island", keys)), labels, ice.cell[:2]


def windows(labels):
    return [labels[window] == island + 1 for island, window in enumerate(find_objects(labels))]


def measured(lattice, make):
    islands, labels, _ = lattice
    keys, axes = islands["outline"].values.tolist(), islands["axis"].values
    found = {}
    for key, outline, axis in zip(keys, windows(labels), axes, strict=True):
        found.setdefault(key, make(outline, axis))
    return found


def model_of(lattice, textures=None):
    islands, labels, cell = lattice
    couplings = moment_couplings(islands, labels, cell, cut_off=np.inf)
    scale = SCALE * islands["saturation_magnetisation"].values / PERMALLOY.Ms
    model = RotatingLattice(islands["axis"].values, island_moments(islands), scale, CoherentRotation(), couplings)
    return model if textures is None else replace(model, textures=textures, couplings=without_near(couplings, textures))


def test_textures_of_one_magnetisation_are_moments_that_rotate(lattice, tmp_path):
    def even(outline, axis):
        return even_texture(outline, axis, SCALE * CoherentRotation().harmonics)

    plain = model_of(lattice)
    textures = lattice_textures(*lattice, measured(lattice, even), plain.anisotropy_field / SCALE, FIELD_ANGLE)
    assert len(textures.neighbour) > 0
    model = model_of(lattice, textures)
    assert len(model.couplings.neighbour) + len(textures.neighbour) == len(plain.couplings.neighbour)
    spins = np.where(plain.axis @ DIRECTION > 0, -1, 1)
    field = np.linspace(0.3, 1.2, 40)[:, np.newaxis] * SCALE / 2 * 1.6 * DIRECTION
    one, other = (rotate_in_field(each, spins, field) for each in (plain, model))
    assert one.sizes["flip"] == 4
    np.testing.assert_array_equal(one["flip_step"], other["flip_step"])
    np.testing.assert_allclose(one["turn"], other["turn"], atol=1e-4)
    save_model(model, tmp_path / "model.json")
    loaded = load_model(tmp_path / "model.json")
    np.testing.assert_array_equal(rotate_in_field(loaded, spins, field)["turn"], other["turn"])


def test_a_fit_gives_its_lattice_the_textures_of_its_outlines(lattice):
    """An outline without one is magnetised the same everywhere; without any, and where one is not measured, all are."""
    islands, labels, cell = lattice
    found = measured(lattice, textured)
    outlines = [
        MeasuredOutline(key, 0, True, 0.5, 1e3, 9e4, SCALE / 2, found[key])
        for key in dict.fromkeys(islands["outline"].values.tolist())
    ]
    fit = rotating_fit(SCALE, FIELD_ANGLE, 1e-7, outlines)
    whole = fitted_rotation(islands, labels, cell, fit)
    assert len(outlines) > 1
    np.testing.assert_allclose(whole.textures.torque[0], outlines[0].texture.torque)
    first = replace(outlines[0], texture=None)
    mixed = fitted_rotation(islands, labels, cell, replace(fit, outlines=[first, *outlines[1:]]))
    even = islands["outline"].values == first.outline
    np.testing.assert_allclose(np.linalg.norm(mixed.textures.mean[even, 0], axis=1), 1)
    np.testing.assert_allclose(mixed.textures.mean[~even], whole.textures.mean[~even])
    without = [replace(each, texture=None) for each in outlines]
    assert fitted_rotation(islands, labels, cell, replace(fit, outlines=without)).textures is None
    assert fitted_rotation(islands, labels, cell, replace(fit, outlines=outlines[1:])).textures is None


def test_the_field_between_two_textures_is_the_sum_over_their_cells(lattice):
    islands, labels, _ = lattice
    found = measured(lattice, textured)
    textures = lattice_textures(*lattice, found, np.ones(4), FIELD_ANGLE)
    kernel = tensor((40, 40, 1), (1.0, 1.0, 1.0), ("xx", "xy", "yy"))[..., 0]
    source, target = 0, 2
    keys = islands["outline"].values.tolist()
    places = [np.argwhere(labels == each + 1) for each in (source, target)]
    expected = np.zeros((6, 6))
    for p, at in zip(places[1], found[keys[target]].modes.transpose(1, 0, 2), strict=True):
        for q, of in zip(places[0], found[keys[source]].modes.transpose(1, 0, 2), strict=True):
            x, y = p - q
            xx, xy, yy = kernel[:, abs(x), abs(y)] * [1, np.sign(x * y), 1]
            expected -= at @ np.array([[xx, xy], [xy, yy]]) @ of.T
    expected *= float(islands["saturation_magnetisation"][source]) / len(places[1])
    start, end = textures.first[source : source + 2]
    entry = start + textures.neighbour[start:end].tolist().index(target)
    np.testing.assert_allclose(textures.overlap[entry], expected, rtol=1e-9, atol=1e-6)


@rows("degrees", [0, 90, 45, 135])
def test_an_island_that_is_the_image_of_another_has_the_image_of_its_texture(degrees):
    """Mirrored about the field's line, with a reversal of all moments, which leaves the field as it is."""
    angle = np.radians(degrees)
    direction = np.array([np.cos(angle), np.sin(angle)])
    mirror = 2 * np.outer(direction, direction) - np.eye(2)
    outline = np.array([[1, 1, 0], [1, 1, 0], [0, 1, 1], [0, 0, 1]], dtype=bool)
    axis = np.array([np.cos(0.4), np.sin(0.4)])
    texture = textured(outline, axis)
    labels = np.zeros((12, 12), dtype=np.int64)
    labels[:4, :3] = outline
    image = outline[:, ::-1] if degrees % 90 == 0 else outline.T[::-1, ::-1]
    labels[6 : 6 + image.shape[0], 6 : 6 + image.shape[1]] = 2 * image
    keys = outline_keys(labels, 2, angle, (1e-8, 1e-8))
    assert keys[0] == keys[1]
    islands = xr.Dataset(
        {
            "outline": ("island", keys), "axis": (("island", "xy"), [axis, -mirror @ axis]),
            "position": (("island", "xy"), [[15e-9, 15e-9], [90e-9, 90e-9]]),
            "length": ("island", [4e-8] * 2), "width": ("island", [2e-8] * 2), "thickness": ("island", [1e-8] * 2),
            "volume": ("island", [8e-24] * 2), "saturation_magnetisation": ("island", [8e5] * 2),
        }
    )  # fmt: skip
    textures = lattice_textures(islands, labels, (1e-8, 1e-8), {keys[0]: texture}, np.ones(2), angle)
    turn = 0.5
    # A moment at +0.5 rad to the one axis has its image at pi - 0.5 rad to the other's, which is counted from behind.
    means = [mode_values(each) @ textures.mean[island] for island, each in enumerate((turn, np.pi - turn))]
    np.testing.assert_allclose(means[1], mirror @ means[0], atol=1e-12)


def test_textures_that_do_not_fit_are_refused(lattice):
    textures = lattice_textures(*lattice, measured(lattice, textured), np.ones(4), FIELD_ANGLE)
    with pytest.raises(ValueError, match=r"overlap must be 6 x 6"):
        replace(textures, overlap=textures.overlap[1:])
    one = model_of((lattice[0].isel(island=[0]), np.where(lattice[1] == 1, 1, 0), lattice[2]))
    with pytest.raises(ValueError, match="are of 4 islands, not of 1"):
        replace(one, textures=textures)
