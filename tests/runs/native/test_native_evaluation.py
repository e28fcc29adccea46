"""Cells in a row: the field, energies and steps there are those of the mesh."""

import dataclasses

import jax
import micromagneticmodel as mm
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from magnets import magnet

import runs.native as nc
from runs.native import evaluation
from runs.native.rest import gradient_flow, minimisation, relaxation
from runs.native.terms.damping import Damping
from runs.native.time import integrate
from runs.native.translate import initial_amplitudes, translate


def film():
    """Not at rest, with empty cells, in a mesh whose cells do not fill the places of a row."""
    saturation = np.full((7, 5, 2, 1), 8e5)
    saturation[3, 2, 0] = saturation[-1, -1, -1] = 0
    m = np.random.default_rng(3).normal(size=(7, 5, 2, 3))
    energy = mm.Exchange(A=1.3e-11) + mm.Demag() + mm.Zeeman(H=(2e4, 1e4, 0))
    return magnet((7, 5, 2), m, energy, cell=5e-9, Ms=saturation, boxes={"end": ((0, 0, 0), (2, 2, 2))})


@given(st.integers(1, 10**7))
def test_few_numbers_of_places_leave_few_of_them_empty(cells):
    places = evaluation.places(cells)
    assert cells <= places <= max(evaluation.FEWEST_PLACES, 2 * cells)
    assert cells <= evaluation.DOUBLED_TO or places <= 1.125 * cells
    assert evaluation.places(places) == places


def test_there_are_few_numbers_of_places():
    assert len({evaluation.places(cells) for cells in range(1, 100_000)}) < 60


@pytest.mark.slow
def test_a_state_is_observed_as_for_motion_by_damping():
    rate = 2e5
    translation = translate(film(), dynamics=False, fixed_subregions=["end"])
    with jax.enable_x64(True):
        amplitudes = initial_amplitudes(translation.waveforms)
        m, model = translation.discretisation.magnetisation, translation.model
        moving = dataclasses.replace(model, torques=(Damping(np.asarray(rate)),))
        expected = np.asarray(integrate.observe(moving, m, amplitudes))
        found = evaluation.observe(model, m, amplitudes)
    found[4] *= rate
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_a_row_is_the_cells_and_zeros():
    values = np.arange(3 * 70.0).reshape(3, 2, 5, 7) + 1
    row = evaluation.in_a_row(values)
    np.testing.assert_array_equal(evaluation.in_cells(row, (2, 5, 7)), values)
    assert np.count_nonzero(row) == values.size


@pytest.mark.slow
@pytest.mark.parametrize("fixed", [(), ("end",)], ids=["all turn", "some are held"])
def test_a_descent_that_is_one_loop_goes_the_same_way(monkeypatch, fixed):
    steps, table = minimisation.path(film(), fixed_subregions=fixed)
    last, whole = minimisation.path(film(), fixed_subregions=fixed, every_step=False)
    monkeypatch.setattr(minimisation, "LONG", -1)
    looped, with_loop = minimisation.path(film(), fixed_subregions=fixed, every_step=False)
    for frames, end in ((steps, table), (last, whole), (looped, with_loop)):
        np.testing.assert_allclose(frames[-1], last[-1], atol=1e-7)
        np.testing.assert_allclose(end.E.iloc[-1], whole.E.iloc[-1], rtol=1e-12)
        # Rounding may cost a step.
        assert abs(end.iteration.iloc[-1] - whole.iteration.iloc[-1]) <= 0.1 * whole.iteration.iloc[-1]
    if fixed:
        np.testing.assert_array_equal(looped[-1][:2, :2, :2], film().m.orientation.array[:2, :2, :2])


@pytest.mark.slow
def test_a_flow_whose_stages_are_one_loop_goes_the_same_way(monkeypatch):
    frames, table = relaxation.path(film(), fixed_subregions=["end"])
    monkeypatch.setattr(gradient_flow, "LONG", 0)
    looped, with_loop = relaxation.path(film(), fixed_subregions=["end"])
    assert len(frames) > 2
    np.testing.assert_allclose(looped, frames, atol=1e-7)
    np.testing.assert_array_equal(with_loop.evaluations[:-1], table.evaluations[:-1])


@pytest.mark.slow
def test_runs_do_not_depend_on_those_before(monkeypatch):
    """What is compiled as a loop is decided by a run's own evaluations."""
    first = nc.minimise(film())[0]
    monkeypatch.setattr(minimisation, "LONG", -1)
    nc.minimise(film())
    monkeypatch.undo()
    np.testing.assert_array_equal(nc.minimise(film())[0], first)
