"""The reduced models beside OOMMF's reference solutions: how far each is off, as measured."""

import functools

import numpy as np
import pandas as pd
from rows import rows

from solitons.problems import load_problem, problem_names
from solitons.problems.reduced import REDUCED, script_of


@functools.cache
def answer(name):
    return pd.DataFrame(REDUCED[name]())


def farthest(name, column, found=None):
    asked = answer(name) if found is None else found
    return (asked[column] - load_problem(name).solution("oommf")[column]).abs().max()


def test_each_problem_has_a_model_that_states_itself_in_a_line():
    assert sorted(REDUCED) == list(problem_names())
    assert all(each.__doc__.splitlines()[0].endswith(".") for each in REDUCED.values())


@rows("name", problem_names())
def test_rows_are_those_of_the_reference(name):
    problem, found = load_problem(name), answer(name)
    reference = problem.solution("oommf")
    assert list(found) == list(reference)
    for key in problem.keys:
        if found[key].dtype.kind in "if":
            np.testing.assert_allclose(found[key], reference[key], rtol=1e-8)
        else:
            assert list(found[key]) == list(reference[key])


@rows(
    ("name", "column", "distance"),
    [
        # 6.3 nm without the ends of the stripe, and 13 nm with the wall's usual width besides.
        ("wall-under-pulses", "position (nm)", 0.94),
        ("wall-under-pulses", "angle (deg)", 1.35),
        # The notch, whose wall is not rigid.
        ("wall-depinning", "depinning field (mT)", 18.0),
        # At 1.75e11 A/m2 after 1.5 ns: an edge shrinks a skyrmion, which is rigid here.
        ("skyrmion-expulsion", "x (nm)", 6.3),
        ("skyrmion-expulsion", "y (nm)", 5.2),
        ("skyrmion-expulsion", "held", 0),
        # Beside the border of locking, where the beat is steepest.
        ("oscillator-locking", "beat (MHz)", 2.5),
        ("oscillator-locking", "locked", 0),
        # Two steps of the field for one island, one for three.
        ("spin-ice-loop", "field (kA/m)", 4.0),
        # Magnets are not magnetised the same everywhere.
        ("majority-gate", "centre", 0.037),
        ("majority-gate", "output", 0.032),
        ("waveguide-dispersion", "frequency (GHz)", 0.07),
    ],
)
def test_a_model_is_as_far_from_oommf_as_it_was_measured(name, column, distance):
    assert 0.9 * distance <= farthest(name, column) <= distance


def test_the_closed_form_of_the_bars_is_below_what_cells_of_half_a_nanometre_have():
    found, seen = answer("wall-depinning"), load_problem("wall-depinning").solution("oommf")
    above = (seen["depinning field (mT)"] / found["depinning field (mT)"] - 1)[:6]
    assert above.between(0.0008, 0.0062).all()


def test_thieles_equation_predicts_currents_that_its_edge_was_not_fitted_to():
    """The last row is gone in both; 0.5 ns from the start, where the edge acts little, the tensors alone are tested."""
    name = "skyrmion-expulsion"
    far = (answer(name)["time (ns)"] == 0.5) & (answer(name)["current density (A/m^2)"] > 1.3e11)
    off = (answer(name) - load_problem(name).solution("oommf"))[far]
    assert off["x (nm)"].abs().max() < 0.03
    assert answer(name)[["x (nm)", "y (nm)"]].isna().sum().tolist() == [1, 1]
    assert answer(name)["held"].tolist() == 17 * [1] + [0]


def test_counts_of_both_engines_scatter_about_the_axial_equation():
    """Squares over the variance have the mean 1 (measured 0.72 and 0.82; counts of a run are not independent in time).

    Neither engine has a layer down where 0.003 or fewer are expected.
    """
    model = answer("junction-switching")["switched"]
    variance = model * (1 - model / 1023)
    for engine in ("oommf", "native"):
        seen = load_problem("junction-switching").solution(engine)["switched"]
        assert 0.2 < ((seen - model) ** 2 / variance)[variance > 5].mean() < 2
        assert (model < 0.003).sum() == 4
        assert not seen[model < 0.003].any()


def test_constants_come_from_the_script(monkeypatch):
    name = "waveguide-dispersion"
    monkeypatch.setattr(script_of(name), "MS", 1.02 * script_of(name).MS)
    assert farthest(name, "frequency (GHz)", pd.DataFrame(REDUCED[name]())) > 0.2
