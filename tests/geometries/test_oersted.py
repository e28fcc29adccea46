"""Oersted fields: the closed form of an ellipse, and Biot and Savart over cells."""

import numpy as np
import pytest
from rows import rows
from scipy.integrate import dblquad

from geometries import Pillar, Stripe, ThroughPlane
from geometries.oersted import field_of_cells, field_of_ellipse

BARRIER = {"resistance_area": "10 ohm um^2", "tmr": "100 %"}


def cells_of(semi_axes, size, around=1.5):
    """Centres of cells over a box around an ellipse, and which are in it."""
    x, y = ((np.arange(-n, n) + 0.5) * size for n in (int(around * each / size) for each in semi_axes))
    return x, y, (x[:, None] / semi_axes[0]) ** 2 + (y[None, :] / semi_axes[1]) ** 2 <= 1


@rows(("a", "b"), [(50e-9, 50e-9), (80e-9, 30e-9), (30e-9, 60e-9)])
def test_an_ellipse_has_the_field_of_its_cells(a, b):
    semi_axes = (a, b)
    x, y, inside = cells_of(semi_axes, 0.5e-9)
    closed, summed = field_of_ellipse(x[:, None], y[None, :], semi_axes), field_of_cells(inside, (0.5e-9, 0.5e-9))
    # Steps of the outline are all that differs, and they are smaller than a cell.
    assert np.abs(closed - summed).max() < 0.5 * 0.5e-9
    assert np.abs(closed - summed)[len(x) // 4 : -len(x) // 4].mean() < 1e-3 * np.abs(closed).max()


def test_an_ellipse_obeys_amperes_law_and_far_away_is_a_wire():
    a, b, step = 80e-9, 30e-9, 1e-12
    for x, y, curl in ((10e-9, 5e-9, 1.0), (-60e-9, 10e-9, 1.0), (90e-9, 40e-9, 0.0), (-10e-9, -31e-9, 0.0)):
        d_x = (field_of_ellipse(x + step, y, (a, b)) - field_of_ellipse(x - step, y, (a, b))) / (2 * step)
        d_y = (field_of_ellipse(x, y + step, (a, b)) - field_of_ellipse(x, y - step, (a, b))) / (2 * step)
        assert d_x[1] - d_y[0] == pytest.approx(curl, abs=1e-4)
        assert d_x[0] + d_y[1] == pytest.approx(0, abs=1e-4)
    angle = np.linspace(0, 2 * np.pi, 9)
    edge = np.stack(
        [field_of_ellipse(s * a * np.cos(angle), s * b * np.sin(angle), (a, b)) for s in (1 - 1e-9, 1.0 + 1e-9)]
    )
    np.testing.assert_allclose(edge[0], edge[1], atol=1e-6 * a)
    np.testing.assert_allclose(field_of_ellipse(0, 1e-5, (a, b)), [-a * b / 2e-5, 0], rtol=1e-4, atol=1e-20)


def test_a_rectangle_has_the_integral_of_wires_and_is_finite_in_its_middle():
    cells = np.zeros((5, 4))
    cells[1, 2] = 1.0
    field = field_of_cells(cells, (4e-9, 3e-9))

    def integral(x, y):
        """In nm: wires at (u, v) of a rectangle 4 x 3."""
        square = lambda u, v: (x - u) ** 2 + (y - v) ** 2  # noqa: E731
        h_x = dblquad(lambda v, u: -(y - v) / square(u, v), -2, 2, -1.5, 1.5)[0]
        return h_x * 1e-9 / (2 * np.pi), dblquad(lambda v, u: (x - u) / square(u, v), -2, 2, -1.5, 1.5)[0] * 1e-9 / (
            2 * np.pi
        )

    np.testing.assert_allclose(field[2, 3], integral(4.0, 3.0), rtol=1e-7)
    np.testing.assert_allclose(field[4, 0], integral(12.0, -6.0), rtol=1e-7)
    np.testing.assert_allclose(field[1, 2], 0, atol=1e-20)


def test_a_positive_current_through_a_pillar_has_a_field_that_turns_clockwise():
    disc = Pillar(length=120e-9, thickness=4e-9, cell=(2e-9, 2e-9, 4e-9), fixed_layer="up", barrier=BARRIER)
    everywhere = ThroughPlane(name="junction", oersted=True)
    field, inside = everywhere.field_in(disc), disc.mask()
    x, y, _ = disc.cell_centres()
    # Positive charges go down, along -z, as electrons come up from the fixed layer: -J/2 z x r.
    clockwise = np.stack(np.broadcast_arrays((y - 60e-9)[None, :] / 2, -(x - 60e-9)[:, None] / 2), -1)
    np.testing.assert_allclose(field[:, :, 0, :2][inside[:, :, 0]], clockwise[inside[:, :, 0]], rtol=1e-12, atol=1e-24)
    assert not field[..., 2].any()
    # A contact that is a window has the field of its cells, outside the window too.
    contact = ThroughPlane(name="contact", x=(20e-9, 100e-9), y=(20e-9, 100e-9), oersted=True)
    summed = contact.field_in(disc)
    np.testing.assert_allclose(summed[:, :, 0, :2], -field_of_cells(contact.cells(disc)[:, :, 0], (2e-9, 2e-9)))
    assert np.abs(summed[2, 30, 0, 1]) > 0


def test_a_nano_contact_on_a_film_has_the_field_of_a_wire_far_away():
    film = Stripe(length=400e-9, width=400e-9, thickness=2e-9, cell=(4e-9, 4e-9, 1e-9))
    contact = ThroughPlane(
        name="contact", x=(180e-9, 220e-9), y=(180e-9, 220e-9), polariser=(0, 0, 1), polarisation=0.5, oersted=True
    )
    field = contact.field_in(film)
    assert field.shape == (100, 100, 2, 3)
    np.testing.assert_array_equal(field[:, :, 0], field[:, :, 1])
    # 182 nm along x and 2 nm along y from the middle.
    wire = 40e-9**2 / (2 * np.pi * (182e-9**2 + 2e-9**2)) * np.array([2e-9, -182e-9])
    np.testing.assert_allclose(field[95, 50, 0, :2], wire, rtol=1e-3)


def test_a_terminal_without_its_field_is_written_as_before():
    plain = ThroughPlane(name="junction")
    assert "oersted" not in plain.model_dump(exclude_defaults=True)
    assert "Oersted" not in plain.describe()
    assert "with its Oersted field" in ThroughPlane(name="junction", oersted=True).describe()
