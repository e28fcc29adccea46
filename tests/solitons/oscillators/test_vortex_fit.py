"""The fit of a vortex core's equation: known equations come back, and predict currents that no fit saw."""

from dataclasses import replace

import numpy as np
import pytest
from made_vortices import gyrating_vortex, vortex_disc

from analysis import vortex_core
from geometries import Material
from solitons.oscillators.vortex_fit import CoreRun, fit_vortex, predicted, turns_of_run
from solitons.oscillators.vortex_thiele import VortexThiele

FILM = Material(name="film", Ms=8e5, A=1.3e-11, alpha=0.05)


def truth(polarity=1.0):
    g = 2 * np.pi * 10e-9 * 4e-7 * np.pi * FILM.Ms / FILM.gamma0
    return VortexThiele(
        1e-7, g * np.array([1.02, 0.1]), g * 2.9e9 * np.array([1, 0.2]), [g * 2.8e-3],
        g * np.array([0.075, 0.03, 0.025]), [g * 1.44e-3],
        polarity=polarity, circulation=1, reach=0.95,
    )  # fmt: skip


def energy_of(model, radius, current):
    """The integral of the stiffness over the radius, with the Oersted field: E = kappa rho^2 / 2 of a parabola."""
    fine = np.linspace(0, 1e-7, 2001)
    square = (fine / 1e-7) ** 2
    stiffness = (
        model.stiffness[0]
        + model.stiffness[1] * square
        - float(model.circulation) * current * model.oersted_stiffness[0]
    )
    return np.interp(radius, fine, np.concatenate([[0], np.cumsum((stiffness * fine)[1:] * np.diff(fine))]))


def run_of(model, over, noise=0.0, start=2e-8, number=40, seed=0):
    """The turns of a core that obeys the equation, with noise of its radii and frequencies."""
    current, random = over * model.threshold(), np.random.default_rng(seed)
    time = 1.8e-9 * np.arange(number)
    radius = model.radii(start, current, time)
    turning = np.asarray(model.rates(radius, current)[1])
    return CoreRun(
        f"run-{over}",
        current,
        time,
        radius * (1 + noise * random.normal(size=number)),
        turning * (1 + noise * random.normal(size=number)),
        energy_of(model, radius, current),
    )


@pytest.mark.parametrize("polarity", [1.0, -1.0])
def test_an_equation_comes_back_and_predicts_unseen_currents(polarity):
    model = truth(polarity)
    fitted = fit_vortex([run_of(model, over, 1e-3, seed=i) for i, over in enumerate((1.1, 1.25, 1.4))], model)
    assert fitted.threshold() == pytest.approx(model.threshold(), rel=0.01)
    np.testing.assert_allclose(fitted.gyrovector[0], model.gyrovector[0], rtol=0.01)
    assert float(fitted.damping[0]) == pytest.approx(float(model.damping[0]), rel=0.01)
    for over in (1.17, 1.33):
        unseen = run_of(model, over)
        found = predicted(fitted, unseen)
        assert found.orbit[0] == pytest.approx(unseen.orbit[0], rel=0.01)
        assert found.orbit[1] == pytest.approx(unseen.orbit[1], rel=0.003)
        assert found.rise == pytest.approx(unseen.rise, rel=0.03)
        assert fitted.orbit(unseen.current)[0] == pytest.approx(model.orbit(unseen.current)[0], rel=0.02)
    assert float(fitted.reach) == pytest.approx(1.05 * max(run_of(model, 1.4).radius) / 1e-7, rel=0.01)
    ends = sorted(over * model.threshold() for over in (1.1, 1.4))
    assert fitted.provenance.current_density == pytest.approx(ends)


def test_a_wrong_equation_is_found_to_be_wrong():
    model = truth()
    fitted = fit_vortex([run_of(model, over) for over in (1.1, 1.25, 1.4)], model)
    weaker = VortexThiele(1e-7, *(getattr(fitted, name) for name in ("gyrovector", "stiffness", "oersted_stiffness")),
                          1.05 * fitted.damping, fitted.torque, reach=0.95)  # fmt: skip
    run = run_of(model, 1.25)
    assert abs(predicted(weaker, run).orbit[0] / run.orbit[0] - 1) > 0.05
    # One that loses the core has neither an orbit nor a way to it.
    lost = predicted(fitted, replace(run, current=4 * run.current))
    assert np.isnan([*lost.orbit, lost.rise]).all()


def test_the_rise_ends_at_nine_tenths_of_the_way():
    run = replace(run_of(truth(), 1.2), time=np.arange(6.0), radius=np.array([1.0, 2.0, 4.0, 5.0, 5.0, 5.0]))
    assert run.rise == pytest.approx(2.6)


def test_turns_are_read_until_the_core_reverses():
    run = gyrating_vortex(2e-8, 0.6e9, 20e-9)
    found = turns_of_run(run, vortex_core(run), -2e11, 2e-9, "id")
    assert found.time[0] > 2e-9
    assert found.orbit[0] == pytest.approx(2e-8, rel=0.01)
    assert found.orbit[1] == pytest.approx(0.6e9, rel=2e-3)
    assert found.run_id == "id"
    place = 2e-8 * np.exp(2j * np.pi * 0.6e9 * run.t.values)
    flipped = vortex_disc(
        np.stack([place.real, place.imag], 1), run.t.values, polarity=np.where(run.t.values < 10e-9, 1, -1)
    )
    assert turns_of_run(flipped, vortex_core(flipped), -2e11, 0.0).time.max() < 10e-9


def test_too_few_runs_and_runs_without_energies_are_refused():
    model = truth()
    runs = [run_of(model, over) for over in (1.1, 1.3)]
    with pytest.raises(ValueError, match="has 2 runs with four turns or more, and needs three with different currents"):
        fit_vortex(runs, model)
    unknown = run_of(model, 1.2)
    with pytest.raises(ValueError, match="runs without energies, from which the gyrovector follows"):
        fit_vortex([*runs, replace(unknown, energy=np.nan * unknown.energy)], model)
