"""Pillars that start from a vortex."""

import numpy as np
import pytest
from pydantic import ValidationError
from rows import rows

from geometries import Material, Pillar, Vortex

BARRIER = {"resistance_area": "10 ohm um^2", "tmr": "100 %"}
DISC = {"length": "200 nm", "thickness": "8 nm", "cell": ("4 nm", "4 nm", "8 nm"), "fixed_layer": "up"}
FILM = Material(name="film", Ms=8e5, A=1.3e-11, alpha=0.01)


def pillar(**keys):
    return Pillar(**DISC | {"barrier": BARRIER} | keys)


def winding(m, ring):
    """Turns of m in the plane along a closed ring of cells."""
    angle = np.arctan2(m[..., 1], m[..., 0])[tuple(ring)]
    return np.angle(np.exp(1j * np.diff(angle, append=angle[:1]))).sum() / (2 * np.pi)


@rows(("polarity", "circulation", "offset"), [(1, 1, (0, 0)), (-1, 1, ("30 nm", 0)), (1, -1, ("-20 nm", "50 nm"))])
def test_a_vortex_turns_once_around_its_core(polarity, circulation, offset):
    device = pillar(start={"polarity": polarity, "circulation": circulation, "offset": offset})
    m = device.initial_magnetisation(FILM)
    np.testing.assert_array_equal(np.isnan(m[..., 0]), ~device.mask())
    np.testing.assert_allclose(np.linalg.norm(m[device.mask()], axis=-1), 1.0)
    plane = m[:, :, 0]
    core = np.unravel_index(np.nanargmax(polarity * plane[..., 2]), plane.shape[:2])
    np.testing.assert_allclose(4e-9 * (np.array(core) + 0.5) - 100e-9, device.start.offset, atol=2.1e-9)
    assert polarity * plane[core][2] > 0.8
    angle = np.linspace(0, 2 * np.pi, 400, endpoint=False)
    ring = [np.round((100 + 94 * turn(angle)) / 4 - 0.5).astype(int) for turn in (np.cos, np.sin)]
    assert winding(plane, ring) == pytest.approx(1)
    # Along the outline, with the circulation's sign.
    tangent = np.stack([-np.sin(angle), np.cos(angle)], -1)
    assert (circulation * (plane[tuple(ring)][:, :2] * tangent).sum(axis=-1)).min() > 0.9


def test_an_ellipse_has_a_vortex_along_its_outline_too():
    device = pillar(width="120 nm", start={"circulation": -1})
    m = device.initial_magnetisation(FILM)
    assert m[25, 28, 0, 0] > 0.99  # at the upper edge, in its middle: clockwise is along +x
    assert m[48, 15, 0, 1] < -0.99


def test_a_vortex_is_written_in_a_file_as_a_word_or_by_its_fields():
    assert pillar(start="vortex").start == Vortex()
    device = pillar(start={"circulation": -1, "offset": ["10 nm", 0]})
    assert Pillar.model_validate_json(device.model_dump_json()) == device
    assert ("start", "vortex, clockwise, core +z, x 10 nm, y 0 m") in device.family_rows()
    assert pillar(start="left").start_direction == (-1, 0, 0)
    with pytest.raises(ValueError, match=r"device\.start is a vortex.*give a direction, such as 'up'"):
        _ = device.start_direction


@rows(
    ("start", "message"),
    [
        ({"offset": ["90 nm", "60 nm"]}, r"start.offset = \(90 nm, 60 nm\) puts the core of the vortex outside"),
        ({"polarity": 0}, "polarity"),
        ({"chirality": 1}, "unknown key 'chirality' in Vortex"),
    ],
)
def test_what_is_no_vortex_is_refused(start, message):
    with pytest.raises(ValidationError, match=message):
        pillar(start=start)


def test_a_tilt_of_a_vortex_is_refused():
    with pytest.raises(ValidationError, match=r"start_tilt = 0.1 rad turns a uniform start, and start is a vortex"):
        pillar(start="vortex", start_tilt=0.1)
