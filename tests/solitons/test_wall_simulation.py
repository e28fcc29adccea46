"""Integration: order, jumps, batches, and agreement with an adaptive method."""

from dataclasses import replace

import jax
import numpy as np
import pytest

from runs.waveform import PiecewiseLinear
from solitons.drive import drive_steps, stack_drives
from solitons.pinning import EndConfinement, PinningSum, SplinePinning
from solitons.provenance import FittedRange, OutsideFittedRange, Provenance
from solitons.simulation import simulate, simulate_adaptive, simulate_many
from solitons.wall_dynamics import WallDynamics


def pinned_wall():
    generator = np.random.default_rng(5)
    landscape = PinningSum(
        (
            EndConfinement(30e-9, 480e-9, 6e-9, 1e6),
            SplinePinning(0.0, 512e-9, generator.normal(0.0, 500.0, 8)),
        )
    )
    return WallDynamics(
        alpha=0.1,
        width=6e-9,
        hard_axis_field=1e4,
        polarity=-1,
        beta=0.05,
        drift_per_current=-1e-10,
        pinning=landscape,
    )


def train(amplitude=-1e12, width=0.37e-9, count=3, period=1e-9):
    times, values = [0.0], [0.0]
    for index in range(count):
        start = index * period
        times += [start, start, start + width, start + width]
        values += [0.0, amplitude, amplitude, 0.0]
    return PiecewiseLinear(tuple(times), tuple(values))


TIMES = np.linspace(0.0, 4e-9, 81)


def test_agrees_with_an_adaptive_method():
    given = {"position": 128e-9, "angle": 0.3}
    field = (train(2e4), PiecewiseLinear((0.0, 4e-9), (0.0, 1e4)), train(-3e3, width=0.2e-9))
    fixed = simulate(pinned_wall(), TIMES, train(), field, **given)
    reference = simulate_adaptive(pinned_wall(), TIMES, train(), field, **given)
    assert np.ptp(reference.position) > 50e-9
    np.testing.assert_allclose(fixed.position, reference.position, rtol=0, atol=1e-13)
    np.testing.assert_allclose(fixed.angle, reference.angle, rtol=0, atol=1e-5)
    assert fixed.position.dtype == np.float64


def test_fourth_order_across_jumps():
    # A jump inside a step would make the method first order.
    def positions(step):
        given = {"position": 128e-9, "angle": 0.3, "max_step": step}
        return simulate(pinned_wall(), TIMES[::40], train(), **given).position

    exact = positions(2e-12)
    errors = [np.abs(positions(step) - exact).max() for step in (200e-12, 100e-12)]
    assert errors[0] / errors[1] > 8


def test_steps_end_on_samples_and_breakpoints():
    drive = drive_steps(np.array([0.0, 1e-9, 1.5e-9]), train(), max_step=0.2e-9)
    ends = np.concatenate([[0.0], np.cumsum(drive.step)])
    for mark in (0.37e-9, 1e-9, 1.37e-9):
        assert np.abs(ends - mark).min() < 1e-20
    np.testing.assert_allclose(ends[drive.sample], [0.0, 1e-9, 1.5e-9], rtol=1e-12)
    # Every step sees one level only, on or off.
    assert np.ptp(drive.current_density, axis=1).max() < 1e-9 * 1e12
    assert drive.step @ drive.current_density[:, 1] == pytest.approx(-1e12 * 0.74e-9)


def test_padding_leaves_the_wall_alone():
    short = drive_steps(TIMES[:21], train())
    both = stack_drives([short, drive_steps(TIMES, train())])
    assert both.step.shape[0] == 2
    assert both.step[0, short.step.size :].sum() == 0
    assert both.sample[0, -1] == short.sample[-1]


def test_many_are_the_same_as_one_by_one():
    waves = [train(-0.5e12), train(1e12, width=0.5e-9), train(-1e12, count=2)]
    positions = np.array([100e-9, 200e-9, 300e-9])
    together = simulate_many(pinned_wall(), TIMES, waves, position=positions, angle=0.4)
    assert together.position.shape == (3, 81)
    for index, wave in enumerate(waves):
        alone = simulate(pinned_wall(), TIMES, wave, position=positions[index], angle=0.4)
        np.testing.assert_allclose(together.position[index], alone.position, rtol=1e-12)


def test_a_batch_of_different_devices():
    alphas = np.array([0.05, 0.1, 0.2])
    batch = jax.tree.map(lambda leaf: np.broadcast_to(leaf, (3, *np.shape(leaf))), pinned_wall())
    batch = replace(batch, alpha=alphas)
    together = simulate_many(batch, TIMES, train(), position=np.full(3, 128e-9), angle=0.3)
    for index, alpha in enumerate(alphas):
        alone = simulate(replace(pinned_wall(), alpha=alpha), TIMES, train(), position=128e-9, angle=0.3)
        np.testing.assert_allclose(together.position[index], alone.position, rtol=1e-10)


def test_numbers_of_devices_must_agree():
    with pytest.raises(ValueError, match="current_density is for 2 devices and position for 3"):
        simulate_many(pinned_wall(), TIMES, [train(), train()], position=np.zeros(3), angle=0.0)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"times": [0.0, 0.0]}, "increasing"),
        ({"times": [0.0, 1e-9], "max_step": 0.0}, "max_step"),
        ({"times": [0.0, 1e-9], "field": [train()]}, "three"),
    ],
)
def test_bad_drives_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        drive_steps(**arguments)


def test_a_fitted_wall_warns_outside_its_range():
    provenance = Provenance(
        trained_on=("a",),
        fitted_range=FittedRange(amplitude=(5e11, 1e12), width=(2e-10, 5e-10), position=(0.0, 5e-7)),
    )
    fitted = replace(pinned_wall(), provenance=provenance)
    with pytest.warns(
        OutsideFittedRange, match=r"amplitude 2e\+12 A/m2 lies outside the fitted range 5e\+11 to 1e\+12"
    ):
        simulate(fitted, TIMES, train(2e12), position=128e-9, angle=0.3)
    assert fitted.provenance.check_range(-7e11, 3e-10)
    assert fitted.provenance.check_range(0.0)
    with pytest.warns(OutsideFittedRange, match="width"):
        assert not fitted.provenance.check_range(7e11, 1e-9)


def test_precision_outside_is_left_alone():
    simulate(pinned_wall(), TIMES[:3], train(), position=128e-9, angle=0.3)
    assert jax.numpy.zeros(1).dtype == np.float32
