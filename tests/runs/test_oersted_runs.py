"""The Oersted field of a current through a pillar, in runs of both engines."""

import numpy as np
import pytest
from scipy import constants

from geometries import Material, Pillar
from runs import ConstantCurrent, CurrentPulses, Numerics, Protocol, RunSpec, simulate
from runs.system import build_system

engines = pytest.mark.parametrize("engine", ["native", pytest.param("oommf", marks=pytest.mark.oommf)])
FILM = Material(name="film", Ms=8e5, A=1.3e-11, alpha=0.5)
BARRIER = {"resistance_area": "1 ohm um^2", "tmr": "50 %", "polarisation": 1e-9}
DENSITY = 4e11


def spec(engine, start, steps, diameter=124e-9, demagnetisation=False, **terminal):
    """A disc whose current has a field and next to no torque."""
    device = Pillar(
        length=diameter,
        thickness=4e-9,
        cell=(2e-9, 2e-9, 4e-9),
        start=start,
        fixed_layer="up",
        barrier=BARRIER,
        terminals=[{"kind": "through_plane", "name": "junction", "oersted": True} | terminal],
    )
    interval = sum(step.duration for step in steps) / 10
    return RunSpec(
        device=device,
        material=FILM,
        protocol=Protocol(steps=steps, sampling_interval=interval),
        numerics=Numerics(demagnetisation=demagnetisation),
        engine=engine,
    )


@pytest.mark.slow
@engines
def test_the_energy_of_a_vortex_in_the_field_is_the_closed_form(engine):
    """-mu0 Ms int H . m over a disc: 62 cells across."""
    energies = {}
    for sign in (1, -1):
        steps = [ConstantCurrent(amplitude=sign * DENSITY, duration=2e-14)]
        run = simulate(spec(engine, {"circulation": -1}, steps))
        # The last frame but one is under the current; nothing has moved in this time.
        energies[sign] = float(run["energy"][5])
    m, cells = run["m"].isel(t=0).values.astype(float), spec(engine, "vortex", steps).device
    x, y, _ = cells.cell_centres()
    half = DENSITY / 2
    inside = cells.mask()[:, :, 0]
    along = (half * (y - 62e-9)[None, :] * m[:, :, 0, 0] - half * (x - 62e-9)[:, None] * m[:, :, 0, 1])[inside].sum()
    zeeman = -constants.mu_0 * FILM.Ms * along * 2e-9 * 2e-9 * 4e-9
    # Of an ideal vortex it is -mu0 Ms t J pi R^3 / 3; a clockwise one is favoured by a positive current.
    ideal = -constants.mu_0 * FILM.Ms * 4e-9 * DENSITY * np.pi * 62e-9**3 / 3
    assert zeeman == pytest.approx(ideal, rel=0.02)
    assert (energies[1] - energies[-1]) / 2 == pytest.approx(zeeman, rel=1e-4)


@engines
def test_the_field_follows_the_current_in_time(engine):
    # Cells without exchange precess each about its own field, by gamma0 times the current's integral over time.
    material = {"A": 1e-20, "alpha": 1e-9}
    pulses = [CurrentPulses(amplitude=10 * DENSITY, width=40e-12, period=100e-12, rise=20e-12)]
    made = spec(engine, "up", pulses)
    made = made.model_copy(update={"material": FILM.model_copy(update=material)})
    run, field = simulate(made), made.device.terminal().field_in(made.device)[..., :2]
    time = np.linspace(0, 100e-12, 10001)
    current = made.protocol.current_density(time)
    charge = np.interp(run["t"], time, np.concatenate([[0], np.cumsum((current[1:] + current[:-1]) / 2) * 1e-14]))
    angle = FILM.gamma0 * np.linalg.norm(field[50, 20, 0]) * charge
    np.testing.assert_allclose(run["m"][:, 50, 20, 0, 2], np.cos(angle), atol=3e-4)
    assert angle[-1] > 0.1


@pytest.mark.slow
@engines
def test_a_large_positive_current_turns_a_uniform_disc_clockwise(engine):
    steps = [ConstantCurrent(amplitude=6e12, duration=1e-9)]
    made = spec(engine, (1, 0.3, 0.2), steps, diameter=64e-9, demagnetisation=True)
    m = simulate(made)["m"].isel(t=-2).values.astype(float)
    x, y, _ = made.device.cell_centres()
    turn = ((x - 32e-9)[:, None] * m[:, :, 0, 1] - (y - 32e-9)[None, :] * m[:, :, 0, 0])[made.device.mask()[:, :, 0]]
    assert turn.mean() / 64e-9 < -0.1


def test_only_a_terminal_that_has_it_gets_the_term():
    steps = [ConstantCurrent(amplitude=DENSITY, duration=1e-9)]
    with_field, without = (
        [each.name for each in build_system(spec("native", "vortex", steps, oersted=each), drive=True).energy]
        for each in (True, False)
    )
    assert set(with_field) - set(without) == {"oersted_field_junction"}
