"""Images with known contours: what segments are found in them, and how they are coupled."""

import numpy as np
import pytest
from pydantic import ValidationError
from rows import rows

from solitons.campaigns.magnet_logic.nanomagnet_vision.answers import chance_of_less
from solitons.campaigns.magnet_logic.nanomagnet_vision.images import SPACING, Segments, affinities, draw, edge_segments
from solitons.campaigns.magnet_logic.nanomagnet_vision.problems import contour_problem, small_problem
from solitons.campaigns.magnet_logic.nanomagnet_vision.settings import Completion, Image, MaxCut
from solitons.magnet_logic import ground_states


def test_an_edge_is_found_where_it_is_and_along_its_direction():
    row, column = np.indices((60, 80))
    angle = 0.6
    across = (row - 30) * np.cos(angle) - (column - 40) * np.sin(angle)
    found = edge_segments(np.tanh(across / 2), 3)
    np.testing.assert_allclose(found.angles, angle, atol=0.02)
    off = (found.places[:, 1] - 30) * np.cos(angle) - (found.places[:, 0] - 40) * np.sin(angle)
    assert np.abs(off).max() < 1
    with pytest.raises(ValueError, match="the image has 0 edges"):
        edge_segments(np.ones((40, 40)), 2)


def test_segments_on_a_circle_continue_each_other_and_crossed_ones_do_not():
    turn = 0.3
    angles = np.array([0.0, turn, 2 * turn])
    radius = SPACING / (2 * np.sin(turn / 2))
    places = radius * np.stack([np.sin(angles), -np.cos(angles)], axis=1)
    values = affinities(Segments(places, angles))
    # Tangents at both ends of a chord make half the turn with it: 4 (t^2 - t^2 + t^2).
    assert values[0, 1] == pytest.approx(np.exp(-4 * (turn / 2) ** 2 / 0.5), rel=1e-6)
    assert values[0, 2] < values[0, 1] / 3
    crossed = affinities(Segments(places, np.add(angles, [0, np.pi / 2, 0])))
    assert crossed[0, 1] == 0
    # The direction of a segment has no sign.
    np.testing.assert_allclose(affinities(Segments(places, np.mod(angles + np.pi, np.pi))), values, atol=1e-12)


# Drawn with seeds and lengths on which nothing was tuned.
@pytest.mark.slow
@pytest.mark.parametrize(("seed", "contour", "turn"), [(101, 5, 0.2), (102, 6, 0.35), (103, 8, 0.3)])
def test_the_exact_minimum_of_a_new_scene_is_its_contour(seed, contour, turn):
    image = Image(name="new", source="contour", segments=15, contour=contour, turn=turn, seed=seed)
    problem = contour_problem(image)
    assert problem.truth.sum() == contour
    found = ground_states(problem.ising).states[0] == 1
    assert (found & problem.truth).sum() >= contour - 1
    assert (found & ~problem.truth).sum() <= 1
    assert chance_of_less(problem, 1) <= 0.05


# Straight contours longer than the image, and curves that hardly ever fit.
@pytest.mark.slow
@rows(("contour", "turn"), [(11, 0.0), (19, 0.05), (13, 0.3)])
def test_a_contour_that_does_not_fit_is_refused(contour, turn):
    image = Image(name="long", source="contour", segments=20, contour=contour, turn=turn)
    with pytest.raises(ValueError, match=rf"'long': contour = {contour} elements .* turn = {turn:g} rad"):
        draw(image)


def test_in_noise_the_minimum_is_no_better_than_chance():
    problem = contour_problem(Image(name="noise", source="noise", seed=7))
    assert not problem.truth.any()
    assert chance_of_less(problem, 1) > 0.05


@pytest.mark.parametrize("source", ["china.jpg", "flower.jpg"])
def test_the_photographs_are_there_and_no_contour_is_known_in_them(source):
    problem = contour_problem(Image(name="photograph", source=source))
    assert problem.picture.shape == (106, 160)
    assert problem.truth is None
    picture, _ = draw(Image(name="photograph", source=source))
    assert len(edge_segments(picture, 14).places) == 14


def test_small_problems_have_the_ground_states_that_they_ask_for():
    ring = small_problem(MaxCut(name="ring", nodes=4, edges=[(0, 1, 1), (1, 2, 1), (2, 3, 1), (3, 0, 1)]))
    assert ground_states(ring.answer_ising).states.tolist() == [[1, -1, 1, -1]]
    letters = Completion(name="letters", patterns=["###/.#./.#.", "#../#../###"], shown="##?/.??/???")
    problem = small_problem(letters)
    assert ground_states(problem.answer_ising).states.tolist() == [problem.patterns[0].tolist()]


@rows(
    ("make", "words"),
    [
        (lambda: Image(name="a", source="contour"), "give it"),
        (lambda: Image(name="a", source="noise", contour=3), "leave it out"),
        (lambda: Image(name="a", source="contour", segments=6, contour=6), "must be below segments"),
        (lambda: Image(name="a", source="cat.jpg"), "source"),
        (lambda: Image(name="a", source="noise", segments=21), "segments"),
        (lambda: MaxCut(name="a", nodes=3, edges=[(0, 3, 1)]), "two nodes of 0 to 2"),
        (lambda: MaxCut(name="a", nodes=3, edges=[(0, 1, 1), (1, 0, 2)]), "two edges join"),
        (lambda: Completion(name="a", patterns=["##/##"], shown="?#/#."), "part of the first pattern"),
        (lambda: Completion(name="a", patterns=["##/##"], shown="##/##"), "leave a part to complete"),
        (lambda: Completion(name="a", patterns=["##/##", "###"], shown="?#/##"), "has not the rows"),
    ],
)
def test_what_is_no_problem_is_refused(make, words):
    with pytest.raises(ValidationError, match=words):
        make()
