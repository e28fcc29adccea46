"""The table of steps against walls that hop by chance, whose steps are known: mean p d, variance p (1 - p) d^2."""

import numpy as np
import pytest

from runs import CurrentPulses
from solitons.campaigns.domain_walls.dw_synapse.heat_results import Arrival, ConductanceStep
from solitons.campaigns.domain_walls.dw_synapse.heated import HotSteps, statistics_of
from solitons.campaigns.domain_walls.dw_synapse.step_table import (
    frame_of,
    step_table,
    synapse_of_steps,
    with_single_pulses,
)
from solitons.exports import ExportSettings, export_model
from solitons.exports.crosssim import crosssim_tables

LOW, STEP, PLACES, PULSES = 2e-4, 1e-5, 21, 20
SPAN = 20 * STEP
PULSE = CurrentPulses(amplitude=8e11, width=0.2e-9, rise=0.05e-9, period=1e-9, count=PULSES)
WALLS = 400
HOPS = {1: 0.9, -1: 0.8}  # chance of a pulse up and of one down


def walls(chances, count, first=1):
    """Conductances of walls that hop between places, up and down by turns, `first` way first; and the signs."""
    rng = np.random.default_rng(1)
    now = np.full(count, 0 if first > 0 else PLACES - 1)
    # No end stops them: those below the lowest place without heat count there.
    path, ways = [now], np.repeat([first, -first], PULSES)
    for way in ways:
        now = now + way * (rng.random(count) < chances[way])
        path.append(now)
    return LOW + STEP * np.array(path, dtype=float).T, ways


def hot(raising=1, model=WALLS, runs=40):
    """Walls without heat, which always hop, and with it; a current of the sign `raising` raises the conductance."""
    found = []
    for temperature, chances in ((0.0, {1: 1.0, -1: 1.0}), (300.0, HOPS)):
        conductance, ways = walls(chances, (model if temperature else 1) if model else 0, first=raising)
        measured, _ = walls(chances, runs if temperature else 0, first=raising)
        # The first train is of positive pulses whatever they do.
        signs = raising * ways
        found.append(HotSteps(temperature, signs, conductance, conductance, measured, measured))
    return found


def rows_of(table, source="model", temperature=300.0):
    return [row for row in table if (row.source, row.temperature) == (source, temperature)]


@pytest.mark.parametrize("raising", [1, -1])
def test_a_row_a_place_has_the_steps_of_walls_that_hop(raising):
    table = step_table(hot(raising), LOW, SPAN)
    rows = rows_of(table)
    assert [row.conductance for row in rows] == pytest.approx(LOW + STEP * np.arange(PLACES))
    for way, sign in (("up", 1), ("down", -1)):
        p = HOPS[sign]
        inner = rows[3:-3]
        pulses = np.array([getattr(row, f"{way}_pulses") for row in inner])
        mean = np.array([getattr(row, way) for row in inner]) * SPAN / STEP
        # Four standard errors of a share, place by place.
        assert np.all(np.abs(mean - sign * p) < 4 * np.sqrt(p * (1 - p) / pulses))
        spread = np.array([getattr(row, f"{way}_spread") for row in inner]) * SPAN / STEP
        assert spread == pytest.approx(np.sqrt(np.abs(mean) * (1 - np.abs(mean))), rel=0.01)
    assert sum(row.up_pulses for row in rows) == sum(row.down_pulses for row in rows) == WALLS * PULSES
    cold = rows_of(table, temperature=0.0)[1:-1]
    assert {row.up_spread for row in cold} == {None}
    assert [(row.up, row.down) for row in cold] == [pytest.approx((0.05, -0.05))] * (PLACES - 2)
    # Of 40 runs hardly one comes to the last place.
    assert len(rows_of(table, "micromagnetics")) >= PLACES - 1


def test_runs_have_a_table_where_the_fit_failed():
    table = step_table(hot(model=0)[1:], LOW, SPAN)
    assert {row.source for row in table} == {"micromagnetics"}
    # Rows are at the mean conductances of the runs themselves, which do not come to the last place.
    assert 15 * STEP < table[-1].conductance - LOW < 20 * STEP
    assert sum(row.up_pulses for row in table) == 40 * PULSES
    assert step_table([], LOW, SPAN) == []


def test_places_that_no_pulse_left_have_no_number():
    never = {"up": None, "up_spread": None, "up_pulses": 0, "down": None, "down_spread": None, "down_pulses": 0}
    once = ConductanceStep(
        source="model", temperature=300.0, conductance=LOW, share=0.0, **(never | {"up": 0.05, "up_pulses": 1})
    )
    frame = frame_of([once])
    assert frame["up (% of range)"].tolist() == pytest.approx([5.0])
    assert frame[["up_spread (% of range)", "down (% of range)"]].isna().all(axis=None)
    assert synapse_of_steps([once], SPAN, PULSE, "trusted") is None


def test_a_wall_that_nothing_moves_is_no_device():
    still = HotSteps(300.0, np.array([1, 1, -1, -1]), *[np.full((5, 5), LOW)] * 4)
    (model, _) = step_table([still], LOW, SPAN)
    assert (model.up, model.up_spread, model.up_pulses, model.down_pulses) == (0.0, 0.0, 10, 10)
    assert synapse_of_steps([model], SPAN, PULSE, "limited") is None


@pytest.fixture(scope="module")
def table():
    return rows_of(step_table(hot(), LOW, SPAN))


def test_crosssim_gets_the_mean_and_sigma_of_the_summary(table):
    """Walls that step from place to place: steps of the exported tables are those that were counted, and the truth."""
    synapse = synapse_of_steps(table, SPAN, PULSE, "limited")
    counted = {each.sign: each for each in statistics_of(hot()[1]) if each.source == "model"}
    for text, way, sign in zip(crosssim_tables(synapse), ("up", "down"), (1, -1), strict=True):
        conductance, _, *rest = ([float(each) for each in line.split(",")] for line in text.splitlines()[1:])
        changes = np.array(rest)
        assert (conductance[0], conductance[-1]) == pytest.approx((LOW, LOW + (PLACES - 1) * STEP))
        # A number a place, straight between them.
        at = np.interp([row.conductance for row in table[3:-3]], conductance, changes.mean(axis=0))
        assert at == pytest.approx([getattr(row, way) * SPAN for row in table[3:-3]], rel=1e-6)
        p = HOPS[sign]
        variance, count = p * (1 - p), WALLS * PULSES
        error = np.sqrt(variance / count)  # of the share of hops
        error_of_spread = np.sqrt(variance * (1 - 3 * variance) - variance**2) / (2 * np.sqrt(variance * count))
        inner = changes[:, 30:-30]
        mean, spread = inner.mean() / STEP, inner.std(axis=0).mean() / STEP
        assert (mean, spread) == (
            pytest.approx(sign * p, abs=4 * error),
            pytest.approx(np.sqrt(variance), abs=4 * error_of_spread),
        )
        assert mean == pytest.approx(counted[sign].mean_step / STEP, abs=4 * error)
        assert spread == pytest.approx(counted[sign].spread / STEP, abs=4 * error_of_spread)


def test_other_packages_take_it_without_more_settings(table, tmp_path):
    synapse = synapse_of_steps(table, SPAN, PULSE, "limited")
    (file,) = export_model(synapse, "aihwkit", tmp_path, "steps", ExportSettings(accept=("noise_of_small_steps",)))
    names = {}
    text = file.read_text()
    exec(text[text.index("LOWEST,") : text.index("def weight")], names)  # numbers alone
    # Steps are in weights, of which the range has 2; its noise is relative to a step.
    mean = names["DW_MIN"] * np.array([names["UP"][10], names["DOWN"][10]]) * (PLACES - 1) / 2
    assert mean == pytest.approx([table[10].up / 0.05, -table[10].down / 0.05])
    root = np.sqrt(np.mean([p * (1 - p) for p in HOPS.values()]) / np.mean(np.square(list(HOPS.values()))))
    assert names["RELATIVE_NOISE"] == pytest.approx(root, rel=0.05)
    # The width of its pulses is known, which Verilog-A needs.
    export_model(synapse, "veriloga", tmp_path, "steps", ExportSettings(accept=("cycle_spread",)))


def test_single_pulses_take_the_place_of_trains_at_their_temperature():
    def pulse(place, sign, **seen):
        known = {"temperature": 300.0, "right": place + sign, "conductance": LOW + place * STEP, "model_spread": 1e-7}
        found = {"expected": {place + sign: 1000}, "arrived": {place + sign: 13}, "step": sign * 0.9e-5, "spread": 2e-7}
        return Arrival(place=place, sign=sign, model_step=sign * 1e-5, **(known | found | seen))

    trains = step_table(hot(), LOW, SPAN)
    alone = with_single_pulses(trains, [pulse(0, 1, arrived={}, step=None, spread=None)], LOW, SPAN)
    assert alone == trains, "of the model alone trains are as good"
    table = with_single_pulses(trains, [pulse(0, 1), pulse(1, 1), pulse(1, -1), pulse(2, -1)], LOW, SPAN)
    assert rows_of(table, temperature=0.0) == rows_of(trains, temperature=0.0)
    rows = rows_of(table, "micromagnetics")
    assert [round(SPAN * row.share / STEP) for row in rows] == [0, 1, 2]
    middle = rows[1]
    assert [middle.up, middle.up_spread, middle.down] == pytest.approx([0.9e-5 / SPAN, 2e-7 / SPAN, -0.9e-5 / SPAN])
    assert (middle.up_pulses, middle.down_pulses, rows[0].down, rows[2].up) == (13, 13, None, None)
    assert rows_of(table)[1].up == pytest.approx(1e-5 / SPAN)
    # Where the conductance falls from place to place the device has it rising all the same.
    falling = synapse_of_steps(rows_of(table)[::-1], SPAN, PULSE, "trusted")
    assert (falling.lowest, falling.highest) == pytest.approx((LOW, LOW + 2 * STEP))
