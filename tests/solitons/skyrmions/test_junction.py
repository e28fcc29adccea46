"""The reversed area under a junction against the moments themselves, and against a disc."""

import jax
import numpy as np
import pytest

from analysis import artificial
from solitons.devices import JunctionReadOut
from solitons.skyrmions.junction import skyrmion_junction

SIZE = (12e-9, 4e-9)


def junction(polariser=-1.0, size=SIZE):
    read_out = JunctionReadOut(resistance_area=1e-11, tmr=1.5, polariser=(0.0, 0.0, polariser))
    return skyrmion_junction(read_out, (0.0, 300e-9), 80e-9, size)


def test_what_is_reversed_left_of_a_line_is_what_the_moments_say():
    film = {"extent": (128e-9, 128e-9), "cell": (1e-9, 1e-9, 1e-9)}
    run = artificial.skyrmions([[64e-9, 64e-9]], radius=SIZE[0], wall_width=SIZE[1], **film)
    column = ((1 - run.m.sel(vdims="z").values[0, :, :, 0]) / 2).sum(axis=1) * 1e-18
    edges = run.x.values + 0.5e-9 - 64e-9
    with jax.enable_x64(True):
        found = np.asarray(junction().reversed_left_of(edges))
    np.testing.assert_allclose(found, np.cumsum(column), atol=0.002 * column.sum())


def test_a_thin_wall_reverses_a_disc():
    sharp = junction(size=(20e-9, 0.2e-9))
    with jax.enable_x64(True):
        found = np.asarray(sharp.reversed_left_of(np.array([-10e-9, 0.0, 30e-9])))
    disc = np.pi * 400e-18
    segment = 400e-18 * (np.arccos(0.5) - 0.5 * np.sqrt(0.75))
    np.testing.assert_allclose(found, [segment, disc / 2, disc], rtol=0.01)


@pytest.mark.parametrize("polariser", [-1.0, 1.0])
def test_levels_are_a_skyrmions_share_of_the_area_apart(polariser):
    read = junction(polariser)
    places = np.array([[-100e-9, -100e-9, -100e-9], [60e-9, -100e-9, -100e-9], [60e-9, 140e-9, -100e-9]])
    with jax.enable_x64(True):
        found = np.asarray(read.conductance(places))
        area = float(read.reversed_left_of(1.0))
        gone = float(read.conductance(places[2], np.array([True, False, True])))
    # A core that points down is parallel to a layer that does.
    step = -polariser * (float(read.parallel) - float(read.antiparallel)) * area / (300e-9 * 80e-9)
    np.testing.assert_allclose(np.diff(found), step, rtol=1e-4)
    assert found[0] == pytest.approx(float(read.antiparallel if polariser < 0 else read.parallel), rel=1e-6)
    assert gone == pytest.approx(found[1], rel=1e-9)


def test_bad_junctions_are_refused():
    with pytest.raises(ValueError, match="radius = 0"):
        junction(size=(0.0, 4e-9))
    with pytest.raises(ValueError, match="no part along z"):
        skyrmion_junction(JunctionReadOut(resistance_area=1e-11, tmr=1.5, polariser=(1, 0, 0)), (0, 1e-7), 1e-8, SIZE)
