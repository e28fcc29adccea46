"""Terminals: where currents enter, and the field of a strip line by Biot and Savart."""

import numpy as np
import pytest
from pydantic import TypeAdapter, ValidationError
from rows import rows
from scipy.integrate import dblquad, quad

from geometries import HeavyMetal, InPlaneCurrent, SpinIce, Stripe, StripLine, ThroughPlane, VoltageGate, Waveguide
from geometries.terminals import AnyTerminal

GATE = {"kind": "voltage_gate", "efficiency": "50 fJ/(V m)", "barrier_thickness": "1 nm"}
SIZES = {"length": "200 nm", "width": "40 nm", "thickness": "4 nm", "cell": ["5 nm", "5 nm", "2 nm"]}


def stripe(*terminals, **keys):
    return Stripe(**SIZES | keys, terminals=terminals)


def test_a_stripe_has_a_current_along_it_and_a_spin_ice_none():
    (terminal,) = Stripe(**SIZES).terminals
    assert terminal == InPlaneCurrent(name="current")
    assert Stripe(**SIZES).terminal() is terminal
    assert SpinIce.example().terminals == ()
    with pytest.raises(ValueError, match="this spin ice has no terminals, so that no current enters; give it one"):
        SpinIce.example().terminal()


def test_a_terminal_is_found_by_name_where_there_are_several():
    made = stripe({"kind": "heavy_metal", "name": "write"}, {"kind": "in_plane", "name": "shift"})
    assert made.terminal("shift").kind == "in_plane"
    with pytest.raises(ValueError, match="there are several terminals; say which of write, shift"):
        made.terminal()
    with pytest.raises(ValueError, match=r"'wirte' is no terminal of this stripe; did you mean 'write'\? It has write"):
        made.terminal("wirte")


def test_cells_are_the_magnet_in_the_region():
    made = stripe({"kind": "heavy_metal", "name": "write", "x": ("0 nm", "50 nm")}, taper={"ratio": 0.5})
    cells = made.terminal("write").cells(made)
    assert not cells[10:].any()
    np.testing.assert_array_equal(cells[:10], made.mask()[:10])


@rows(("direction", "spins"), [((1, 0, 0), (0, 1, 0)), ((0, 3, 0), (-1, 0, 0)), ((-2, 0, 0), (0, -1, 0))])
def test_a_heavy_metal_sends_spins_along_z_times_the_current(direction, spins):
    metal = HeavyMetal(name="write", direction=direction)
    assert metal.spin_direction == spins
    np.testing.assert_array_equal(metal.spin_direction, np.cross([0, 0, 1], metal.direction))
    assert metal.unit == "A/m^2"


LINE = StripLine(name="line", centre="300 nm", width="200 nm", height="60 nm")


def wire(x, z, at, height):
    """H per ampere of a thin wire along +y: y^ x r / (2 pi r^2)."""
    dx, dz = x - at, z - height
    return np.array([dz, -dx]) / (2 * np.pi * (dx**2 + dz**2))


@rows("x", [-400e-9, 180e-9, 250e-9, 300e-9, 390e-9, 1e-6])
@rows("z", [-50e-9, 0.0, 59e-9, 61e-9, 200e-9])
def test_a_strip_is_a_sum_of_wires(x, z):
    left, right = 200e-9, 400e-9
    points = [x] if left < x < right else None
    expected = [
        quad(lambda at, axis=axis: wire(x, z, at, 60e-9)[axis], left, right, points=points, limit=400, epsabs=1e-9)[0]
        / 200e-9
        for axis in (0, 1)
    ]
    np.testing.assert_allclose(LINE.field(x, z), expected, rtol=1e-6, atol=1e-6 * np.abs(expected).max())


@rows("angle", np.linspace(0, 2 * np.pi, 7))
def test_far_away_it_is_one_wire(angle):
    distance = 1e-3
    x, z = 300e-9 + distance * np.cos(angle), 60e-9 + distance * np.sin(angle)
    h_x, h_z = LINE.field(x, z)
    assert np.hypot(h_x, h_z) == pytest.approx(1 / (2 * np.pi * distance), rel=1e-6)
    np.testing.assert_allclose([h_x, h_z], wire(x, z, 300e-9, 60e-9), rtol=1e-6, atol=1e-3)


def test_across_the_strip_the_field_jumps_by_the_current_per_width():
    (above, _), (below, _) = LINE.field(300e-9, 60e-9 + 1e-15), LINE.field(300e-9, 60e-9 - 1e-15)
    assert above - below == pytest.approx(1 / 200e-9, rel=1e-6)


SHORT = StripLine(name="line", centre="300 nm", width="200 nm", height="60 nm", y=("100 nm", "250 nm"))


@rows("x", [180e-9, 300e-9, 600e-9])
@rows("y", [50e-9, 170e-9, 400e-9])
@rows("z", [-20e-9, 90e-9])
def test_a_strip_of_finite_length_is_a_sum_of_pieces_of_current(x, y, z):
    # Biot and Savart: y^ x r / (4 pi r^3) of every piece.
    def piece(axis):
        def density(along, at):
            apart = np.array([z - 60e-9, at - x])[axis]
            return apart / (4 * np.pi * ((x - at) ** 2 + (y - along) ** 2 + (z - 60e-9) ** 2) ** 1.5)

        return dblquad(density, 200e-9, 400e-9, 100e-9, 250e-9, epsabs=1e-3)[0] / 200e-9

    expected = [piece(0), piece(1)]
    np.testing.assert_allclose(SHORT.field(x, z, y), expected, rtol=1e-5, atol=1e-5 * np.abs(expected).max())
    long = LINE.model_copy(update={"y": (-1e-3, 1e-3)})
    np.testing.assert_allclose(long.field(x, z, y), LINE.field(x, z), rtol=1e-5, atol=1.0)
    clad = SHORT.model_copy(update={"clad": True})
    assert clad.field(300e-9, 0.0, [90e-9, 110e-9])[0].tolist() == [0.0, -1 / 200e-9]
    assert "y 100 nm to 250 nm" in SHORT.describe()
    # At its own height, beside it and in line with its sides: the limit of heights near it.
    beside = [500e-9, 100e-9, 400e-9], [170e-9, 100e-9, 400e-9]
    near = SHORT.field(beside[0], 60e-9 - 1e-13, beside[1])
    np.testing.assert_allclose(SHORT.field(beside[0], 60e-9, beside[1]), near, rtol=1e-6, atol=2.0)


COPLANAR = StripLine.model_validate(LINE.model_dump() | {"grounds": {"gap": "40 nm", "width": "120 nm"}})


def test_a_coplanar_line_is_three_strips_without_a_net_current():
    grounds = [StripLine(name="ground", centre=at, width="120 nm", height="60 nm") for at in ("100 nm", "500 nm")]
    x, z = np.linspace(-1e-6, 2e-6, 301), np.array([[-50e-9], [0.0], [200e-9]])
    line, left, right = (np.array(each.field(x, z)) for each in (LINE, *grounds))
    np.testing.assert_allclose(COPLANAR.field(x, z), line - left / 2 - right / 2, rtol=1e-9, atol=1e-6)
    np.testing.assert_allclose(COPLANAR.span[0], (40e-9, 560e-9))
    assert COPLANAR.describe().endswith("the middle of the film, between grounds 120 nm wide, 40 nm away")
    # The second moment of its current, with 200 nm from the middle of the line to those of the grounds.
    far = np.hypot(*COPLANAR.field(300e-9, -2e-5)) * 2 * np.pi * 2.006e-5**3
    assert far == pytest.approx(200e-9**2 + (120e-9**2 - 200e-9**2) / 12, rel=1e-3)


@rows("k", [0.0, 5e6, 1e7, 2e7, 4e7])
def test_a_coplanar_line_excites_no_wave_of_wavenumber_0(k):
    x, alone, decay = np.linspace(-3e-5, 3e-5, 60001), np.sinc(k * 100e-9 / np.pi), -np.exp(-k * 60e-9) / 2
    single, found = (np.trapezoid(each.field(300e-9 + x, 0.0)[0] * np.cos(k * x), x) for each in (LINE, COPLANAR))
    assert single == pytest.approx(decay * alone, abs=2e-3)
    assert found == pytest.approx(decay * (alone - np.cos(k * 200e-9) * np.sinc(k * 60e-9 / np.pi)), abs=5e-8)


def test_the_field_on_the_cells_of_a_device():
    made = stripe({"kind": "strip_line", "name": "line", "centre": "80 nm", "width": "40 nm", "height": "-30 nm"})
    line = made.terminal()
    field = line.field_in(made)
    assert field.shape == (*made.shape, 3)
    assert not field[..., 1].any()
    # Over a strip that lies under the film H_x is along +x, and strongest nearest to it.
    assert (field[..., 0] > 0).all()
    assert field[:, :, 0, 0].max() > field[:, :, 1, 0].max()
    assert line.unit == "A"
    np.testing.assert_allclose(field[20, 3, 1, [0, 2]], line.field(102.5e-9, 1e-9))
    np.testing.assert_array_equal(line.cells(made), made.mask())
    short = {"kind": "strip_line", "name": "short", "centre": "80 nm", "width": "40 nm", "height": "-30 nm"}
    for y, repeats in ((("40 nm", "60 nm"), ""), (("0 nm", "20 nm"), "y")):
        for more in ({}, {"grounds": {"gap": "10 nm", "width": "20 nm"}}):
            with pytest.raises(ValidationError, match="must be over or under the film, which must not repeat along y"):
                Waveguide(**SIZES, terminals=[short | {"y": y} | more], repeats=repeats)


@rows(
    ("terminal", "message"),
    [
        ({"kind": "in_plane", "direction": (0, 0, 1)}, r"\(0.0, 0.0, 1.0\) leaves the plane of the film"),
        ({"kind": "in_plane", "direction": (0, 0, 0)}, "has no direction"),
        (
            {"kind": "in_plane", "x": ("0 nm", "1 um")},
            r"terminals\[0\].x = 0 m to 1 µm of 'a' reaches outside the device",
        ),
        ({"kind": "in_plane", "x": ("0 nm", "1 nm")}, "'a' at x 0 m to 1 nm covers no magnet"),
        (
            {"kind": "through_plane", "polariser": (0, 0, 1)},
            r"terminals\[0\] of 'a' has no polarisation, and this device has no fixed layer of its own; give them",
        ),
        ({"kind": "through_plane", "polariser": (0, 0, 0), "polarisation": 0.4}, "has no direction"),
        (GATE | {"efficiency": 0}, r"terminals\[0\].efficiency of 'a' is 0, so that no voltage would change anything"),
        (GATE | {"efficiency": "100 fJ"}, "a quantity in J/"),
        (GATE | {"barrier_thickness": 0}, "is not a size"),
        ({"kind": "through_plane", "polariser": (0, 0, 1), "polarisation": 0.4, "asymmetry": 0.5}, "equal to 1"),
        ({"kind": "through_plane", "polariser": (0, 0, 1), "polarisation": 1.4}, "less than or equal to 1"),
        (
            {"kind": "strip_line", "centre": 0, "width": 1e-7, "height": 1e-9},
            "puts the strip into the film; choose more than 2 nm",
        ),
        ({"kind": "strip_line", "centre": 0, "width": 0, "height": 1e-7}, "greater than 0"),
        (LINE.model_dump(exclude={"name"}) | {"grounds": {"gap": 0, "width": 1e-7}}, "0 m is not a size"),
        (
            LINE.model_dump(exclude={"name"}) | {"height": 1e-9, "grounds": {"gap": 1e-8, "width": 1e-7}},
            "into the film",
        ),
        ({"kind": "gate"}, "'in_plane', 'heavy_metal', 'through_plane', 'voltage_gate', 'strip_line'"),
    ],
)
def test_terminals_that_no_stripe_has(terminal, message):
    with pytest.raises(ValidationError, match=message):
        stripe({"name": "a"} | terminal)


def test_a_place_without_magnet_has_no_current():
    notched = {"notches": [{"position": "100 nm", "depth": "20 nm", "width": "80 nm", "edge": "top"}]}
    with pytest.raises(ValidationError, match="'a' at x 95 nm to 105 nm, y 30 nm to 40 nm covers no magnet"):
        stripe({"kind": "in_plane", "name": "a", "x": ("95 nm", "105 nm"), "y": ("30 nm", "40 nm")}, **notched)


@rows(
    "terminal",
    [
        InPlaneCurrent(name="a"),
        HeavyMetal(name="a"),
        ThroughPlane(name="a", polariser=(1, 1, 0), polarisation=0.3),
        VoltageGate(name="a", efficiency="50 fJ/(V m)", barrier_thickness="1 nm"),
        LINE,
    ],
)
def test_json_in_json_out(terminal):
    adapter = TypeAdapter(AnyTerminal)
    assert adapter.validate_json(adapter.dump_json(terminal)) == terminal
    assert terminal.describe()


def test_a_round_contact_on_a_film_has_its_area_and_the_torque_there_alone():
    film = Stripe(
        length="400 nm",
        width="400 nm",
        thickness="4 nm",
        cell=("4 nm", "4 nm", "4 nm"),
        walls=(),
        terminals=[
            {
                "kind": "through_plane", "name": "contact", "elliptic": True, "oersted": True, "polariser": (0, 0, 1),
                "polarisation": 0.4, "x": ("150 nm", "250 nm"), "y": ("160 nm", "240 nm"),
            }
        ],
    )  # fmt: skip
    (contact,) = film.terminals
    cells = contact.cells(film)
    assert cells.sum() * 16e-18 == pytest.approx(np.pi / 4 * 100e-9 * 80e-9, rel=0.03)
    assert cells[50, 50, 0]
    assert not cells[39, 41, 0]  # in a corner of the box
    # Far outside, the field of the current through it: I / (2 pi r).
    field = contact.field_in(film)[95, 50, 0]
    assert np.hypot(*field[:2]) == pytest.approx(cells.sum() * 16e-18 / (2 * np.pi * 182e-9), rel=0.03)
    assert "in an ellipse" in contact.describe()
    with pytest.raises(ValueError, match="elliptic and has no box to touch"):
        Stripe.model_validate(film.model_dump() | {"terminals": [contact.model_copy(update={"x": None}).model_dump()]})
