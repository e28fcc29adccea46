"""A width that follows the angle: its own dynamics, closed forms, the choice by runs, and micromagnetics."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import integrate

from analysis import thiele_width, walls
from geometries import Stripe
from runs import ConstantField, CurrentPulses, Protocol, Relax, RunSpec, simulate
from runs.waveforms.waveform import PiecewiseLinear
from solitons.domain_walls.breathing import Breathing
from solitons.domain_walls.choice import choose_wall
from solitons.domain_walls.runs import breathing_of, tilting_of, wall_of
from solitons.domain_walls.simulation import follow_wall
from solitons.domain_walls.trajectory import Trajectory, trajectory_from
from solitons.domain_walls.wall_dynamics import WallDynamics
from solitons.models.loading import load_model
from solitons.models.saving import save_model

ALPHA, WIDTH, HARD_AXIS, STIFF = 0.1, 6e-9, 4e4, 4e5
# Of a uniaxial anisotropy K cos^2, as in Walker's solution: all of it changes the width.
WALKER = WallDynamics(
    alpha=ALPHA,
    width=WIDTH,
    hard_axis_field=HARD_AXIS,
    polarity=-1,
    breathing=Breathing(softness=1 / STIFF, shape_field=HARD_AXIS),
)


def constant(*values):
    return [PiecewiseLinear((0.0,), (value,)) for value in values]


def whole_equations(wall, field, times, start):
    """Position, angle and width as three coordinates, from the Lagrangian and the Rayleigh function."""
    h, shape, alpha, gamma0 = STIFF, float(wall.breathing.shape_field), float(wall.alpha), float(wall.gamma0)
    p, rest = float(wall.polarity), float(wall.width)
    dmi, hard = float(wall.dmi_field) * rest, float(wall.hard_axis_field)

    def rates(_, state):
        _, phi, width = state
        along = field[0] * np.cos(phi) + field[1] * np.sin(phi)
        # The slopes of sigma / (2 mu0 Ms) by phi and Delta.
        by_angle = -(shape * (width - rest) + hard * rest) / 2 * np.sin(2 * phi) - np.pi / 2 * p * dmi * np.sin(phi)
        by_angle += np.pi / 2 * width * (field[0] * np.sin(phi) - field[1] * np.cos(phi))
        by_width = h / 2 * (1 - rest**2 / width**2) + shape / 2 * np.cos(phi) ** 2 - np.pi / 2 * along
        torque = -by_angle / width
        velocity = p * gamma0 * width * (torque - alpha * field[2]) / (1 + alpha**2)
        turning = gamma0 * (field[2] + alpha * torque) / (1 + alpha**2)
        return velocity, turning, -12 * gamma0 * width / (alpha * np.pi**2) * by_width

    return integrate.solve_ivp(rates, (0, times[-1]), start, "LSODA", times, rtol=1e-9, atol=1e-15).y


@pytest.mark.parametrize("field", [(0.0, 0.0, 2e4), (2e4, 0.0, 6e3), (1e4, -2e4, 3e4)])
def test_the_width_has_no_time_of_its_own(field):
    wall = replace(WALKER, dmi_field=np.float64(8e3))
    times = np.linspace(0.0, 2e-9, 41)
    path = follow_wall(wall, times, field=constant(*field), position=0.0, angle=1.2, max_step=5e-12)
    own = (np.cos(path.angle), field[0] * np.cos(path.angle) + field[1] * np.sin(path.angle))
    width = WIDTH / np.asarray(wall.breathing.narrowing(*own))
    q, phi, seen = whole_equations(wall, field, times, (0.0, 1.2, width[0]))
    assert float(wall.breathing.relaxation_time(wall.alpha, wall.gamma0)) == pytest.approx(9.3e-13, rel=0.01)
    assert np.ptp(seen) > 0.02 * WIDTH
    assert np.ptp(q) > 5e-9
    np.testing.assert_allclose(width, seen, rtol=2e-3)
    np.testing.assert_allclose(path.angle, phi, atol=0.01)
    np.testing.assert_allclose(path.position, q, atol=0.01 * np.ptp(q))


def test_the_width_at_the_walker_field():
    # There sin 2 phi is 1, so that Delta is Delta_0 / sqrt(1 + K / 2 K_eff) (Schryer and Walker 1974).
    strength = 0.9999 * float(WALKER.walker_field)
    times = [0.0, 198e-9, 200e-9]
    path = follow_wall(WALKER, times, field=constant(0.0, 0.0, strength), position=0.0, angle=1.57, max_step=2e-11)
    expected = float(WALKER.gamma0) * strength / ALPHA * WIDTH / np.sqrt(1 + HARD_AXIS / (2 * STIFF))
    assert (path.position[2] - path.position[1]) / 2e-9 == pytest.approx(expected, rel=1e-3)


@pytest.mark.parametrize("share", [-0.05, -0.01, 0.02, 0.05])
def test_a_field_along_the_wall_changes_it_as_the_exact_profile(share):
    # theta' = (sin theta - h) / Delta_0 of a Bloch wall in a field along it (H over the anisotropy field, h).
    dense = np.linspace(np.arcsin(share), np.pi - np.arcsin(share), 20_001)
    exact = 2 / integrate.trapezoid(np.sin(dense) - share, dense)
    breathing = Breathing(softness=1 / STIFF)
    assert float(1 / breathing.narrowing(0.0, share * STIFF)) == pytest.approx(exact, abs=3 * share**2)
    # The integral of m_z dm - m dm_z is that of theta.
    wall = replace(WALKER, breathing=breathing, hard_axis_field=np.float64(0.0), damping_like_per_current=1e-8)
    straight = replace(wall, breathing=Breathing())
    field = np.array([share * STIFF, 0.0, 0.0])
    velocity, rigid = (float(each.rates(0.0, 0.0, 1e12, field)[0]) for each in (wall, straight))
    assert velocity / rigid == pytest.approx(exact * np.ptp(dense) / np.pi, abs=3 * share**2)


def test_a_wall_is_at_most_twice_as_wide():
    soft = Breathing(softness=1 / STIFF)
    np.testing.assert_allclose(soft.narrowing(0.0, np.array([0.3, 0.4, 1.0]) * STIFF), 0.5)


def made(truth, fields=(-3e4, -1.5e4, 0.0, 1.5e4, 3e4)):
    """Spin-orbit pulses in fields along the stripe, with noise."""
    times, generator = np.linspace(0.0, 1.2e-9, 25), np.random.default_rng(2)
    wave = PiecewiseLinear((0.0, 0.05e-9, 0.5e-9, 0.55e-9), (0.0, 3e11, 3e11, 0.0))
    for index, along in enumerate(fields):
        field = constant(along, 0.0, 0.0)
        path = follow_wall(truth, times, wave, field, position=100e-9, angle=0.0, max_step=1e-11)
        yield Trajectory(
            run_id=f"run-{index}",
            time=times,
            position=path.position + 0.05e-9 * generator.standard_normal(times.size),
            angle=path.angle + 2e-3 * generator.standard_normal(times.size),
            current_density=wave,
            field=tuple(field),
            length=400e-9,
        )


@pytest.mark.slow
@pytest.mark.parametrize("breathes", [True, False])
def test_runs_choose_whether_their_wall_breathes(breathes):
    breathing = Breathing(softness=1 / STIFF, shape_field=-4e4)
    start = WallDynamics(
        alpha=0.3, width=WIDTH, hard_axis_field=1e4, polarity=-1, dmi_field=1e5, damping_like_per_current=2e-8
    )
    truth = replace(start, damping_like_per_current=np.float64(2.2e-8))
    runs = list(made(replace(truth, breathing=breathing) if breathes else truth))
    if breathes:  # what is seen in the frames is the width in the middle of them
        seen = np.concatenate(
            [1 / np.asarray(breathing.narrowing(np.cos(run.angle), run.field[0](run.time))) for run in runs]
        )
        start = replace(start, width=WIDTH * np.median(seen))
    choice = choose_wall(runs, start, pinning=False, breathing=breathing)
    (taken,) = (each.candidate for each in choice.compared if each.chosen)
    assert taken.breathes is breathes
    assert taken.free == ("damping_like_per_current",)
    found = choice.fit["damping_like_per_current"]
    assert found.low < 2.2e-8 < found.high
    assert found.value == pytest.approx(2.2e-8, rel=0.01)
    assert float(choice.fit.dynamics.width) == pytest.approx(WIDTH, rel=0.002)


@pytest.mark.slow
def test_a_width_that_would_hardly_change_is_not_asked():
    start = replace(WALKER, breathing=Breathing(), damping_like_per_current=2e-8, dmi_field=1e5)
    stiff = Breathing(softness=1e-7, shape_field=1e3)
    choice = choose_wall(list(made(start)), start, pinning=False, breathing=stiff)
    assert choice.compared
    assert not any(each.candidate.breathes for each in choice.compared)


@pytest.mark.parametrize("softening", [0.0, 0.2])
def test_files_with_a_softening_are_read_where_it_did_nothing(tmp_path, softening):
    path = save_model(replace(WALKER, breathing=Breathing()), tmp_path / "wall.json")
    path.write_text(path.read_text().replace('"alpha"', f'"width_softening": {softening}, "alpha"', 1))
    if softening:
        with pytest.raises(ValueError, match=r"WallDynamics\.width_softening is not 0.*fit the model again"):
            load_model(path)
    else:
        assert float(load_model(path).alpha) == ALPHA


def test_what_cannot_be_soft_is_refused():
    with pytest.raises(ValueError, match=r"Breathing\.softness = -1\.0 m/A must not be below 0"):
        Breathing(softness=-1.0)


@pytest.mark.slow
def test_micromagnetics_breathes_as_its_stray_field_says():
    # A wall that turns in a field, in a stripe where the shape is strong: the Neel wall is the wider one, where a
    # local anisotropy would make it narrower.
    film = {"name": "film", "Ms": 6e5, "A": 1.2e-11, "Ku": 3e5, "alpha": 0.1}
    stripe = Stripe(
        length=320e-9,
        width=64e-9,
        thickness=4e-9,
        cell=(4e-9, 4e-9, 4e-9),
        walls=[{"position": 160e-9, "kind": "bloch"}],
    )
    steps = [Relax(), ConstantField(amplitude=(0, 0, 2e4), duration=0.5e-9)]
    spec = RunSpec(
        device=stripe,
        material=film,
        protocol=Protocol(steps=steps, sampling_interval=50e-12, static_field=(0, 2e3, 0)),
        engine="native",
    )
    run = simulate(spec)
    found = walls(run)
    width = thiele_width(run, found, frames=11).values
    cosine = np.cos(found["angle"].values[:, 0])
    bloch = width[np.argmin(np.abs(cosine))]
    assert cosine.min() < -0.95
    assert 1.08 < width.max() / bloch < 1.12
    expected = bloch / np.asarray(breathing_of(spec, bloch).narrowing(cosine, 0.0))
    np.testing.assert_allclose(width, expected, rtol=0.025)
    # The hard-axis field is near 0, where a slab would have 6 kA/m: it comes of the same energy.
    assert abs(float(wall_of(spec, -1, bloch).hard_axis_field)) < 2.5e3


METAL = {"name": "Pt/Co", "Ms": 1.1e6, "A": 1.6e-11, "Ku": 1.27e6, "D": 0.8e-3, "alpha": 0.3, "spin_hall_angle": 0.1}


def driven(field):
    stripe = Stripe(
        length=150e-9,
        width=18e-9,
        thickness=0.6e-9,
        cell=(3e-9, 3e-9, 0.6e-9),
        walls=[{"position": 60e-9, "kind": "neel"}],
        terminals=[{"kind": "heavy_metal", "name": "metal"}],
    )
    pulse = CurrentPulses(amplitude=3e11, width=0.4e-9, rise=50e-12, period=0.6e-9, polarity="positive")
    protocol = Protocol(steps=[Relax(), pulse], sampling_interval=50e-12, static_field=(field, 0, 0))
    spec = RunSpec(device=stripe, material=METAL, protocol=protocol, engine="native")
    run = simulate(spec)
    found = walls(run)
    return spec, thiele_width(run, found).values, trajectory_from(run, found, length=stripe.length)


def chosen_of(runs):
    widths = np.concatenate([each for _, each, _ in runs])
    spec, trajectories = runs[0][0], [each for _, _, each in runs]
    start = wall_of(spec, trajectories[0].polarity, float(np.nanmedian(widths)))
    ways = {"tilting": tilting_of(spec, float(start.width)), "breathing": breathing_of(spec, float(start.width))}
    return choose_wall(trajectories, start, pinning=False, **ways), start


@pytest.mark.slow
def test_micromagnetic_runs_in_fields_along_the_stripe_choose_a_wall_that_breathes():
    # Fields along a chiral wall make it a quarter wider or narrower, and it moves by as much further.
    runs = [driven(field) for field in (-6e4, -3e4, 0.0, 3e4, 6e4)]
    seen = np.array([np.nanmedian(width) for _, width, _ in runs])
    assert np.ptp(seen) > 0.25 * seen[2]
    choice, start = chosen_of(runs)
    breathing = breathing_of(runs[0][0], float(start.width))
    ratio = [
        np.median(1 / np.asarray(breathing.narrowing(np.cos(r.angle), r.field[0](r.time) * np.cos(r.angle))))
        for *_, r in runs
    ]
    assert np.ptp(seen / ratio) < 0.03 * seen[2]
    (taken,) = (each.candidate for each in choice.compared if each.chosen)
    assert taken.breathes
    rms = {
        (each.candidate.free, each.candidate.breathes): each.rms for each in choice.compared if not each.candidate.tilts
    }
    assert all(rms[free, True] < rms[free, False] for free, _ in rms)
    assert rms[(), True] < 0.8 * rms[(), False]
    assert choice.fit["damping_like_per_current"].value == pytest.approx(
        float(start.damping_like_per_current), rel=0.03
    )
