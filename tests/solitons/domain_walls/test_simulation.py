"""Integrators: order, agreement with the adaptive reference, batches, and warnings."""

import linecache
import warnings
from dataclasses import replace

import jax
import numpy as np
import pytest
from rows import rows

from runs.waveforms.waveform import PiecewiseLinear
from solitons.domain_walls.pinning import EndConfinement, HarmonicPinning, PeriodicPinning, PinningSum, SplinePinning
from solitons.domain_walls.simulation import follow_wall, follow_walls, integrate
from solitons.domain_walls.wall_dynamics import WallDynamics
from solitons.drives.drive_steps import drive_steps
from solitons.fits.provenance import FittedRange, OutsideFittedRange, Provenance

from .adaptive import follow_wall_adaptively

TRAIN = PiecewiseLinear(
    (0.0, 0.1e-9, 1.1e-9, 1.2e-9, 2e-9, 2e-9, 3e-9, 3e-9),
    (0.0, 2e12, 2e12, 0.0, 0.0, -3e12, -3e12, 0.0),
)
FIELD = (
    PiecewiseLinear((0.0,), (2e3,)),
    PiecewiseLinear((0.0, 4e-9), (0.0, 1e3)),
    PiecewiseLinear((0.5e-9, 0.5e-9), (0.0, 4e2)),
)
TIMES = np.array([0.0, 0.45e-9, 1.3e-9, 2.5e-9, 4e-9])
WALL = WallDynamics(
    alpha=0.1,
    width=6e-9,
    hard_axis_field=3e4,
    polarity=-1,
    beta=0.04,
    drift_per_current=-4e-11,
    damping_like_per_current=3e-9,
    dmi_field=2e4,
    pinning=PinningSum(
        (
            PeriodicPinning(strength=300.0, period=50e-9, site=10e-9),
            EndConfinement(left=-50e-9, right=300e-9, reach=6e-9, strength=1e4),
        )
    ),
)


@pytest.mark.slow
def test_the_fixed_step_agrees_with_the_adaptive_reference():
    reference = follow_wall_adaptively(WALL, TIMES, TRAIN, FIELD, position=20e-9, angle=1.2)
    path = follow_wall(WALL, TIMES, TRAIN, FIELD, position=20e-9, angle=1.2, max_step=1e-11)
    np.testing.assert_allclose(path.position, reference.position, rtol=0, atol=1e-14)
    np.testing.assert_allclose(path.angle, reference.angle, rtol=0, atol=1e-6)
    assert path.position[0] == 20e-9
    assert path.angle[0] == 1.2
    assert np.ptp(path.position) > 20e-9


@pytest.mark.slow
def test_the_order_of_convergence_is_four_across_jumps():
    reference = follow_wall_adaptively(WALL, TIMES, TRAIN, FIELD, position=20e-9, angle=1.2, rtol=1e-12)
    errors = []
    for step in (50e-12, 25e-12, 12.5e-12, 6.25e-12):
        path = follow_wall(WALL, TIMES, TRAIN, FIELD, position=20e-9, angle=1.2, max_step=step)
        errors.append(np.max(np.abs(path.position - reference.position)))
    orders = np.log2(np.divide(errors[:-1], errors[1:]))
    assert orders[-1] == pytest.approx(4.0, abs=0.3), (errors, orders)


def test_a_wall_in_a_well_oscillates_at_its_frequency_and_relaxes_to_the_minimum():
    # Small oscillations: omega0^2 = gamma0^2 H_K Delta k / (1 + alpha^2), and the envelope falls with
    # gamma0 alpha (H_K + Delta k) / (2 (1 + alpha^2)).
    alpha, stiffness = 0.01, 4e10
    well = WallDynamics(
        alpha=alpha,
        width=6e-9,
        hard_axis_field=3e4,
        polarity=-1,
        pinning=HarmonicPinning(stiffness=stiffness, centre=100e-9),
    )
    gamma0 = float(well.gamma0)
    decay = gamma0 * alpha * (3e4 + 6e-9 * stiffness) / (2 * (1 + alpha**2))
    omega = np.sqrt(gamma0**2 * 3e4 * 6e-9 * stiffness / (1 + alpha**2) - decay**2)
    times = np.linspace(0.0, 3 * 2 * np.pi / omega, 7)
    amplitude = 1e-11
    path = follow_wall(well, times, position=100e-9 + amplitude, angle=np.pi / 2)
    expected = amplitude * np.exp(-decay * times) * np.cos(np.pi * np.arange(7))
    np.testing.assert_allclose(path.position - 100e-9, expected, rtol=0, atol=0.02 * amplitude)
    end = follow_wall(well, [0.0, 20 / decay], position=150e-9, angle=np.pi / 2).position[1]
    assert end == pytest.approx(100e-9, abs=1e-13)


def batch(alphas):
    """Walls that differ in damping and in their splines, as a batch and one by one."""
    coefficients = np.random.default_rng(5).normal(scale=300.0, size=(len(alphas), 4))

    def make(alpha, knots):
        return replace(WALL, alpha=alpha, pinning=SplinePinning(start=0.0, stop=200e-9, coefficients=knots))

    walls = [make(alpha, knots) for alpha, knots in zip(alphas, coefficients, strict=True)]
    return jax.tree.map(lambda *leaves: np.stack(leaves), *walls), walls


@pytest.mark.slow
@pytest.mark.parametrize("one_drive", [True, False])
@pytest.mark.parametrize("one_wall", [True, False])
def test_a_batch_is_the_walls_one_by_one(one_wall, one_drive):
    alphas = [0.05, 0.1, 0.2]
    many, walls = batch(alphas)
    waves = [TRAIN, PiecewiseLinear((0.0,), (1e12,)), TRAIN * -0.7]
    positions, angles = np.array([10e-9, 50e-9, 90e-9]), np.array([1.2, 0.3, -2.0])
    path = follow_walls(
        WALL if one_wall else many,
        TIMES,
        TRAIN if one_drive else waves,
        FIELD,
        position=positions,
        angle=angles,
        max_step=1e-11,
    )
    assert path.position.shape == (3, TIMES.size)
    for index in range(3):
        alone = follow_wall(
            WALL if one_wall else walls[index],
            TIMES,
            TRAIN if one_drive else waves[index],
            FIELD,
            position=positions[index],
            angle=angles[index],
            max_step=1e-11,
        )
        # Steps lie on the breakpoints of each drive alone, so that only rounding differs.
        np.testing.assert_allclose(path.position[index], alone.position, rtol=0, atol=1e-17)
        np.testing.assert_allclose(path.angle[index], alone.angle, rtol=0, atol=1e-8)


def test_one_number_serves_all_devices():
    path = follow_walls(WALL, TIMES, TRAIN, position=np.zeros(4), angle=1.2)
    assert path.angle.shape == (4, TIMES.size)
    np.testing.assert_array_equal(path.position[0], path.position[3])


@pytest.mark.slow
def test_integrate_is_differentiable():
    drive = drive_steps([0.0, 1e-9], TRAIN)
    with jax.enable_x64(True):

        @jax.jit
        def end(beta):
            return integrate(replace(WALL, beta=beta), drive, 20e-9, 1.2).position[-1]

        slope = jax.jacfwd(end)(0.04)
        difference = (end(0.0401) - end(0.0399)) / 2e-4
        slope, difference = float(slope), float(difference)
    assert slope == pytest.approx(difference, rel=1e-5)
    assert slope != 0


def test_results_are_float64_and_the_global_precision_is_left_alone():
    before = jax.config.jax_enable_x64
    path = follow_wall(WALL, TIMES, TRAIN, position=20e-9, angle=1.2)
    assert path.position.dtype == path.angle.dtype == np.float64
    assert jax.config.jax_enable_x64 == before


@rows(
    ("run", "said"),
    [
        (
            lambda: follow_walls(WALL, TIMES, [TRAIN], position=np.zeros(2), angle=0.0),
            "current_density is for 1 devices and position for 2",
        ),
        (
            lambda: follow_walls(batch([0.1, 0.2])[0], TIMES, position=np.zeros(3), angle=0.0),
            "dynamics is for 2 devices and position for 3",
        ),
        (
            lambda: follow_walls(replace(WALL, alpha=np.array([0.1, 0.2])), TIMES, position=np.zeros(2), angle=0.0),
            r"only some parameters of dynamics are a batch.*alpha \(2,\)",
        ),
        (
            lambda: follow_wall(batch([0.1, 0.2])[0], TIMES, position=0.0, angle=0.0),
            "dynamics is a batch of walls; follow it with follow_walls",
        ),
    ],
)
def test_batches_that_disagree_are_refused(run, said):
    with pytest.raises(ValueError, match=said):
        run()


FITTED = replace(
    WALL,
    provenance=Provenance(
        trained_on=("a",),
        fitted_range=FittedRange(amplitude=(2e12, 3e12), width=(0.5e-9, 1.5e-9), field=3e3, position=(0.0, 2e-7)),
    ),
)
FOLLOW = {
    "follow_wall": lambda *drive: follow_wall(FITTED, TIMES, *drive, position=0.0, angle=1.2),
    "follow_walls": lambda *drive: follow_walls(FITTED, TIMES, *drive, position=[0.0, 0.0], angle=1.2),
}


@pytest.mark.parametrize("follow", ["follow_wall", "follow_walls"])
def test_inside_the_fitted_range_nothing_is_said(follow):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        FOLLOW[follow](TRAIN, FIELD)
        FOLLOW[follow]()
        # A pulse that the end of the simulation cuts off is not short.
        FOLLOW[follow](PiecewiseLinear((3.9e-9, 3.9e-9), (0.0, 2e12)))


OUTSIDE = [
    ((TRAIN * 1.1,), "pulse amplitude 3.3e[+]12 A/m2 lies outside the fitted range 2e[+]12 to 3e[+]12"),
    ((TRAIN * -0.9,), "pulse amplitude 1.8e[+]12"),
    ((PiecewiseLinear((0.0, 0.0, 2e-9, 2e-9), (0.0, 2e12, 2e12, 0.0)),), "pulse width 2e-09 s"),
    ((PiecewiseLinear((0.0,), (9e12,)),), "pulse amplitude 9e[+]12"),
    ((None, [wave * 5.0 for wave in FIELD]), "applied field 1.1.*e[+]04 A/m lies outside"),
]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("follow", "drive", "said"),
    [
        *(("follow_wall", *each) for each in OUTSIDE),
        *(("follow_walls", *each) for each in OUTSIDE),
    ],
)
def test_outside_the_fitted_range_each_function_warns_on_the_callers_line(follow, drive, said):
    with pytest.warns(OutsideFittedRange, match=said) as caught:
        FOLLOW[follow](*drive)
    assert len(caught) == 1
    assert f"{follow}(FITTED" in linecache.getline(caught[0].filename, caught[0].lineno)


def test_drives_of_nearly_one_length_share_what_is_compiled(caplog):
    wave = PiecewiseLinear((0.0,), (1.37e11,))
    with jax.log_compiles():
        keys = {"position": 20e-9, "angle": 1.2, "max_step": 1e-11}
        paths = [follow_wall(WALL, [0.0, end], wave, **keys) for end in (1.1e-9, 0.98e-9, 1e-9)]
    compiled = [record.getMessage().split()[1] for record in caplog.records if "Compiling" in record.getMessage()]
    assert compiled.count("jit(_integrate_many)") == 1
    # Steps of no length leave the wall where it is.
    drive = drive_steps([0.0, 1e-9], wave, max_step=1e-11)
    with jax.enable_x64(True):
        alone = jax.jit(integrate)(WALL, drive, 20e-9, 1.2)
    np.testing.assert_allclose(paths[-1].position, alone.position, rtol=1e-12)
