"""A wall that tilts: its energy, symmetries, closed forms, heat, and micromagnetics."""

from dataclasses import replace
from functools import partial

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import constants, optimize

from analysis import thiele_width, walls
from geometries import Material, Stripe
from runs import CurrentPulses, Protocol, Relax, RunSpec, simulate
from runs.waveforms.waveform import PiecewiseLinear
from solitons.devices.junction import Junction
from solitons.domain_walls import tilting
from solitons.domain_walls.breathing import Breathing
from solitons.domain_walls.choice import choose_wall
from solitons.domain_walls.heat import follow_hot_walls
from solitons.domain_walls.mesh import dmi_in_cells
from solitons.domain_walls.neuron import DomainWallNeuron, NeuronState
from solitons.domain_walls.simulation import follow_wall
from solitons.domain_walls.stray_field import tilted_wall_factors
from solitons.domain_walls.synapse import DomainWallSynapse, WallState
from solitons.domain_walls.tilting import Tilting, tilting_from_material
from solitons.domain_walls.trajectory import Trajectory, trajectory_from
from solitons.domain_walls.wall_dynamics import WallDynamics, wall_from_material
from solitons.models.loading import load_model
from solitons.models.saving import save_model

from .adaptive import follow_wall_adaptively

WIDTH, ALPHA, TENSION, ACROSS, SHAPE, EDGE = 5e-9, 0.3, 7e5, 100e-9, -4e4, -3e4
WALL = WallDynamics(
    alpha=ALPHA,
    width=WIDTH,
    hard_axis_field=2e4,
    polarity=-1,
    dmi_field=1.5e5,
    damping_like_per_current=2e-8,
    field_like_per_current=4e-9,
    moment_per_length=6e-11,
    tilting=Tilting(stripe_width=ACROSS, tension_field=TENSION, edge_field=EDGE),
)
numbers = st.floats(-1.0, 1.0)


@jax.jit
@partial(jax.grad, argnums=(0, 1, 2))
def slopes_of_energy(q, angle, tilt, polarity, hx, hy, hz, softness):
    """Of the energy of a line w / cos chi long, over 2 mu0 Ms S."""
    own, along = jnp.cos(angle + tilt), hx * jnp.cos(angle) + hy * jnp.sin(angle)
    # What a wall of another width costs, where it costs least.
    pulled = SHAPE * own**2 - jnp.pi * along
    ratio = 1 / jnp.sqrt(1 + softness * pulled)
    stretched = pulled * (ratio - 1) / 2 + (softness * pulled * ratio / (1 + 1 / ratio)) ** 2 / (2 * softness * ratio)
    shape = ((2e4 - EDGE) * own**2 + EDGE * jnp.cos(angle) ** 2) / 2
    per_area = TENSION + shape + jnp.pi / 2 * polarity * 1.5e5 * own - jnp.pi / 2 * along
    return WIDTH * (per_area + stretched) / jnp.cos(tilt) + polarity * hz * q


@settings(max_examples=40)
@given(
    angle=st.floats(-4.0, 4.0),
    tilt=st.floats(-1.0, 1.0),
    polarity=st.sampled_from([-1, 1]),
    along=st.tuples(numbers, numbers, numbers),
    softness=st.sampled_from([1e-14, 1 / TENSION]),
)
def test_energy_falls_at_the_rate_of_gilbert_damping(angle, tilt, polarity, along, softness):
    # alpha (dm/dt)^2 on the line, over 2 mu0 Ms S too.
    field = np.array(along) * 2e4
    breathing = Breathing(softness=softness, shape_field=SHAPE)
    dynamics = replace(WALL, polarity=np.float64(polarity), breathing=breathing)
    with pytest.MonkeyPatch.context() as patched, jax.enable_x64(True):
        patched.setattr(tilting, "FASTEST", 0.0)
        v, w, c = map(float, dynamics.rates(0.0, angle, 0.0, field, tilt=tilt))
        slopes = [float(each) for each in slopes_of_energy(0.0, angle, tilt, float(polarity), *field, softness)]
    cosine = np.cos(tilt)
    in_plane = field[0] * np.cos(angle) + field[1] * np.sin(angle)
    with jax.enable_x64(True):
        width = WIDTH / float(breathing.narrowing(np.cos(angle + tilt), in_plane))
    reach2 = (ACROSS / cosine) ** 2 + (np.pi * width * np.tan(tilt)) ** 2
    friction = cosine * v**2 / width + width * w**2 / cosine + reach2 * c**2 / (12 * width * cosine)
    expected = -ALPHA / float(WALL.gamma0) * friction
    assert slopes[0] * v + slopes[1] * w + slopes[2] * c == pytest.approx(expected, rel=1e-9, abs=1e-6)


@pytest.mark.parametrize("hy", [-6e4, 1e4, 1.2e5])
def test_a_field_across_the_stripe_tilts_a_chiral_wall(hy):
    field = [PiecewiseLinear((0.0,), (each,)) for each in (0.0, hy, 0.0)]
    path = follow_wall(WALL, [0.0, 60e-9], field=field, position=0.0, angle=0.0, max_step=1e-11)

    def energy(at):
        angle, tilt = at
        own = (1e4 - EDGE / 2) * np.cos(angle + tilt) ** 2 - np.pi / 2 * 1.5e5 * np.cos(angle + tilt)
        own += EDGE / 2 * np.cos(angle) ** 2
        return (TENSION + own - np.pi / 2 * hy * np.sin(angle)) / np.cos(tilt) / TENSION

    lowest = optimize.minimize(energy, [0.1 * np.sign(hy), 0.0], method="Nelder-Mead", options={"xatol": 1e-9}).x
    np.testing.assert_allclose([path.angle[-1], path.tilt[-1]], lowest, atol=1e-5)


def test_strong_dmi_locks_the_magnetisation_to_the_normal():
    # Then the tilt is in proportion to a moderate field (Muratov et al. 2017): what is left is the line's length and
    # the field's push along it, so that sin chi = -(pi/2) Hy / (h - (pi/2) H_D) with h the tension.
    dmi_field, hy = 4e5, 2e3
    line = Tilting(stripe_width=ACROSS, tension_field=TENSION)
    locked = replace(WALL, dmi_field=np.float64(dmi_field), hard_axis_field=np.float64(0.0), tilting=line)
    field = [PiecewiseLinear((0.0,), (each,)) for each in (0.0, hy, 0.0)]
    path = follow_wall(locked, [0.0, 60e-9], field=field, position=0.0, angle=0.0, max_step=1e-11)
    assert path.tilt[-1] == pytest.approx(-np.arcsin(np.pi / 2 * hy / (TENSION - np.pi / 2 * dmi_field)), rel=1e-3)


@pytest.mark.slow
def test_steps_are_short_enough():
    train = PiecewiseLinear((0.0, 0.05e-9, 0.5e-9, 0.55e-9), (0.0, 1e12, 1e12, 0.0))
    times = np.linspace(0.0, 1e-9, 11)
    path = follow_wall(WALL, times, train, position=0.0, angle=0.1, tilt=0.2, max_step=1e-11)
    reference = follow_wall_adaptively(WALL, times, train, position=0.0, angle=0.1, tilt=0.2)
    for one, other, allowed in zip(path, reference, (1e-12, 1e-4, 1e-4), strict=True):
        np.testing.assert_allclose(one, other, atol=allowed)


@pytest.mark.slow
def test_heat_tilts_a_wall_as_its_stiffness_allows():
    # A straight wall's energy grows with S mu0 Ms Delta h chi^2: equipartition gives the mean square of chi.
    line = Tilting(stripe_width=ACROSS, tension_field=TENSION)
    plain = replace(WALL, dmi_field=np.float64(0.0), hard_axis_field=np.float64(0.0), tilting=line)
    path = follow_hot_walls(
        plain, [0.0, 4e-9], temperature=300.0, walls=4000, seed=2, position=0.0, angle=0.0, max_step=1e-11
    )
    stiffness = 2 * constants.mu_0 * 6e-11 * WIDTH * TENSION
    expected = constants.k * 300.0 / stiffness
    # The mean square of 4,000 normal numbers is known to 2.2 %.
    assert np.mean(path.tilt[:, 1] ** 2) == pytest.approx(expected, rel=0.07)


FILM = {"name": "Pt/Co", "Ms": 1.1e6, "A": 1.6e-11, "Ku": 1.27e6, "D": 1.5e-3, "alpha": 0.3, "spin_hall_angle": 0.1}


def trajectories(truth, peaks=(2e11, 3e11, 4e11, 5e11), noise=0.05e-9):
    times = np.linspace(0.0, 1.2e-9, 25)
    generator = np.random.default_rng(1)
    for index, peak in enumerate(peaks):
        wave = PiecewiseLinear((0.0, 0.05e-9, 0.5e-9, 0.55e-9), (0.0, peak, peak, 0.0))
        path = follow_wall(truth, times, wave, position=100e-9, angle=0.0, max_step=1e-11)
        yield Trajectory(
            run_id=f"run-{index}",
            time=times,
            position=path.position + noise * generator.standard_normal(times.size),
            angle=path.angle + 2e-3 * generator.standard_normal(times.size),
            tilt=path.tilt,
            current_density=wave,
            length=400e-9,
        )


@pytest.mark.slow
@pytest.mark.parametrize("tilts", [True, False])
def test_runs_choose_whether_their_wall_tilts(tilts):
    film = Material(**FILM)
    across = tilting_from_material(film, width=5.4e-9, thickness=0.6e-9, stripe_width=100e-9)
    start = wall_from_material(film, polarity=-1, thickness=0.6e-9, stripe_width=100e-9, torques=("spin-orbit",))
    truth = replace(start, damping_like_per_current=1.1 * start.damping_like_per_current)
    runs = list(trajectories(replace(truth, tilting=across) if tilts else truth))
    if not tilts:  # what is seen as a tilt is something else
        runs = [replace(run, tilt=np.full(run.time.size, 0.05)) for run in runs]
    choice = choose_wall(runs, start, pinning=False, tilting=across)
    assert any(each.candidate.tilts for each in choice.compared)
    assert next(each.candidate.tilts for each in choice.compared if each.chosen) is tilts
    found = choice.fit["damping_like_per_current"]
    assert found.low < float(truth.damping_like_per_current) < found.high
    assert found.value == pytest.approx(float(truth.damping_like_per_current), rel=0.02)
    if tilts:
        np.testing.assert_allclose(choice.fit.tilts["run-2"], runs[2].tilt, atol=np.deg2rad(0.5))


@pytest.mark.slow
def test_a_straight_wall_is_not_asked(monkeypatch):
    film = Material(**FILM)
    sizes = {"thickness": 0.6e-9, "stripe_width": 20e-9}
    start = wall_from_material(film, polarity=-1, torques=("spin-orbit",), **sizes)
    runs = [replace(run, tilt=np.zeros(run.time.size)) for run in trajectories(start)]
    choice = choose_wall(runs, start, pinning=False, tilting=tilting_from_material(film, width=5.4e-9, **sizes))
    assert not any(each.candidate.tilts for each in choice.compared)


def test_a_saved_wall_still_tilts_and_breathes(tmp_path):
    wall = replace(WALL, breathing=Breathing(softness=1 / TENSION, shape_field=SHAPE))
    assert eqx.tree_equal(load_model(save_model(wall, tmp_path / "wall.json")), wall)


CELLS = {"width": 6.2e-9, "thickness": 1e-9, "stripe_width": 32e-9}


def energy_by_cells(film, tilt, angle, *, width, thickness, stripe_width, cell):
    """Of Walker's profile in cells, over 2 mu0 Ms Delta and the stripe's cross-section, without the stray field."""
    x = cell * (np.arange(-40, 41) + 0.5)
    y = cell * (np.arange(400) + 0.5) - 200 * cell  # long, so that whole cells count and not the ends
    place = (x[:, None] - y * np.tan(tilt)) * np.cos(tilt) / width
    m_z, in_plane = -np.tanh(place), 1 / np.cosh(place)
    m = np.stack([in_plane * np.cos(angle), in_plane * np.sin(angle), m_z], axis=-1)
    along, across = ((m[1:], m[:-1]), (m[:, 1:], m[:, :-1]))
    links = [np.sum(1 - np.sum(one * other, axis=-1)) for one, other in (along, across)]
    # D (m_x d m_z / dx - m_z d m_x / dx), and the same of y: with central differences a sum over the links.
    twists = [
        np.sum(one[..., 2] * other[..., axis] - one[..., axis] * other[..., 2])
        for axis, (one, other) in enumerate((along, across))
    ]
    rows = y.size
    exchange = 2 * film.A / cell**2 * (links[0] / rows + links[1] / (rows - 1))
    chiral = film.D / cell * (twists[0] / rows + twists[1] / (rows - 1))
    local = film.Ku * np.sum(in_plane**2) / rows
    return (exchange + chiral + local) * cell / (2 * constants.mu_0 * film.Ms * width)


@pytest.mark.parametrize("cell", [2e-9, 4e-9])
@pytest.mark.parametrize("dmi", [0.0, 0.5e-3])
def test_the_tension_is_that_of_a_tilted_line_in_cells(cell, dmi):
    # Sums over cells against the closed form, whose stray field is taken away: the rest is Ms / 2 of its factors.
    film = Material(name="film", Ms=6e5, A=12e-12, Ku=5e5, D=dmi, alpha=0.1)
    wall = tilting_from_material(film, cell=cell, **CELLS)
    step = 0.1
    start = wall_from_material(
        film, polarity=-1, thickness=1e-9, stripe_width=32e-9, torques=(), width=6.2e-9, cell=cell
    )
    straight, tilted = (tilted_wall_factors(6.2e-9, 1e-9, 32e-9, tilt, cell) for tilt in (0.0, step))

    def by_cells(tilt, angle):
        factors = tilted if tilt else straight
        sign = np.sign(tilt)
        stray = factors.n_x * np.cos(angle) ** 2 + factors.n_y * np.sin(angle) ** 2 + factors.n_z
        stray += sign * factors.n_xy * np.sin(2 * angle)
        return energy_by_cells(film, tilt, angle, cell=cell, **CELLS) + film.Ms / 2 * stray / np.cos(tilt)

    def by_model(tilt, angle):
        edge, dmi_field = float(wall.edge_field), float(start.dmi_field) * dmi_in_cells(cell, 6.2e-9)
        own = np.cos(angle + tilt)
        shape = (float(start.hard_axis_field) - edge) * own**2 + edge * np.cos(angle) ** 2
        return (float(wall.tension_field) + shape / 2 - np.pi / 2 * dmi_field * own) / np.cos(tilt)

    def curvature(energy):
        return (energy(step, 0.0) + energy(-step, 0.0) - 2 * energy(0.0, 0.0)) / step**2

    def coupling(energy):
        return (energy(step, step) - energy(step, -step) - energy(-step, step) + energy(-step, -step)) / 4 / step**2

    assert curvature(by_model) == pytest.approx(curvature(by_cells), rel=0.01)
    assert coupling(by_model) == pytest.approx(coupling(by_cells), rel=0.02)
    # Without DMI also where the wall is a Bloch wall.
    if not dmi:
        bloch = [
            each(step, np.pi / 2) + each(-step, np.pi / 2) - 2 * each(0.0, np.pi / 2) for each in (by_model, by_cells)
        ]
        assert bloch[0] == pytest.approx(bloch[1], rel=0.015)


@pytest.mark.parametrize("name", ["stripe_width", "tension_field"])
def test_what_cannot_tilt_is_refused(name):
    with pytest.raises(ValueError, match=rf"Tilting\.{name} = 0.0 must be positive"):
        Tilting(**{"stripe_width": 1e-7, "tension_field": 1e5, name: 0.0})


@pytest.mark.slow
def test_micromagnetics_tilts_as_the_material_says():
    # Nothing is fitted. The line lags behind at first, since its ends turn before its middle does.
    stripe = Stripe(
        length=240e-9,
        width=60e-9,
        thickness=0.6e-9,
        cell=(3e-9, 3e-9, 0.6e-9),
        walls=[{"position": 80e-9, "kind": "neel"}],
        terminals=[{"kind": "heavy_metal", "name": "metal"}],
    )
    pulse = CurrentPulses(amplitude=5e11, width=0.5e-9, rise=50e-12, period=0.5e-9, polarity="positive")
    protocol = Protocol(steps=[Relax(), pulse], sampling_interval=50e-12)
    run = simulate(RunSpec(device=stripe, material=FILM, protocol=protocol, engine="native"))
    found = walls(run)
    seen = trajectory_from(run, found, length=stripe.length)
    film = Material(**FILM)
    straight = wall_from_material(
        film, polarity=seen.polarity, thickness=0.6e-9, stripe_width=60e-9, torques=("spin-orbit",)
    )
    straight = replace(straight, width=np.float64(thiele_width(run, found).values[0]))
    sizes = {"thickness": 0.6e-9, "stripe_width": 60e-9, "cell": 3e-9}
    wall = replace(straight, tilting=tilting_from_material(film, width=float(straight.width), **sizes))
    start = {"position": seen.position[0], "angle": seen.angle[0]}
    path = follow_wall(wall, seen.time, seen.current_density, **start, tilt=seen.start_tilt)
    assert np.abs(seen.tilt).max() > np.deg2rad(8)
    assert np.abs(path.tilt - seen.tilt).max() < np.deg2rad(2.5)
    assert path.tilt[-1] == pytest.approx(seen.tilt[-1], abs=np.deg2rad(1))
    assert np.abs(path.angle - seen.angle).max() < np.deg2rad(3)
    upright = follow_wall(straight, seen.time, seen.current_density, **start)
    assert np.abs(upright.angle - seen.angle).max() > np.deg2rad(5)
    assert seen.position[-1] - seen.position[0] > 40e-9
    assert np.abs(path.position - seen.position).max() < 1e-9
    assert upright.position[-1] - seen.position[-1] > 3e-9


@pytest.mark.slow
@pytest.mark.parametrize("tilt", [0.0, 0.1])
def test_devices_carry_the_tilt(tilt):
    train, dt = PiecewiseLinear((0.0,), (1e12,)), 1e-11
    path = follow_wall(WALL, dt * np.arange(21), train, position=150e-9, angle=0.1, tilt=tilt, max_step=dt)
    junction = Junction(left=100e-9, right=400e-9, parallel=5e-4, antiparallel=2e-4)
    synapse = DomainWallSynapse(wall=WALL, junction=junction, left=50e-9, right=450e-9)
    neuron = DomainWallNeuron(wall=WALL, start=50e-9, threshold=450e-9)
    with jax.enable_x64(True):
        state, fires = WallState(150e-9, 0.1, tilt), NeuronState(150e-9, 0.1, False, 0.0, tilt)
        for _ in range(20):
            state, fires = synapse.step(state, 1e12, dt), neuron.step(fires, 1e12, dt)
    for each in (state, fires):
        found = [each.position, each.angle, each.tilt]
        np.testing.assert_allclose(found, [path.position[-1], path.angle[-1], path.tilt[-1]], rtol=1e-9)
