"""The campaign of crossbar limits: its numbers against what is known, its verdicts, and what it refuses."""

from pathlib import Path

import numpy as np
import pytest
import yaml
from edited_content import with_fields
from rows import rows

import solitons.campaigns.arrays.crossbar_limits as kind
from solitons import LinearSynapse, save_model
from solitons.campaigns.arrays.array_devices import (
    ArrayDevice,
    FoundDevice,
    device_reasons,
    found_device,
    table_with_spread,
)
from solitons.campaigns.arrays.array_energy import ArrayEnergy
from solitons.campaigns.arrays.crossbar_limits.analysis import findings_of
from solitons.campaigns.arrays.crossbar_limits.campaign import CrossbarLimitsCampaign
from solitons.campaigns.arrays.crossbar_limits.cells import cell_points, loss_points, most_lines
from solitons.campaigns.arrays.crossbar_limits.judgement import about_limits
from solitons.campaigns.arrays.crossbar_limits.networks import breaks_of, spread_axis, varied_points
from solitons.campaigns.arrays.crossbar_limits.results import CrossbarLimitsResults, LossPoint, MarginPoint
from solitons.campaigns.arrays.scores_over_seeds import Break, VariedPoint, break_of, score_of
from solitons.campaigns.arrays.trained_networks import Trained, networks_trained, written_networks
from solitons.campaigns.framework.stages import Stages
from solitons.campaigns.framework.workflow import run_campaign
from solitons.crossbars import Wires
from solitons.crossbars.measured_trains import table_from_trains
from solitons.crossbars.step_table import ideal_table
from solitons.devices import Junction, TabulatedSynapse
from solitons.energy import EnergyLedger
from solitons.energy.ledger import EnergyRow
from solitons.fits.verdict import judge

CONTENT = yaml.safe_load((Path(kind.__file__).parent / "campaign.yaml").read_text())
SHARE = 1 - np.exp(-np.arange(41) / 25)
TRAINS = {
    "up": tuple((1e-6 * (1 + 4 * SHARE / SHARE[-1])).tolist()),
    "down": tuple((1e-6 * (5 - 4 * SHARE / SHARE[-1])).tolist()),
}
TABLE = table_from_trains(**TRAINS)


def campaign_of(**changes):
    return CrossbarLimitsCampaign(**with_fields(CONTENT, **changes))


def known(**changes):
    content = {
        "name": "device", "lowest": 1e-5, "highest": 3e-5, "pulses_across": 20.0, "levels": None, "table_error": 0.01,
        "spread_known": True, "chance_known": True, "verdict": "trusted",
    }  # fmt: skip
    return FoundDevice(**(content | changes))


def test_a_device_with_levels_tells_apart_no_more_than_these():
    """Junctions that flip by a weak pulse now and then have many pulses across, and few conductances."""
    assert known().distinct == 21
    assert known(levels=5, pulses_across=183.0).distinct == 5
    assert known(pulses_across=0.4).distinct == 2


def test_a_score_breaks_between_two_points():
    assert break_of([1.0, 2.0, 4.0], [0.0, 0.02, 0.04], 0.03).value == pytest.approx(np.sqrt(8))
    assert break_of([0.0, 0.1], [0.0, 0.06], 0.03).value == pytest.approx(0.05)
    # Student's t with four degrees of freedom: 2.776.
    found = score_of([0.90, 0.92, 0.94, 0.96, 0.98])
    assert found.ci95[1] - found.mean == pytest.approx(2.7764 * np.sqrt(0.001) / np.sqrt(5), rel=1e-4)


@rows(
    ("losses", "kind"),
    [((0.01, 0.02), "within"), ((0.05, 0.06), "throughout"), ((0.05, 0.02), "first"), ((0.02, 0.05), "between")],
)
def test_a_break_that_was_not_found_has_no_value(losses, kind):
    found = break_of([1.0, 2.0], losses, 0.03)
    assert found.kind == kind
    assert (found.value is not None) == (kind == "between")


def point(axis, value, loss):
    flat = score_of([loss] * 5)
    return VariedPoint(axis=axis, value=value, verified=True, score=flat, loss=flat)


def test_levels_break_downwards_and_hidden_units_from_the_best_on():
    points = [point("levels", value, loss) for value, loss in ((2, 0.2), (4, 0.04), (8, 0.02))]
    points += [point("hidden", value, loss) for value, loss in ((8, 0.1), (16, 0.01), (32, 0.02), (64, 0.04))]
    found = breaks_of(points, 0.03)
    assert 4 < found["levels"].value < 8
    assert 32 < found["hidden"].value < 64
    # The best of all loses too much as well: there is no number of hidden units at which it begins to.
    lost = breaks_of([point("hidden", value, loss) for value, loss in ((8, 0.1), (16, 0.05), (32, 0.2))], 0.03)
    assert lost["hidden"] == Break(kind="throughout")


@pytest.fixture(scope="module")
def limits():
    """Results of made-up numbers."""
    score = score_of([0.9, 0.91, 0.92, 0.93, 0.94])
    varied = [point("segments", 1, 0.05), point("segments", 10, 0.02), point("segments", 100, 0.05)]
    varied += [point("hidden", 8, 0.05), point("levels", 64, 0.01), point("levels", 2, 0.4)]
    return CrossbarLimitsResults(
        verdict="trusted", device=known(), wires={"segment": 2.0}, floating=score, quantised=score,
        alone=score, wired=score, counted=score, pulses=10.0, outside=0.0, lost_through_wires=0.1, varied=varied,
        breaks=breaks_of(varied, 0.03), allowed=0.03, losses=[LossPoint(lines=2, lost=0.1)],
        margins=[MarginPoint(cells="passive", scheme="floating", lines=2, margin=0.2)],
        most_lines={"passive half": 0, "passive floating": 2}, least_margin=0.1, disturbs=[],
    )  # fmt: skip


def reported(results):
    campaign = campaign_of()
    return str(campaign.report(findings_of(campaign, results, ideal_table(TABLE, 20))))


def test_a_threshold_that_was_not_found_is_not_printed(limits):
    by_name = {each.name: each.value for each in limits.headlines()}
    # A margin that the largest array keeps has not met its limit.
    assert by_name["lines of the largest passive array whose cells can be told apart one by one"] == "2 or more"
    assert by_name["resistance of a segment at which accuracy breaks"] == "already at 1 Ω"
    assert limits.axis("hidden").breaks == "broken throughout"
    details = {each.name: each.detail for each in limits.headlines()}
    assert details["resistance of a segment at which accuracy breaks"].endswith("; 1 Ω to 100 Ω were tried")
    report = reported(limits)
    assert "already at 1 Ω" in report
    assert "broken throughout" in report
    # Eight units lose too much, which "nowhere" would deny.
    varied = [point("hidden", value, loss) for value, loss in ((8, 0.1), (16, 0.01), (32, 0.02))]
    fewer = limits.model_copy(update={"varied": varied, "breaks": breaks_of(varied, 0.03)})
    assert fewer.axis("hidden").breaks == "nowhere above 16"


@pytest.mark.slow
def test_a_failed_campaign_shows_no_numbers_of_its_arrays(limits):
    failed = limits.model_copy(update={"verdict": "failed"})
    assert [each.value for each in failed.headlines()] == ["withheld"]
    assert str(limits.wired) in reported(limits)
    assert str(limits.wired) not in reported(failed)
    row = {
        "device": "device", "operation": "inference", "part": "device", "name": "reads", "joule": 1e-12,
        "origin": "derived", "source": "made up",
    }  # fmt: skip
    pulse = row | {"operation": "write pulse"}
    counted = limits.model_copy(update={"energy": EnergyLedger(rows=(EnergyRow(**row), EnergyRow(**pulse)))})
    assert "Energy and time" in reported(counted)
    assert "energy of reading an image, device" in [each.name for each in counted.headlines()]


def test_margins_and_losses_are_those_of_closed_forms():
    campaign = campaign_of(cells__lines=[2, 3, 5], wires={"segment": 0}, varied__tiles=[])
    margins, disturbs = cell_points((1e-5, 2e-5), campaign.cells, campaign.wires, lambda: None)
    for each in margins:
        if (each.cells, each.scheme) == ("passive", "floating"):
            aside = 5e4 * (2 / (each.lines - 1) + 1 / (each.lines - 1) ** 2)
            on, off = (1 / (1 / own + 1 / aside) for own in (5e4, 1e5))
            assert each.margin == pytest.approx(5e4 / (5e4 + on) - 5e4 / (5e4 + off), rel=1e-9)
    assert most_lines(margins, 0.1)["passive floating"] == 2
    half = next(each for each in disturbs if (each.cells, each.scheme) == ("passive", "half"))
    assert (half.chosen, half.share) == (pytest.approx(1.0), pytest.approx(0.5))
    losses = loss_points((1e-5, 2e-5), campaign.cells, campaign.wires, 0, ArrayEnergy())
    assert [each.lost for each in losses] == pytest.approx([0] * 3, abs=1e-12)
    assert [each.device_joule for each in losses] == [None] * 3


def test_a_margin_that_fails_in_between_ends_the_count():
    margins = [
        MarginPoint(cells="passive", scheme="half", lines=lines, margin=margin)
        for lines, margin in ((2, 0.3), (4, None), (8, 0.2))
    ]
    assert most_lines(margins, 0.1)["passive half"] == 2


@rows(
    ("device", "outside", "lost", "wired", "verdict", "code"),
    [
        (known(), 0.0, 0.01, 0.02, "trusted", None),
        (known(), 0.0, 0.01, 0.08, "limited", "wires_cost"),
        (known(), 0.0, 0.05, 0.05, "limited", "device_costs"),
        (known(), 0.0, 0.85, 0.85, "failed", "nothing_written"),
        (known(table_error=0.05), 0.0, 0.0, 0.0, "limited", "pulses_remembered"),
        (known(table_error=0.3), 0.0, 0.0, 0.0, "failed", "pulses_remembered"),
        (known(spread_known=False), 0.0, 0.0, 0.0, "limited", "spread_unknown"),
        (known(chance_known=False), 0.0, 0.0, 0.0, "limited", "chance_unknown"),
        (known(verdict="limited"), 0.0, 0.0, 0.0, "limited", "limited_fit"),
        (known(verdict="failed"), 0.0, 0.0, 0.0, "failed", "failed_fit"),
        (known(), 0.4, 0.0, 0.0, "limited", "outside_fit"),
    ],
)
def test_the_verdict_weighs_the_device_and_its_wires(device, outside, lost, wired, verdict, code):
    read = score_of([0.96 - lost] * 5)
    found = judge(about_limits(device, outside, read, score_of([lost] * 5), score_of([wired] * 5), 0.03))
    assert found.verdict == verdict
    assert [reason.code for reason in found.reasons] == ([code] if code else [])


def test_a_weak_network_of_which_the_devices_leave_nothing_fails():
    # In floating point it reads half of the images, so that it cannot lose 80 points.
    found = judge(about_limits(known(), 0.0, score_of([0.12] * 5), score_of([0.38] * 5), score_of([0.38] * 5), 0.03))
    assert [reason.code for reason in found.reasons] == ["nothing_written"]
    assert "read only 12 % of the images right" in found.reasons[0].sentence


def test_shares_outside_of_the_fit_are_said():
    (reason,) = device_reasons(known(), 0.42)
    assert "42% of the pulses start or drive outside" in reason.sentence


def test_saved_devices_are_opened_by_name(tmp_path):
    junction = campaign_of().device
    assert junction.file.name == "junction.json"
    assert junction.synapse().count == 8
    linear = LinearSynapse(mobility=5e-11, junction=Junction(0, 1e-7, 2e-4, 1e-4), polarity=-1, left=0.0, right=1e-7)
    save_model(linear, tmp_path / "linear.json")
    pulse = {"amplitude": 1e11, "width": "1 ns", "period": "2 ns"}
    own = ArrayDevice(name="own", fitted_model=str(tmp_path / "linear.json"), pulse=pulse)
    found, table = found_device(own)
    # A pulse moves 5 nm of 100; of 33 places the last two are at the end.
    assert found.pulses_across == pytest.approx(100 / ((31 * 5 + 100 / 32) / 33), rel=1e-3)
    # The table cuts the corner at 95 nm, between two of its places, by up to 0.75 nm of the range.
    assert found.table_error < 2e-3
    assert not found.spread_known
    assert table.devices == 1


def test_a_shipped_wall_has_spreads_that_runs_of_eight_devices_and_heat_gave_it():
    pulse = {"amplitude": "0.3e12 A/m^2", "width": "0.3 ns", "rise": "50 ps", "period": "2 ns"}
    device = ArrayDevice(name="grains", fitted_model="wall-grains", temperature="4 K", pulse=pulse)
    spreads = device.synapse().spreads
    assert (spreads.devices, float(spreads.temperature)) == (8, 4.0)
    assert spreads.between_devices
    assert spreads.between_cycles
    assert float(spreads.place) > float(spreads.cycle) > 0


def test_junctions_in_parallel_conduct_as_many_times_as_well():
    one, four = (
        ArrayDevice(name="junctions", fitted_model="junction", junctions=count, pulse=CONTENT["device"]["pulse"])
        for count in (1, 4)
    )
    assert np.array(four.synapse().conductances) == pytest.approx(4 * np.array(one.synapse().conductances))
    assert four.synapse().levels.size == 5


def test_pulses_are_the_mean_over_all_devices_and_not_over_arrays():
    """The second layer has a seventh of the devices, and half of its weights are at an end."""
    generator = np.random.default_rng(0)
    weights = (generator.uniform(-1, 1, (65, 8)) * 0.2, generator.choice([-1.0, 1.0], (9, 10)))
    weights[0][0, 0] = 1.0
    trained = Trained((0, 0), [weights] * 2, [0.9] * 2)
    found = written_networks(trained, TABLE, Wires())
    sizes = [each.conductance.size for each in found.written]
    pulses = [each.pulses for each in found.written]
    assert found.pulses == pytest.approx(np.average(pulses, weights=sizes))
    assert found.pulses < 0.8 * np.mean(pulses)


def test_junctions_that_were_saved_together_are_counted(tmp_path, monkeypatch):
    """Each is under the pulse's current density, whether the description counts them or the model does."""
    monkeypatch.setattr("solitons.crossbars.measured_table", lambda *_, **__: TABLE)
    monkeypatch.setattr("solitons.crossbars.measured_steps.table_error", lambda *_: 0.0)
    saved = save_model(campaign_of().device.synapse(), tmp_path / "eight.json")
    device = ArrayDevice(name="eight", fitted_model=str(saved), pulse=CONTENT["device"]["pulse"])
    assert found_device(device)[0].junctions == 8


def test_a_synapse_that_is_known_by_its_pulses_is_a_device_too(tmp_path):
    synapse = TabulatedSynapse(lowest=1e-6, highest=5e-6, up=[1e-6, 1e-6], down=[-1e-6, -2e-6], cycle_up=1e-7)
    file = save_model(synapse, tmp_path / "m")
    device = ArrayDevice(name="measured", fitted_model=str(file))
    device.synapse()
    found, table = found_device(device)
    assert (found.lowest, found.highest) == (1e-6, 5e-6)
    assert found.chance_known
    assert not found.spread_known
    assert found.table_error is None
    assert table.mean_step(1.0) == pytest.approx(1e-6)
    stuck = save_model(TabulatedSynapse(lowest=1e-6, highest=5e-6, up=[0, 0], down=[-1e-6, -2e-6]), tmp_path / "s")
    with pytest.raises(ValueError, match="'stuck': its pulses change nothing in the mean with one sign"):
        found_device(ArrayDevice(name="stuck", fitted_model=str(stuck)))


@rows(
    ("changes", "message"),
    [
        ({"device__pulse": None, "device__write_path": None}, "give the pulse that writes it as device.pulse"),
        ({"device__fitted_model": "nowhere.json"}, "nowhere.json' cannot be read: .*one of junction, wall"),
        ({"device__fitted_model": "wall"}, "junctions = 8, but 'wall' is one DomainWallSynapse; leave junctions out"),
    ],
)
def test_what_is_no_device_is_refused_before_anything_runs(changes, message):
    with pytest.raises(ValueError, match=message):
        campaign_of(**changes).check()


@rows(
    ("changes", "message"),
    [
        ({"device__pulse": None}, "write_path is given without the pulse"),
        ({"device": {"name": "measured", "pulse": CONTENT["device"]["pulse"], **TRAINS}}, "a pulse belongs to a fitte"),
        ({"energy__read_time": None}, "read_voltage and read_time belong together"),
        ({"energy__source": ""}, "numbers are given without a source"),
        ({"device__write_path__area": "3 nm"}, "device.write_path.junction.area"),
        ({"device": {"name": "both", "fitted_model": "wall", **TRAINS}}, "give either fitted_model with its pulse, or"),
        ({"device": {"name": "half", "up": TRAINS["up"]}}, "give either fitted_model with its pulse, or both up"),
        ({"device__pulse__rise": "4 ns"}, "must be at least twice rise"),
        (
            {"device": {"name": "turned", "up": TRAINS["down"], "down": TRAINS["up"]}},
            "'turned': a train of up ends where",
        ),
        ({"device": {"name": "cut", "up": [1e-6, 0, 2e-6], "down": TRAINS["down"]}}, "up.1"),
        ({"wires__segment": "-1 ohm"}, "wires.segment"),
        ({"wires__segment": "1 m"}, "'1 m' has the dimension .length., but a quantity in ohm is needed"),
        ({"varied__segments": ["nan ohm"]}, "varied.segments"),
        ({"cells__lines": [2, 100_000]}, "cells.lines.1"),
        ({"seeds": 3}, "seeds"),
        ({"network__hidden": 10**6}, "network.hidden"),
        ({"wires__tile": 1}, "wires.tile"),
        ({"wires__tile": 0.5}, "wires.tile"),
        ({"wires": {"segment": 0}}, "tiles of any size read alike; give wires.segment"),
    ],
)
def test_bad_descriptions_are_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        campaign_of(**changes)


def test_small_tiles_are_read_as_short_wires_and_take_more_conversions():
    campaign = campaign_of(
        network={"hidden": 8, "epochs": 3, "allowed_loss": 0.05}, wires={"segment": 2000.0}, energy__input_bits=2,
        varied={"segments": [2000], "hidden": [8], "levels": [60], "stuck": [0.0], "tiles": [4, 16, 65]},
    )  # fmt: skip
    trained = networks_trained(8, 3, range(5))
    wired = written_networks(trained, TABLE, campaign.wires.lines())
    found = varied_points(campaign, TABLE, trained, wired, lambda: None)
    tiles = [each for each in found if each.axis == "tiles"]
    assert [each.value for each in tiles] == [4, 16, 65]
    assert tiles[0].score.mean > tiles[1].score.mean + 0.1 > tiles[2].score.mean + 0.2
    # The tile that holds every array is the array.
    assert tiles[2].score == wired.score
    assert tiles[0].joule > tiles[1].joule > tiles[2].joule


def test_small_networks_on_measured_conductances_break_where_wires_do():
    energy = {"read_voltage": "100 mV", "read_time": "5 ns", "source": "made up"}
    campaign = campaign_of(
        device={"name": "measured", **TRAINS}, network={"hidden": 8, "epochs": 2, "allowed_loss": 0.05}, energy=energy,
        varied={"segments": [10, 100_000], "hidden": [8], "levels": [2], "stuck": [0.0]}, cells__lines=[2, 8],
    )  # fmt: skip
    findings = campaign.analyse(None, Stages())
    found = findings.results
    assert [reason.code for reason in found.reasons] == ["spread_unknown"]
    assert (found.device.table_error, found.outside, len(found.wired.values)) == (None, 0, 5)
    assert found.floating.mean > found.wired.mean > 0.5
    by = {(point.axis, point.value): point.score.mean for point in found.varied}
    assert by["segments", 1e5] < 0.5 < by["segments", 10]
    assert by["levels", 2] < by["stuck", 0.0] == pytest.approx(found.wired.mean, abs=0.02)
    assert 10 < found.breaks["segments"].value < 1e5
    points = findings.tables["points"]
    assert points[["axis", "value"]].values.tolist() == [list(each) for each in by]
    # V^2 G t of a device of 3 uS, the middle of 1 and 5.
    (joule,) = found.energy.table().query("operation == 'read of a device' and part == 'device'")["joule"]
    assert joule == pytest.approx(0.1**2 * 3e-6 * 5e-9, rel=1e-3)


@pytest.mark.slow
def test_the_whole_way_with_measured_conductances(tmp_path):
    campaign = campaign_of(
        device={"name": "measured", **TRAINS},
        network={"hidden": 8, "epochs": 3, "allowed_loss": 0.05},
        varied={"segments": [10, 100_000], "hidden": [8], "levels": [2, 60], "stuck": [0.3], "spreads": [0.0, 0.5]},
        cells__lines=[2, 8],
        name="crossbar-test",
    )
    assert campaign.input_files() == ()
    found = run_campaign(campaign, tmp_path).results
    assert found.verdict == "limited"
    # One device was measured.
    assert "spread_unknown" in [reason.code for reason in found.reasons]
    assert found.device.table_error is None
    assert found.outside == 0
    by = {(point.axis, point.value, point.verified): point.score.mean for point in found.varied}
    assert by["segments", 1e5, True] < 0.5 < by["segments", 10, True]
    assert by["levels", 2, True] < by["levels", 60, True]
    assert by["spreads", 0.5, False] < by["spreads", 0.5, True]
    assert 10 < found.breaks["segments"].value < 1e5
    folder = tmp_path / "campaigns" / "crossbar-test" / "model"
    assert len((folder / "points.csv").read_text().splitlines()) == 1 + len(found.varied)
    page = (folder / "report.html").read_text()
    assert page.count('<img src="data:image/') == 6


@pytest.mark.parametrize("count", [4, 64])  # 64 have more levels than a table has places
def test_what_differs_between_junctions_is_named(count):
    pulse = {"amplitude": "0.13e12 A/m^2", "width": "5 ns", "period": "6 ns"}
    assert spread_axis(ArrayDevice(name="many", fitted_model="junction", junctions=count, pulse=pulse)) == "junctions"
    assert spread_axis(ArrayDevice(name="measured", **TRAINS)) == "spreads"


@pytest.mark.slow
def test_a_spread_of_junctions_is_of_their_critical_current():
    pulse = {"amplitude": "0.13e12 A/m^2", "width": "5 ns", "period": "6 ns"}
    device = ArrayDevice(name="junctions", fitted_model="junction", junctions=4, pulse=pulse)
    _, table = found_device(device)
    none, wide = (table_with_spread(device, table, spread) for spread in (0.0, 0.1))
    assert np.ptp(none.steps[:, 0, 0].mean(axis=-1)) < 0.01
    assert np.std(wide.steps[:, 0, 0].mean(axis=-1)) > 2 * np.std(table.steps[:, 0, 0].mean(axis=-1)) > 0
    assert wide.devices == 32
    measured = ArrayDevice(name="measured", **TRAINS)
    alike = found_device(measured)[1]
    assert table_with_spread(measured, alike, 0.2).devices == 8
