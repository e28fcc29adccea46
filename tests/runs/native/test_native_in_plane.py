"""Loops of a film whose m stays in its plane: a third less to transform, the same field to the last digit."""

import jax
import micromagneticmodel as mm
import numpy as np
import pytest
from magnets import magnet
from rows import rows

from runs.native.rest.hysteresis import _within_plane
from runs.native.translate import translate

IN_PLANE = np.array([[1e4, 2e4, 0.0]])


def film(*terms, m=(1, 0.3, 0), cells=(12, 8, 1)):
    energy = mm.Exchange(A=1.3e-11) + mm.Demag()
    for term in terms:
        energy = energy + term
    return magnet(cells, m, energy, cell=5e-9)


def both(system, applied=IN_PLANE):
    """The model, and the one for m in the plane; a random m in the plane, and the waveforms' values."""
    with jax.enable_x64(True):
        translation = translate(system, dynamics=False)
        magnetisation = translation.discretisation.magnetisation
        m = np.random.default_rng(1).normal(size=magnetisation.shape)
        m[2] = 0.0
        model = translation.model
        return model, _within_plane(model, magnetisation, applied), m, np.zeros(len(translation.waveforms))


@pytest.mark.slow
@pytest.mark.parametrize(
    "terms",
    [
        (),
        (mm.Zeeman(H=(0, 1e4, 0)), mm.UniaxialAnisotropy(K=1e4, u=(1, 2, 0), name="in_plane")),
        (mm.UniaxialAnisotropy(K=1e4, u=(0, 0, 1)),),
    ],
)
def test_the_field_is_the_same_to_the_last_digit(terms):
    model, within, m, amplitudes = both(film(*terms))
    assert within is not model
    with jax.enable_x64(True):
        field = np.asarray(model.field(m, amplitudes))
        np.testing.assert_array_equal(np.asarray(within.field(m, amplitudes)), field)
    assert not field[2].any()


@rows(
    ("system", "applied"),
    [
        (film(m=(1, 0, 1e-9)), IN_PLANE),
        (film(), np.array([[0.0, 0.0, 1.0]])),
        (film(mm.Zeeman(H=(1e4, 0, 1))), IN_PLANE),
        (film(mm.UniaxialAnisotropy(K=1e4, u=(1, 0, 1))), IN_PLANE),
        (film(mm.DMI(D=1e-3, crystalclass="Cnv_z")), IN_PLANE),
        (film(cells=(12, 8, 2)), IN_PLANE),
    ],
)
def test_what_leaves_the_plane_is_not_taken_for_it(system, applied):
    model, within, *_ = both(system, applied)
    assert within is model
