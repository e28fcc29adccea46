"""Perpendicular magnets that reverse from a site: which way a chain listens, its window, and a gate."""

import itertools

import numpy as np
import pytest
from rows import rows

from geometries import MagnetArray, Material
from geometries.magnet_logic import PERPENDICULAR, majority_gate, wire
from geometries.magnet_logic.builders import inverter
from geometries.magnet_logic.nucleation_sites import with_nucleation_sites
from solitons.magnet_logic import NucleatingArray, nucleating_array

FILM = Material(name="Co/Pt", Ms=6e5, A=1.2e-11, Ku=3e5, alpha=0.1)
H_N = 1e5
SITE = {"size": 8e-9, "anisotropy": 1e5}


PAIR = NucleatingArray(np.zeros((2, 2)), np.ones(2))


def sited_chain(count, state=1):
    chain = wire(count, state, grid=PERPENDICULAR)
    return with_nucleation_sites(chain, {each.name: (-12e-9, 0.0) for each in chain.magnets[1:]}, **SITE)


def alternating(peak, cycles):
    return peak * np.tile([1.0, -1.0], cycles)


def test_a_far_neighbour_is_a_point_dipole_at_the_site():
    grid = PERPENDICULAR.model_copy(update={"gap_beside": 208e-9})
    pair = with_nucleation_sites(wire(2, grid=grid), {"out": (-12e-9, 0.0)}, **SITE)
    volume = (pair.cell_labels() == 1).sum() * np.prod(pair.cell)
    expected = -FILM.Ms * volume / (4 * np.pi * 228e-9**3)
    found = nucleating_array(pair, FILM, H_N).couplings
    assert found[1, 0] == pytest.approx(expected, rel=0.02)
    assert not np.diag(found).any()


def test_a_site_is_where_it_was_asked_for():
    place = (-12e-9, 8e-9)
    chain = with_nucleation_sites(wire(2, grid=PERPENDICULAR), {"out": place}, **SITE)
    (site,) = chain.parts
    placed, magnet = chain.placed_outlines(), chain.index("out")
    found = np.mean(site.x) - placed.x[magnet], np.mean(site.y) - placed.y[magnet]
    np.testing.assert_allclose(found, place, atol=1e-15)
    np.testing.assert_allclose([np.ptp(site.x), np.ptp(site.y)], SITE["size"], rtol=1e-9)


def test_a_chain_takes_its_input_from_the_side_of_the_sites_alone():
    chain = nucleating_array(sited_chain(6), FILM, H_N)
    left, right = -chain.couplings[2, 1], -chain.couplings[2, 3]
    assert left > 3 * right > 0
    # The old input was -1: every magnet is the inverse of the one before, but for the input that is new.
    start = [1, 1, -1, 1, -1, 1]
    seen = chain.follow(start, alternating(H_N, 4))
    assert seen[-1].tolist() == [1, -1, 1, -1, 1, -1]
    # A front goes on by a magnet in each half cycle, in those fields that turn the next one.
    wrong = (seen != seen[-1]).sum(axis=1)
    assert wrong.tolist() == [5, 5, 4, 3, 2, 1, 0, 0, 0]


@pytest.mark.parametrize(("share", "works"), [(-1.3, False), (-0.8, True), (0.8, True), (1.3, False)])
def test_the_peak_may_differ_from_the_nucleation_field_by_what_the_two_sides_differ(share, works):
    chain = nucleating_array(sited_chain(6), FILM, H_N)
    # Within a chain; its last magnet has one neighbour and the second one the input.
    margin = chain.couplings[2, 3] - chain.couplings[2, 1]
    seen = chain.follow([1, 1, -1, 1, -1, 1], alternating(H_N + share * margin, 12))
    assert (seen[-1].tolist() == [1, -1, 1, -1, 1, -1]) == works


def sited_gate(states, farther):
    """A gate whose output is farther from the centre than the inputs are, in m."""
    gate = majority_gate(states, PERPENDICULAR).model_dump() | {"reach": 20e-9}
    gate["magnets"][-1]["x"] += farther
    sites = {"centre": (-2e-9, 0.0), "out": (-12e-9, 0.0)}
    return nucleating_array(with_nucleation_sites(MagnetArray.model_validate(gate), sites, **SITE), FILM, H_N)


def right_ends(states, farther):
    """Of the four states that centre and output may have before, those from which the gate ends right."""
    model, majority = sited_gate(states, farther), 1 if sum(states) > 0 else -1
    ends = [
        model.follow([*states, *before], alternating(H_N, 4))[-1].tolist()
        for before in itertools.product((1, -1), repeat=2)
    ]
    return ends.count([*states, -majority, majority])


@rows("states", list(itertools.product((1, -1), repeat=3)))
def test_a_gate_with_its_site_amid_the_inputs_is_a_majority(states):
    assert right_ends(states, 8e-9) == 4


def test_with_the_output_as_near_as_the_inputs_one_row_is_wrong():
    # b and the output together pull a site between them no less than a and c, wherever it is on their line.
    assert right_ends((1, -1, 1), 0.0) < 4


def test_held_magnets_and_no_field_leave_everything():
    chain = nucleating_array(sited_chain(3), FILM, H_N)
    assert chain.follow([1, 1, 1], [0.0, -0.5 * H_N]).tolist() == [[1, 1, 1]] * 3
    assert chain.follow([1, 1, 1], [-10 * H_N])[-1].tolist() == [1, -1, -1]


@rows(
    ("make", "words"),
    [
        (lambda: nucleating_array(wire(3, grid=PERPENDICULAR), FILM, H_N), "'m1' has no site"),
        (lambda: nucleating_array(inverter(), FILM, H_N), "has no site"),
        (lambda: nucleating_array(sited_chain(2), FILM, 0.0), "above 0"),
        (lambda: with_nucleation_sites(inverter(), {"out": (0, 0)}, **SITE), "perpendicular = True"),
        (lambda: with_nucleation_sites(sited_chain(2), {"no": (0, 0)}, **SITE), "no magnet is named 'no'"),
        (lambda: with_nucleation_sites(wire(2, grid=PERPENDICULAR), {"out": (-80e-9, 0)}, **SITE), "site_out"),
        # One magnet to the left, and on either side of the gap.
        (lambda: with_nucleation_sites(wire(2, grid=PERPENDICULAR), {"out": (-40e-9, 0)}, **SITE), "cells of 'in'"),
        (
            lambda: with_nucleation_sites(
                wire(2, grid=PERPENDICULAR), {"out": (-20e-9, 0)}, size=20e-9, anisotropy=1e5
            ),
            "cells of 'in'",
        ),
        (lambda: PAIR.follow([1, 0], [1e5]), "give 1 for up or -1 for down"),
        (lambda: PAIR.follow([1], [1e5]), "not those of 2 magnets"),
        (lambda: PAIR.follow([1, 1], [np.nan]), "a list of finite fields"),
        (lambda: NucleatingArray(np.zeros((2, 2)), np.ones(3)), "give"),
        (lambda: NucleatingArray(np.full((1, 1), np.nan), np.ones(1)), "finite"),
    ],
)
def test_what_cannot_be_is_refused(make, words):
    with pytest.raises(ValueError, match=words):
        make()
