"""Stripes: meshes, labels, textures and fields as the contract has them; JSON in and out."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from rows import rows

from geometries import (
    EdgeRoughness,
    Material,
    Notch,
    PeriodicNotches,
    PinnedEnds,
    ReadoutWindow,
    Stripe,
    Taper,
    Wall,
    get_material,
)

FILM = Material(name="film", Ms=6e5, A=1.2e-11, Ku=5e5, alpha=0.1)
SIZES = {"length": 512e-9, "width": 64e-9, "thickness": 1e-9, "cell": (4e-9, 4e-9, 1e-9)}


def stripe(**keys):
    return Stripe(**SIZES | keys)


def test_labels_tell_magnet_from_nothing_and_the_pinned_ends_from_the_rest():
    made = stripe(
        notches=[Notch(position=256e-9, depth=16e-9, width=40e-9)],
        pinned_ends=PinnedEnds(length=20e-9, field=1e5),
    )
    labels = made.labels()
    assert labels.dims == ("x", "y", "z")
    assert np.issubdtype(labels.dtype, np.integer)
    np.testing.assert_array_equal(labels > 0, made.mask())
    np.testing.assert_array_equal(np.unique(labels), [0, 1, 2, 3])
    assert (labels[:5] == 2).all()
    assert (labels[-5:] == 3).all()
    assert not (labels[5:-5] > 1).any()


def test_pinned_ends_of_half_cells_are_symmetric():
    labels = stripe(pinned_ends=PinnedEnds(length=18e-9, field=1e5)).labels().values
    np.testing.assert_array_equal(labels == 2, (labels == 3)[::-1])
    assert (labels[:5] == 2).all()


@rows(("axis", "kind", "component"), [("z", "bloch", 2), ("x", "transverse", 0)])
@rows("first", [1, -1])
@rows("number", [0, 1, 2])
def test_the_exchange_bias_holds_the_domain_at_each_end(axis, kind, component, first, number):
    made = stripe(
        walls=[Wall(position=(150 + 200 * k) * 1e-9, kind=kind) for k in range(number)],
        domain_axis=axis,
        first_domain=first,
        pinned_ends=PinnedEnds(length=20e-9, field=3e5),
    )
    bias, m = made.bias_field(), made.initial_magnetisation(FILM)
    labels = made.labels().values
    np.testing.assert_allclose(bias[labels > 1], 3e5 * m[labels > 1], atol=3e5 * 1e-2)
    assert not bias[labels <= 1].any()
    assert bias[0, 0, 0, component] == 3e5 * first
    assert bias[-1, 0, 0, component] == 3e5 * first * (-1) ** number


def test_a_wall_is_where_it_was_put_with_the_width_of_the_material():
    # As in the reference OOMMF drive: an up-down wall at 128 nm.
    m_z = stripe(walls=[Wall(position="128 nm")]).initial_magnetisation(FILM)[:, 8, 0, 2]
    x = stripe().cell_centres()[0]
    np.testing.assert_allclose(m_z, -np.tanh((x - 128e-9) / FILM.wall_width), atol=1e-12)


def test_walls_are_kept_from_left_to_right_and_domains_alternate():
    made = stripe(walls=[Wall(position=300e-9), Wall(position=100e-9)], first_domain=-1)
    assert [wall.position for wall in made.walls] == [100e-9, 300e-9]
    assert made.domains == (-1, 1, -1)
    x = made.cell_centres()[0]
    m_z = made.initial_magnetisation(FILM)[:, 0, 0, 2]
    np.testing.assert_array_equal(np.sign(m_z[np.searchsorted(x, [50e-9, 200e-9, 400e-9])]), [-1, 1, -1])


def test_without_pinned_ends_there_is_no_bias_and_without_a_window_none_is_made_up():
    assert stripe().bias_field() is None
    with pytest.raises(ValueError, match="this stripe has no readout_window; give it one"):
        stripe().window_mask()


def test_the_domains_follow_from_the_walls():
    assert stripe().domain_axis == "z"
    assert stripe(walls=[Wall(position=1e-7, kind="vortex")]).domain_axis == "x"
    made = stripe(domain_axis="x", first_domain=-1)
    np.testing.assert_array_equal(made.initial_magnetisation(FILM)[..., 0], -1)


def test_a_wall_in_a_taper_has_the_local_width():
    made = stripe(taper=Taper(ratio=0.5), walls=[Wall(position=256e-9, kind="transverse")])
    m_x = made.initial_magnetisation(get_material("permalloy"))[:, 8, 0, 0]
    x = made.cell_centres()[0]
    np.testing.assert_allclose(m_x, -np.tanh((x - 256e-9) / (48e-9 / np.pi)), atol=1e-9)


def test_walls_too_close_for_their_material_are_refused():
    made = stripe(walls=[Wall(position=100e-9), Wall(position=112e-9)])
    with pytest.raises(ValueError, match=r"walls\[0\] and walls\[1\] overlap: .*put them at least 20.8 nm apart"):
        made.initial_magnetisation(FILM)


def test_an_up_down_wall_needs_a_perpendicular_film_or_a_width():
    permalloy = get_material("permalloy")
    with pytest.raises(ValueError, match=r"'permalloy' magnetises in the plane of a film"):
        stripe(walls=[Wall(position=1e-7)]).initial_magnetisation(permalloy)
    assert stripe(walls=[Wall(position=1e-7, width=5e-9)]).initial_magnetisation(permalloy).any()


def test_the_window_covers_the_cells_whose_centres_it_holds():
    window = stripe(readout_window=ReadoutWindow(x=(100e-9, 140e-9), y=(0, 32e-9))).window_mask()
    x, y, _ = stripe().cell_centres()
    np.testing.assert_array_equal(x[window.any(axis=1)], x[(x > 100e-9) & (x < 140e-9)])
    np.testing.assert_array_equal(y[window.any(axis=0)], y[y < 32e-9])
    assert window.sum() == 80


def test_a_window_on_cell_centres_is_symmetric():
    window = stripe(readout_window=ReadoutWindow(x=(102e-9, 410e-9), y=(6e-9, 58e-9))).window_mask()
    np.testing.assert_array_equal(window, window[::-1, ::-1])
    assert window[25, 1]
    assert not window[24, 1]
    assert not window[25, 0]


def test_the_window_holds_magnet_only():
    notch = Notch(position=120e-9, depth=20e-9, width=40e-9, edge="top")
    made = stripe(readout_window=ReadoutWindow(x=(100e-9, 140e-9)), notches=[notch])
    np.testing.assert_array_equal(made.window_mask()[25:35], made.mask()[25:35, :, 0])
    assert 0 < made.window_mask().sum() < 160


@st.composite
def stripes(draw):
    nx, ny = draw(st.integers(40, 200)), draw(st.integers(6, 40))
    cell = draw(st.floats(0.5e-9, 5e-9))
    length, width = nx * cell, ny * cell
    kinds = draw(st.sampled_from([("bloch", "neel"), ("transverse", "vortex")]))
    number = draw(st.integers(0, 3))
    periodic = PeriodicNotches(first=0.2 * length, period=0.2 * length, count=3, depth=0.2 * width, width=0.1 * length)
    return Stripe(
        length=length,
        width=width,
        thickness=cell,
        cell=(cell, cell, cell),
        walls=[
            Wall(
                position=length * (0.2 + 0.25 * k + draw(st.floats(0, 0.1))),
                kind=draw(st.sampled_from(kinds)),
                sign=draw(st.sampled_from([None, 1, -1])),
                width=draw(st.sampled_from([None, 0.02 * length])),
            )
            for k in range(number)
        ],
        first_domain=draw(st.sampled_from([1, -1])),
        taper=draw(st.sampled_from([None, Taper(ratio=0.7), Taper(end_width=0.7 * width, narrow_end="left")])),
        notches=draw(st.sampled_from([(), (periodic,), periodic.expand()])),
        edge_roughness=draw(
            st.none()
            | st.builds(
                EdgeRoughness,
                rms=st.just(0.01 * width),
                correlation_length=st.floats(2 * cell, 20 * cell),
                seed=st.integers(0, 2**40),
            )
        ),
        pinned_ends=draw(st.none() | st.just(PinnedEnds(length=0.1 * length, field="100 mT/mu0"))),
        readout_window=draw(st.none() | st.builds(ReadoutWindow, x=st.just((0.3 * length, 0.6 * length)), y=st.none())),
    )


@settings(max_examples=80, deadline=None)
@given(stripes())
def test_json_in_json_out(made):
    text = made.model_dump_json()
    again = Stripe.model_validate_json(text)
    assert again == made
    assert hash(again) == hash(made)
    assert again.model_dump_json() == text
    assert Stripe(**made.model_dump()) == made
    np.testing.assert_array_equal(again.mask(), made.mask())


@settings(max_examples=40, deadline=None)
@given(stripes())
def test_every_stripe_keeps_its_promises(made):
    mask, labels = made.mask(), made.labels().values
    np.testing.assert_array_equal(labels > 0, mask)
    fine = made.model_copy(
        update={"walls": tuple(wall.model_copy(update={"width": made.cell[0]}) for wall in made.walls)}
    )
    m = fine.initial_magnetisation(FILM)
    np.testing.assert_array_equal(np.isnan(m).all(axis=-1), ~mask)
    np.testing.assert_allclose(np.linalg.norm(m[mask], axis=-1), 1, atol=1e-9)
    if made.readout_window is not None:
        assert not (made.window_mask() & ~mask.any(axis=2)).any()


def test_the_identity_of_a_stripe_is_pinned():
    made = stripe(walls=[{"position": "128 nm"}], pinned_ends={"length": "20 nm", "field": 1e5})
    assert made.model_dump_json() == (
        '{"kind":"stripe","cell":[4e-9,4e-9,1e-9],"parts":[],"terminals":[{"name":"current","x":null,"y":null,"z":null,'
        '"direction":[1.0,0.0,0.0],"along_path":false,"kind":"in_plane"}],"length":5.12e-7,"width":6.4e-8,"thickness":1e-9,'
        '"taper":null,"notches":[],"edge_roughness":null,"anisotropy_gradient":null,"grains":null,"lanes":null,"pinned_ends":{"length":2e-8,"field":100000.0},'
        '"walls":[{"position":1.28e-7,"kind":"bloch","sign":null,"polarity":1,"width":null}],'
        '"domain_axis":"z","first_domain":1,"readout_window":null}'
    )


def test_the_kind_is_a_stripe():
    assert stripe().kind == "stripe"
    with pytest.raises(ValidationError, match=r"kind\n.*'stripe'"):
        stripe(kind="track")


def test_importing_draws_nothing_and_loads_no_plotting():
    code = "import sys, geometries; sys.exit('matplotlib' in sys.modules or 'discretisedfield' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
