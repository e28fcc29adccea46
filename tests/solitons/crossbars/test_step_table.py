"""Tables of steps against what they were measured on: an ideal synapse, a wall, a row of skyrmions, a junction."""

import tracemalloc
from dataclasses import replace

import numpy as np
import pytest
from rows import rows
from scipy.stats import binom

from solitons.crossbars import DeviceArray, StepTable, measured_table, write_and_verify
from solitons.crossbars.device_array import _nearest_counts, write_open_loop
from solitons.crossbars.measured_steps import _fitted, table_error
from solitons.crossbars.measured_trains import table_from_trains
from solitons.crossbars.step_table import ideal_table
from solitons.devices import ProgrammingPulse
from solitons.devices.junction import Junction
from solitons.devices.spreads import Spreads
from solitons.fits.provenance import FittedRange, Provenance, SwitchingProvenance
from solitons.junctions import StochasticBinarySynapse, SwitchingRates
from solitons.junctions.junction_spread import JunctionSpread

PULSE = ProgrammingPulse(1e12, 0.4e-9, 0.4e-9, 20e-12, 0.6e-9)
CHANCY = ProgrammingPulse(2e11, 5e-9, 5e-9, 0.0, 6e-9)


@pytest.fixture(scope="module")
def chancy():
    origin = SwitchingProvenance(current_density=(-3e11, 3e11), time=(1e-9, 1e-8))
    rates = SwitchingRates(attempt_rate=4e9, stability=30.0, critical_current=2.5e11, provenance=origin)
    return StochasticBinarySynapse(Junction(0, 1, 3e-4, 1.2e-4), rates=rates, count=4)


@pytest.fixture(scope="module")
def chancy_table(chancy):
    return measured_table(chancy, CHANCY, drives=(1.0, -1.0, 0.0), quantiles=256)


def test_an_ideal_synapse_steps_by_its_mobility(linear):
    table = measured_table(linear, PULSE)
    moved = 5e-11 * 1e12 * 0.38e-9
    inside = (table.coordinate > 50e-9) & (table.coordinate < 250e-9 - moved)
    # A pulse's charge is its amplitude times its width less a rise; a current along x moves it left, where it is lower.
    np.testing.assert_allclose(np.abs(table.steps[0, :, inside, 0]), moved, rtol=2e-3)
    assert table.steps.shape == (1, 2, 33, 1)
    assert not table.spread_known
    assert table.range == (pytest.approx(2e-4), pytest.approx(5e-4))
    assert table.pulses_across == pytest.approx(200e-9 / moved, rel=0.05)
    assert table.mean_step(1.0) > 0 > table.mean_step(-1.0)
    assert table_error(linear, PULSE, table) < 0.01


@pytest.mark.slow
@pytest.mark.parametrize("period", [0.6e-9, 6e-9])
def test_a_table_says_what_the_walls_memory_costs(synapse, period):
    # Its angle rests after some 0.3 ns: where the next pulse comes sooner, the table, which begins at rest, is wrong.
    wall = replace(synapse.wall, alpha=0.3, hard_axis_field=50e3, beta=0.0)
    slow = replace(PULSE, amplitude=3e12, period=period)
    remembers = replace(synapse, wall=wall)
    error = table_error(remembers, slow, measured_table(remembers, slow))
    assert error > 0.03 if period < 1e-9 else error < 0.005


def test_devices_and_cycles_differ_as_the_fit_has_it(linear):
    spread = replace(linear, spreads=Spreads(cycle=3e-9, gain=0.2, place=4e-9))
    table = measured_table(spread, PULSE, devices=16, quantiles=32)
    middle = int(np.abs(table.coordinate - 150e-9).argmin())
    steps = table.steps[:, 0, middle]
    assert table.spread_known
    assert np.std(steps.mean(axis=1)) / np.mean(np.abs(steps)) == pytest.approx(0.2, rel=0.02)
    assert np.std(steps, axis=1) == pytest.approx(5e-9, rel=0.02)
    one = table.without_spread()
    assert one.devices == 1
    assert np.std(one.steps[0, 0, middle]) == pytest.approx(5e-9, rel=0.02)
    more = one.with_spread(0.3).steps[:, 0, middle].mean(axis=1)
    assert np.std(more) / np.abs(np.mean(more)) == pytest.approx(0.3, rel=1e-6)
    assert np.ptp(table.without_noise().steps[:, 0, middle], axis=-1).max() == 0


@pytest.mark.slow
def test_a_chancy_junction_stays_on_its_levels(chancy, chancy_table):
    table = chancy_table
    assert table.discrete
    np.testing.assert_allclose(table.conductance, chancy.levels)
    flips = float(chancy.rates.probability(2e11, 5e-9))
    # From the lowest level each of four junctions flips by itself.
    assert table.steps[0, 0, 0].mean() == pytest.approx(flips, abs=0.05)
    array = DeviceArray.of(table, np.full(4000, table.range[0]), seed=1)
    array.send(np.ones(4000, dtype=int))
    levels, counts = np.unique(array.conductance.round(12), return_counts=True)
    assert set(levels) <= set(chancy.levels.round(12))
    np.testing.assert_allclose(counts / 4000, binom.pmf(np.arange(levels.size), 4, flips), atol=0.05)


def test_junctions_that_differ_make_devices_that_differ(chancy):
    spread = JunctionSpread(stability=[0.1], critical_current=[0.1], conductance=[0.1])
    unlike = replace(chancy, unlike=spread)
    table = measured_table(unlike, CHANCY, quantiles=64, devices=64)
    assert table.spread_known
    assert table.steps.shape == (64, 2, 5, 64)
    # Four junctions in parallel: half of the spread of one.
    assert table.scales.std() == pytest.approx(0.05, rel=0.3)
    assert np.std(table.steps[:, 0, 0].mean(axis=-1)) > 0.03
    array = DeviceArray.of(table, np.full((40, 40), table.range[0]), seed=3)
    np.testing.assert_allclose(array.conductance / table.range[0], table.scales[array.device])
    alike = table.without_spread()
    assert alike.scales is None
    assert DeviceArray.of(alike, [table.range[0]], seed=0).conductance == pytest.approx(table.range[0])
    with pytest.raises(ValueError, match=r"StepTable\.scales must be 64 finite numbers"):
        replace(table, scales=np.ones(3))


@pytest.mark.slow
def test_a_row_of_skyrmions_is_a_device_like_others(row):
    strong = ProgrammingPulse(1e11, 2e-9, 2e-9, 20e-12, 4e-9)
    table = measured_table(row, strong, places=25)
    assert table.mean_step(1.0) > 0 > table.mean_step(-1.0)
    # A row that was pushed is stretched, which the table leaves out: 5 % of the range, more than a wall's.
    assert 0.01 < table_error(row, strong, table, pulses=12) < 0.1
    array = DeviceArray.of(table, np.full(20, table.range[0]), seed=0)
    written = write_and_verify(array, np.linspace(*table.range, 20))
    assert written.error < 1.2 / table.pulses_across


def test_what_lies_outside_the_fit_is_counted(synapse):
    origin = Provenance(
        trained_on=("a",),
        fitted_range=FittedRange(amplitude=(4e11, 1.1e12), width=(1e-10, 5e-10), position=(100e-9, 200e-9)),
    )
    fitted = replace(synapse, wall=replace(synapse.wall, provenance=origin))
    table = measured_table(fitted, PULSE, drives=(1.0, -1.0, 1 / 3, -1 / 3))
    assert table.outside.tolist() == [[False, False, True, True]]
    array = DeviceArray.of(table, table.conductance_at(np.array([60e-9, 150e-9])), seed=0)
    array.send([1, 1])
    assert array.outside_share == 0.5
    array.send([0, 1], size=1 / 3)
    assert array.outside == 2


@rows(
    ("origin", "outside"),
    [
        ({"current_density": (-1e11, 1e11)}, [True, True, False, False, False]),
        ({"current_density": (-3e11, 3e11), "time": (1e-8, 1e-7)}, [True, True, True, True, False]),
        ({"current_density": (1.5e11, 3e11), "both_ways": True}, [False, False, True, True, False]),
    ],
)
def test_a_junction_driven_beyond_its_fit_says_so(origin, outside):
    sizes = np.array([[1.0, -1.0, 0.4, -0.4, 0.0]])  # of 2e11
    assert _fitted(SwitchingProvenance(**{"time": (1e-9, 1e-8)} | origin), CHANCY, sizes)[1].tolist() == [outside]


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_a_junction_that_was_fitted_on_one_sign_of_the_current_is_outside_with_the_other(chancy, sign):
    ends = sorted((sign * 1.5e11, sign * 3e11))
    origin = SwitchingProvenance(current_density=(ends[0], ends[1]), time=(1e-9, 1e-8))
    table = measured_table(replace(chancy, rates=replace(chancy.rates, provenance=origin)), CHANCY, quantiles=2)
    signs = sign * table.current_sign * np.array(table.drives)
    assert table.outside.tolist() == [(signs < 0).tolist()]


def test_a_spread_that_was_measured_as_nothing_is_known(linear):
    unknown = measured_table(linear, PULSE, places=5)
    looked_at = replace(linear, spreads=Spreads(devices=8, temperature=300.0))
    known = measured_table(looked_at, PULSE, places=5)
    assert (unknown.spread_known, unknown.chance_known) == (False, False)
    assert (known.spread_known, known.chance_known) == (True, True)
    np.testing.assert_array_equal(known.steps, unknown.steps)


def test_what_is_not_known_of_drives_is_refused(chancy_table):
    array = DeviceArray.of(chancy_table, [1.2e-4] * 9, seed=0)
    with pytest.raises(ValueError, match=r"drive 0.5 was not measured; the table has 1, -1, 0: measure it too"):
        array.send(np.ones(9, dtype=int), size=0.5)
    array.rest(3)
    assert array.pulses.sum() == 0
    with pytest.raises(ValueError, match="drive 0 was not measured"):
        DeviceArray.of(table_from_trains(*saturating()), [1.2e-4], seed=0).rest(1)


def test_a_device_that_no_pulse_moves_is_refused(linear):
    with pytest.raises(ValueError, match=r"change the conductance by .* use stronger or longer ones"):
        measured_table(linear, replace(PULSE, amplitude=1.0))


def saturating(pulses=30, amount=3.0, scale=1e-4):
    share = (1 - np.exp(-amount * np.arange(pulses + 1) / pulses)) / (1 - np.exp(-amount))
    return scale * (1 + share), scale * (2 - share)


def test_a_table_of_pulses_steps_as_its_trains():
    # dG/dn of 1 + (1 - exp(-a n/N)) / (1 - exp(-a)) falls from a / N / (1 - exp(-a)) to exp(-a) of that.
    up, down = saturating()
    table = table_from_trains(up, down)
    assert table.range == (1e-4, 2e-4)
    first, last = table.steps[0, 0, [0, -1]].mean(axis=-1)
    assert first == pytest.approx((up[1] - up[0]) / 1e-4, rel=0.35)
    assert first > 5 * last > 0
    array = DeviceArray.of(table, np.full(200, 1e-4), seed=0)
    followed = [array.conductance.mean()]
    for _ in range(30):
        array.send(np.ones(200, dtype=int))
        followed.append(array.conductance.mean())
    assert np.sqrt(np.mean((np.array(followed) - up) ** 2)) < 0.05 * 1e-4


@rows(
    ("up", "down", "message"),
    [
        ([1.0, 2.0], [2.0, 1.0], r"up has the shape \(1, 2\); give a row of 3 or more"),
        ([1.0, -2.0, 3.0], [3.0, 2.0, 1.0], "up has a conductance that is not finite or not above 0"),
        ([1.0, 2.0, 3.0], [1.0, 2.0, 3.0], "a train of down ends where it should not"),
        (np.ones((2, 3)) + np.arange(3), [3.0, 2.0, 1.0], "up has 2 devices and down 1"),
    ],
)
def test_bad_trains_are_refused(up, down, message):
    with pytest.raises(ValueError, match=message):
        table_from_trains(up, down)


def test_an_ideal_table_is_written_exactly():
    table = ideal_table(table_from_trains(*saturating()), 100)
    assert table.pulses_across == pytest.approx(100)
    wanted = np.linspace(1e-4, 2e-4, 37)
    for write in (write_and_verify, write_open_loop):
        array = DeviceArray.of(table, np.full(37, 1e-4), seed=0)
        assert write(array, wanted).error < 0.5 / 100
        assert array.pulses.max() <= 101


def test_counts_are_those_of_the_nearest_and_take_little_memory():
    generator = np.random.default_rng(0)
    # Not rising throughout, and many times the same.
    reached = np.round(np.cumsum(generator.normal(1, 3, 2000)), 1)
    target = generator.uniform(reached.min() - 5, reached.max() + 5, (40, 50))
    expected = np.abs(target[..., None] - reached).argmin(axis=-1)
    tracemalloc.start()
    found = _nearest_counts(reached, target)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    np.testing.assert_array_equal(found, expected)
    assert most < 0.1 * expected.size * reached.size
    assert _nearest_counts(np.array([2.0, 2.0]), np.array([1.0, 3.0])).tolist() == [0, 0]


def test_stuck_devices_stay():
    table = ideal_table(table_from_trains(*saturating()), 10)
    array = DeviceArray.of(table, np.full((50, 50), 1.5e-4), seed=3, stuck_low=0.1, stuck_high=0.2)
    array.send(np.full((50, 50), 2))
    assert np.mean(array.stuck) == pytest.approx(0.3, abs=0.03)
    assert set(np.unique(array.conductance[array.stuck]).round(9)) == {1e-4, 2e-4}
    np.testing.assert_allclose(array.conductance[~array.stuck], 1.7e-4)


@rows(
    ("call", "message"),
    [
        (lambda t: DeviceArray.of(t, [3e-4], seed=0), "the device has 0.0001 to 0.0002 S; scale them"),
        (lambda t: DeviceArray.of(t, [np.nan], seed=0), "scale them"),
        (lambda t: DeviceArray.of(t, [1e-4], seed=0, stuck_low=0.7, stuck_high=0.7), "must be shares"),
        (lambda t: replace(t, conductance=-t.conductance), "must be finite and above 0"),
        (lambda t: replace(t, conductance=1e-4 + (t.coordinate - 0.4) ** 2), "must rise or fall throughout"),
        (lambda t: replace(t, drives=(1.0,)), "steps has the axes devices, 1 drives"),
        (lambda t: replace(t, steps=t.steps * np.nan), "steps must be finite"),
        (lambda t: t.with_spread(-0.1), "gain = -0.1 must be finite, 0 or above"),
        (lambda t: replace(t, discrete=True).with_spread(0.1), "a device with levels has no gain of its steps"),
        (lambda t: ideal_table(t, 0), "pulses = 0 must be finite and above 0"),
    ],
)
def test_bad_tables_and_arrays_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call(table_from_trains(*saturating()))


def by_turns(array, counts):
    """What pulses do, one turn after the other in plain Python."""
    table = array.table
    at, device, chance = array.coordinate.copy(), array.device, np.random.default_rng(5)
    for sign in (1, -1):
        steps, left = table.steps[:, table.drives.index(sign)], np.maximum(sign * counts, 0)
        while left.any():
            for one in np.flatnonzero(left):
                drawn = chance.integers(0, steps.shape[-1])
                place = np.interp(at[one], table.coordinate, np.arange(table.coordinate.size))
                if table.discrete:
                    step = steps[device[one], int(np.rint(place)), drawn]
                else:
                    step = np.interp(at[one], table.coordinate, steps[device[one], :, drawn])
                if not array.stuck[one]:
                    at[one] = np.clip(at[one] + step, table.coordinate[0], table.coordinate[-1])
            left = np.maximum(left - 1, 0)
    return at


@pytest.mark.parametrize("discrete", [False, True])
def test_pulses_move_each_device_turn_by_turn_as_the_table_has_it(discrete):
    generator = np.random.default_rng(0)
    places = np.array([0.0, 0.5, 2.0, 3.0])
    steps = generator.normal(0, 1, (3, 2, 4, 5)) if not discrete else generator.integers(-2, 3, (3, 2, 4, 5)) * 1.0
    table = StepTable(
        np.arange(4.0) if discrete else places, np.array([1e-6, 1e-6, 2e-6, 4e-6]), (1.0, -1.0), steps,
        discrete=discrete, scales=np.array([0.9, 1.0, 1.2]),
    )  # fmt: skip
    array = DeviceArray.of(table, generator.choice([1e-6, 2e-6, 4e-6], 40), seed=1, stuck_low=0.1, stuck_high=0.1)
    array.generator = np.random.default_rng(5)
    counts = generator.integers(-3, 4, 40)
    expected, given = by_turns(array, counts), counts.copy()
    array.send(counts)
    np.testing.assert_array_equal(counts, given)
    np.testing.assert_allclose(array.coordinate, expected, rtol=1e-12, atol=1e-12)
    np.testing.assert_array_equal(array.pulses, np.abs(counts))
    # What is kept beside the coordinates is the conductance there.
    np.testing.assert_allclose(array.conductance, array.scale * table.conductance_at(array.coordinate), rtol=1e-14)
