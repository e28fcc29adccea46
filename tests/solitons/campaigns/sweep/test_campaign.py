"""Sweeps the whole way on the mock engine, and one against a closed form on the native one."""

import errno
import json
import re
import shutil

import numpy as np
import pandas as pd
import pytest
import xarray as xr
import yaml
from matplotlib.text import Text
from pydantic import ValidationError
from rows import rows

import analysis
from analysis import artificial
from analysis.observables import SeenRun, observables
from geometries.materials import GAMMA0
from runs import Store
from runs.store.errors import StoreFullError
from solitons import campaign_table, open_campaign, run_campaign
from solitons.campaigns.framework.workflow import campaign_folder
from solitons.campaigns.sweep.analysis import over_seeds, rehearse
from solitons.campaigns.sweep.campaign import SweepCampaign
from solitons.campaigns.sweep.figures import MOST_PANELS, drawn_values, observable_figure
from solitons.campaigns.sweep.results import SweepResults
from solitons.campaigns.sweep.scales import in_words, scale_of

# The mock engine's wall moves at the drift velocity: g mu_B P J / (2 e Ms), g = 2.
DRIFT = 9.2740100783e-24 * 0.6 / (1.602176634e-19 * 6e5)


def described(**changes):
    """A wall under a current that is on for 1 ns, in stripes of two lengths."""
    return {
        "name": "swept",
        "engine": "mock",
        "base": {
            "device": {
                "kind": "stripe",
                "length": "400 nm",
                "width": "16 nm",
                "thickness": "1 nm",
                "cell": ["2 nm", "4 nm", "1 nm"],
                "walls": [{"position": "100 nm"}],
            },
            "material": {"name": "film", "Ms": 6e5, "A": 1.2e-11, "Ku": 5e5, "alpha": 0.1, "P": 0.6, "beta": 0.1},
            "protocol": {
                "sampling_interval": "100 ps",
                "seed": 1,
                "steps": [{"do": "constant current", "amplitude": 0.0, "duration": "1 ns"}],
            },
        },
        "sweep": [
            {
                "name": "density",
                "label": "Current density",
                "unit": "A/m^2",
                "fields": ["protocol.steps.0.amplitude"],
                "values": [0.0, -1e12, -2e12, -8e12],
            },
            {"name": "length", "unit": "m", "fields": ["device.length"], "values": ["400 nm", "300 nm"]},
        ],
        "observables": ["wall_velocity", "wall_position", "wall_count"],
    } | changes


@pytest.fixture(scope="module")
def swept(tmp_path_factory):
    store = tmp_path_factory.mktemp("sweep") / "store"
    campaign = SweepCampaign(**described())
    return campaign, run_campaign(campaign, store), store


@pytest.mark.slow
def test_all_axes_belong_to_one_table(swept):
    campaign, summary, store = swept
    assert campaign.variants() == [({}, campaign)]
    table = summary.results.frame()
    assert list(table.columns) == ["density", "length", "wall_velocity", "wall_position", "wall_count"]
    assert len(table) == summary.runs == 8
    assert [tuple(row) for row in table[["density", "length"]].values][:3] == [(0, 4e-7), (0, 3e-7), (-1e12, 4e-7)]
    assert set(campaign_table(campaign, store, "mock")["nx"]) == {200, 150}


def test_the_values_are_those_of_the_runs(swept):
    table = swept[1].results.frame().set_index(["density", "length"])
    for current in (0.0, -1e12, -2e12):
        # The mock engine's wall is on a cell.
        assert table.loc[(current, 4e-7), "wall_velocity"] == pytest.approx(-DRIFT * current, abs=2e-9 / 1e-9)
        assert table.loc[(current, 4e-7), "wall_position"] == pytest.approx(1e-7 - DRIFT * current * 1e-9, abs=2e-9)
    assert (table["wall_count"].iloc[:6] == 1).all()


def test_what_a_run_does_not_have_is_empty_and_noted_with_the_reason(swept):
    _, summary, store = swept
    results = summary.results
    last = results.frame().iloc[-2:]
    assert last["wall_position"].isna().all()
    assert (last["wall_count"] == 0).all()
    assert results.verdict is None
    (note,) = [each for each in results.notes if "position" in each]
    assert note == (
        "No wall position at the end in 2 of 8 runs (−8 × 10¹² A/m², 400 nm; −8 × 10¹² A/m², 300 nm): the first wall "
        "is gone at the end."
    )
    content = json.loads((store / "campaigns/swept/mock/summary.json").read_text())
    assert content["rows"][-1]["values"]["wall_position"] is None


def test_the_table_is_a_file_with_units(swept):
    campaign, summary, store = swept
    path = campaign_folder(campaign, "mock", store) / "observables.csv"
    table = pd.read_csv(path)
    assert list(table.columns) == [
        "density (A/m^2)",
        "length (m)",
        "wall_velocity (m/s)",
        "wall_position (m)",
        "wall_count",
        "run_id",
    ]
    assert list(table["run_id"]) == [row.run_id for row in summary.results.rows]
    np.testing.assert_array_equal(table.iloc[:, :-1].values, summary.results.frame().values)
    assert SweepResults.model_validate(summary.results.model_dump()) == summary.results


@pytest.mark.slow
def test_a_table_that_was_removed_is_written_again(swept):
    campaign, _, store = swept
    path = campaign_folder(campaign, "mock", store) / "observables.csv"
    before, report = path.read_text(), path.with_name("report.html")
    at = report.stat().st_mtime_ns
    run_campaign(campaign, store)
    assert report.stat().st_mtime_ns == at
    path.unlink()
    assert run_campaign(campaign, store).cached == 8
    assert path.read_text() == before


def test_the_report_shows_each_observable_and_the_table(swept):
    campaign, summary, store = swept
    page = (campaign_folder(campaign, "mock", store) / "report.html").read_text()
    assert page.count("<img") == 3
    assert "2 of 8 runs do not have it" in page
    assert "Current density (10¹² A/m²)" in page
    words = re.sub(r"data:image[^\"]*", "", page)
    assert not re.findall(r"\{\{|\{%|\b(?:nan|None|Undefined)\b", words), "a placeholder was left"
    headlines = {each.name: each for each in summary.results.headlines()}
    assert headlines["walls at the end"].value == "1"
    assert "Current density = −8 × 10¹² A/m²" in headlines["mean wall velocity"].detail


@rows(
    ("changes", "message"),
    [
        ({"observables": []}, "observables"),
        ({"observables": ["wall_speed"]}, r"'wall_speed' is not known; .*Give some of mx, my, mz"),
        ({"observables": ["mx", "mx"]}, "'mx' twice"),
    ],
)
def test_observables_that_are_none_are_refused(changes, message):
    with pytest.raises(ValidationError, match=message):
        SweepCampaign(**described(**changes))


def axis(name, field, values=(0.1, 0.2), unit=""):
    return {"name": name, "fields": [field], "values": list(values), "unit": unit}


AXES = [
    axis("damping", "material.alpha"),
    axis("polarisation", "material.P"),
    axis("beta", "material.beta"),
    axis("Ms", "material.Ms", (5e5, 6e5), "A/m"),
]


def test_more_axes_than_a_plot_shows_are_refused_but_seeds_do_not_count():
    with pytest.raises(ValidationError, match=r"4 axes beside those of seeds \(damping, polarisation, beta, Ms\)"):
        SweepCampaign(**described(sweep=AXES))
    seeds = axis("chance", "protocol.seed", (1, 2, 3))
    assert len(SweepCampaign(**described(sweep=[*AXES[:3], seeds])).specs("mock")) == 24


def test_an_axis_and_an_observable_have_different_names():
    with pytest.raises(ValidationError, match="axis 'wall_count', which is an observable too"):
        SweepCampaign(**described(sweep=[axis("wall_count", "material.alpha")]))


def test_what_cannot_be_read_off_any_run_is_refused_before_one_runs(tmp_path):
    campaign = SweepCampaign(**described(observables=["mz", "monopoles"]))
    with pytest.raises(ValueError, match=r"'monopoles' cannot be read off these runs: device is a stripe"):
        run_campaign(campaign, tmp_path / "store")
    assert not (tmp_path / "store").exists()


def test_an_observable_that_some_runs_can_have_is_read_off_those(tmp_path):
    base = described()["base"]
    base["protocol"]["steps"] = [{"do": "constant field", "amplitude": [0, 0, 0.0], "duration": "0.2 ns"}]
    sweep = [axis("field", "protocol.steps.0.amplitude.2", ("0 A/m", "1 kA/m"), "A/m")]
    results = run_campaign(
        SweepCampaign(**described(base=base, sweep=sweep, observables=["m_along_field", "mz"])), tmp_path / "store"
    ).results
    table = results.frame()
    assert np.isnan(table["m_along_field"][0])
    assert table["m_along_field"][1] == table["mz"][1]
    (note,) = results.notes
    assert note.startswith("No mean m along the field at the end in 1 of 2 runs (0 A/m): the applied field of protocol")


@pytest.mark.slow
def test_an_ice_in_a_loop_and_its_seeds(ice, soft, tmp_path):
    device = ice(disorder={"saturation_magnetisation": 0.1, "seed": 0})
    base = {
        "device": device.model_dump(mode="json"),
        "material": soft.model_dump(mode="json"),
        "protocol": {
            "kind": "field_steps",
            "steps": [{"do": "loop", "amplitude": "400 kA/m", "angle": "45 deg", "field_steps": 40}],
        },
    }
    sweep = [
        axis("angle", "protocol.steps.0.angle", ("30 deg", "45 deg"), "rad"),
        axis("disorder_seed", "device.disorder.seed", (1, 2, 3)),
    ]
    names = ["coercive_field", "remanence", "flipped_fraction", "monopoles", "m_along_field"]
    campaign = SweepCampaign(**described(base=base, sweep=sweep, observables=names))
    results = run_campaign(campaign, tmp_path / "store").results
    table = results.frame()
    assert not results.notes
    assert len(table) == 6
    # At 45 degrees every island turns at half its anisotropy field, Ms t (1/w - 1/l), in steps of 20 kA/m.
    at_45 = table[table["angle"] > np.deg2rad(40)]["coercive_field"]
    np.testing.assert_allclose(at_45, 8e5 * 10e-9 * (1 / 40e-9 - 1 / 120e-9) / 2, atol=15e3)
    assert at_45.nunique() > 1  # the seeds differ
    assert [each.at["angle"] for each in results.over_seeds] == pytest.approx(np.deg2rad([30, 45]))
    for each, (_, group) in zip(results.over_seeds, table.groupby("angle"), strict=True):
        assert each.counts["coercive_field"] == 3
        assert each.means["coercive_field"] == pytest.approx(group["coercive_field"].mean())
        assert each.deviations["coercive_field"] == pytest.approx(np.std(group["coercive_field"], ddof=1))
    page = (tmp_path / "store/campaigns/swept/mock/report.html").read_text()
    assert "Over the seeds" in page
    assert "bars: one standard deviation" in page


def test_statistics_count_only_the_runs_that_have_the_observable():
    campaign = SweepCampaign(**described(sweep=[axis("seed", "protocol.seed", (1, 2, 3, 4))]))
    frame = pd.DataFrame({"seed": [1.0, 2, 3, 4], "mx": [0.1, 0.3, np.nan, np.nan], "my": [np.nan] * 3 + [1.0]})
    (found,) = over_seeds(frame, campaign.sweep, campaign.sweep, [observables()["mx"], observables()["my"]])
    assert found.at == {}
    assert found.counts == {"mx": 2, "my": 1}
    assert found.means == {"mx": pytest.approx(0.2), "my": 1.0}
    assert found.deviations == {"mx": pytest.approx(np.sqrt(0.02)), "my": None}
    (alike,) = over_seeds(
        frame.assign(my=-0.1 + 1e-17 * frame["seed"]), campaign.sweep, campaign.sweep, [observables()["my"]]
    )
    assert alike.deviations == {"my": 0.0}


def frame_of(campaign):
    points = [run.role.values_by_axis for run in campaign.labelled_runs("mock")]
    return pd.DataFrame(points).assign(mx=np.linspace(-1, 1, len(points)))


def test_the_first_axis_lies_along_x_the_second_are_curves_the_third_panels():
    campaign = SweepCampaign(**described(sweep=[axis("damping", "material.alpha", (0.01, 0.1, 1.0)), *AXES[1:3]]))
    frame = frame_of(campaign)
    figure = observable_figure(frame, campaign.sweep, observables()["mx"])
    assert len(figure.axes) == 2
    for panel, beta in zip(figure.axes, (0.1, 0.2), strict=True):
        assert panel.get_title() == f"beta = {beta}"
        assert panel.get_xscale() == "log"
        assert len(panel.lines) == 2
        for line, polarisation in zip(panel.lines, (0.1, 0.2), strict=True):
            chosen = frame[(frame["beta"] == beta) & (frame["polarisation"] == polarisation)]
            np.testing.assert_allclose(line.get_xdata(), chosen["damping"])
            np.testing.assert_allclose(line.get_ydata(), chosen["mx"])
    assert figure.get_supylabel() == "mean $m_x$ at the end"
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == ["0.1", "0.2"]


def test_the_lowest_panel_of_each_column_has_numbers():
    betas = axis("beta", "material.beta", (0.1, 0.2, 0.3, 0.4))
    campaign = SweepCampaign(**described(sweep=[*AXES[:2], betas]))
    figure = observable_figure(frame_of(campaign), campaign.sweep, observables()["mx"])
    visible = [panel for panel in figure.axes if panel.get_visible()]
    assert len(visible) == 4
    assert [panel.xaxis.get_tick_params()["labelbottom"] for panel in visible] == [False, True, True, True]


def test_seeds_alone_lie_along_x_and_many_panels_are_spread_evenly():
    alone = SweepCampaign(**described(sweep=[axis("seed", "protocol.seed", (1, 2, 3))]))
    (panel,) = observable_figure(frame_of(alone), alone.sweep, observables()["mx"]).axes
    assert panel.lines[0].get_xdata().tolist() == [1, 2, 3]
    many = SweepCampaign(**described(sweep=[axis("alpha", "material.alpha", np.linspace(0.1, 0.9, 40).tolist())]))
    drawn = drawn_values(many.sweep[0])
    assert len(drawn) == MOST_PANELS
    assert (drawn[0], drawn[-1]) == (0.1, 0.9)


def test_a_closed_form_is_a_dashed_line_beside_what_it_is_the_theory_of():
    anisotropies = axis("Ku", "material.Ku", (4e5, 5e5, 6e5), "J/m^3")
    campaign = SweepCampaign(**described(sweep=[anisotropies], observables=["wall_width", "bloch_width"]))
    runs = campaign.labelled_runs("mock")
    widths = [observables()["bloch_width"].measure(SeenRun(run.spec, xr.Dataset())) for run in runs]
    # Ku less mu0 Ms^2 / 2, by hand.
    np.testing.assert_allclose(widths, np.sqrt(1.2e-11 / (np.array([4e5, 5e5, 6e5]) - 2e-7 * np.pi * 3.6e11)))
    found = rehearse(runs, campaign.sweep, campaign.observables)
    assert set(found.figures) == {"wall_width"}
    assert "Dashed: Bloch" in campaign.report(found)
    measured = zip(found.results.rows, (3e-9, 2e-9, None), strict=True)
    rows = [row.model_copy(update={"values": {"wall_width": w, "bloch_width": 2e-9}}) for row, w in measured]
    results = found.results.model_copy(update={"rows": rows})
    headline = results.headlines()[1]
    assert headline.value == "35.4%"  # sqrt((1 nm)^2 / 2) of 2 nm
    assert headline.detail == "runs differ from it, 707.1 pm rms, in 2 of 3 runs, which have both"
    width = observables()["wall_width"]
    (panel,) = observable_figure(results.frame(), campaign.sweep, width, theory="bloch_width").axes
    assert panel.lines[0].get_linestyle() == "--"
    np.testing.assert_allclose(panel.lines[0].get_ydata(), 2.0)  # nm


@pytest.mark.slow
def test_the_stray_field_holds_a_bubble_as_thiele_has_it(tmp_path):
    """Native engine, without anything fitted; the wall is a twentieth of the diameter wide."""
    base = yaml.safe_load(SweepCampaign.report_file().with_name("magnetic-bubble.yaml").read_text())["base"]
    base["device"] |= {"path": {"kind": "straight", "length": "600 nm"}, "width": "600 nm"}
    base["device"]["skyrmions"] = [{"position": ["302 nm", "301 nm"], "radius": "90 nm", "width": "6.3 nm"}]
    fields = axis("field", "protocol.static_field.2", ("40 kA/m", "100 kA/m"), "A/m")
    names = ["skyrmion_diameter", "thiele_diameter", "skyrmion_count"]
    campaign = SweepCampaign(**described(base=base, engine="native", sweep=[fields], observables=names))
    bubble, collapsed = run_campaign(campaign, tmp_path / "store").results.frame().to_dict("records")
    assert bubble["skyrmion_diameter"] == pytest.approx(bubble["thiele_diameter"], rel=0.1)
    assert collapsed["skyrmion_count"] == 0
    assert np.isnan([collapsed["skyrmion_diameter"], collapsed["thiele_diameter"]]).all()


def test_numbers_are_shown_with_one_prefix():
    scale = scale_of([-3e3, 5e2, np.nan], "A/m")
    assert scale.unit == "kA/m"
    assert scale.text(-3e3) == "−3"
    assert scale.text(np.nan) == "–"
    assert scale_of([1234.0], "m/s").heading("v") == "v (m/s)"
    assert scale_of([1.0], "").heading("m") == "m"
    assert in_words(-2e-9, "m") == "−2 nm"
    assert in_words(0.25, "") == "0.25"


@pytest.mark.slow
def test_a_sweep_over_sizes_opens_as_its_observables(swept):
    """Runs of other cells fit into no one Dataset; what is read off each does, an axis a dimension."""
    _, summary, store = swept
    opened = open_campaign(SweepCampaign(**described()), store, "mock")
    assert dict(opened.sizes) == {"density": 4, "length": 2}
    assert opened["wall_velocity"].attrs["units"] == "m/s"
    frame = summary.results.frame().set_index(["density", "length"])
    np.testing.assert_array_equal(opened["wall_velocity"].values.ravel(), frame["wall_velocity"])
    assert opened["stored"].all()


@pytest.mark.slow
def test_walls_of_a_sweep_are_those_of_its_runs(tmp_path):
    """Of other lengths in time too, and NaN where a run is not stored."""
    sweep = [
        axis("density", "protocol.steps.0.amplitude", (-1e12, -2e12), "A/m^2"),
        axis("duration", "protocol.steps.0.duration", (0.5e-9, 1e-9), "s"),
    ]
    campaign = SweepCampaign(**described(sweep=sweep))
    run_campaign(campaign, tmp_path)
    runs = open_campaign(campaign, tmp_path, "mock")
    found = analysis.walls(runs)
    assert found["position"].dims == ("density", "duration", "t", "wall")
    ids = campaign_table(campaign, tmp_path, "mock").reset_index().set_index(["density", "duration"])["run_id"]
    for (density, duration), run_id in ids.items():
        one = analysis.walls(Store(tmp_path).open(run_id))["position"]
        there = found["position"].sel(density=density, duration=duration)
        np.testing.assert_array_equal(there.sel(t=one["t"]), one)
        assert there.isel(t=slice(one.sizes["t"], None)).isnull().all()
    shutil.rmtree(Store(tmp_path).entry(ids.iloc[-1]))
    partly = analysis.walls(open_campaign(campaign, tmp_path, "mock", missing="fill"))["position"]
    assert partly.isel(density=-1, duration=-1).isnull().all()
    xr.testing.assert_equal(partly.isel(density=0),
                            found["position"].isel(density=0))  # fmt: skip


def test_a_run_of_a_sweep_that_has_fewer_walls_has_empty_words_for_the_others():
    """As a run has where a wall is not there; and a swept dimension needs no coordinate, an argument no place."""
    two, one = (artificial.domain_walls([places]) for places in ([60e-9, 200e-9], [60e-9]))
    runs = xr.concat([each.drop_vars("true_position") for each in (two, one)], "draw")
    found = analysis.walls(run=runs)
    assert found["kind"].dtype.kind == "U"
    assert found["kind"].values[:, 0, 1].tolist() == ["bloch", ""]
    assert np.isnan(found["position"].values[1, 0, 1])


@pytest.mark.slow
def test_a_label_with_dollars_is_drawn_as_it_is_written(tmp_path):
    """In all places of the figure: along x, as curves, as panels."""
    labels = ["cost ($)", r"$\frac{1", "$m_z$"]
    axes = [axis(f"axis{number}", f"material.{field}", values) for number, (field, values) in enumerate(
        [("alpha", (0.1, 0.2)), ("beta", (0.1, 0.2)), ("P", (0.4, 0.5))])]  # fmt: skip
    campaign = SweepCampaign(
        **described(sweep=[each | {"label": label} for each, label in zip(axes, labels, strict=True)])
    )
    frame = run_campaign(campaign, tmp_path).results.frame()
    figure = observable_figure(frame, campaign.sweep, observables()["wall_velocity"])
    figure.savefig(tmp_path / "figure.svg", metadata={"Date": None})
    drawn = {text.get_text() for text in figure.findobj(Text) if text.get_text()}
    assert r"\$\frac{1" in drawn
    assert any(text.startswith(r"cost (\$)") for text in drawn)
    assert r"\$m_z\$ = 0.4" in drawn


def test_a_report_that_cannot_be_drawn_or_written_costs_no_run(tmp_path, monkeypatch):
    """It is drawn with made-up numbers before the first run."""
    campaign = SweepCampaign(**described())

    def no_figure(*_):
        raise ValueError("cannot be drawn")

    def full(path, text):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("solitons.campaigns.sweep.analysis.observable_figure", no_figure)
        with pytest.raises(ValueError, match="cannot be drawn"):
            run_campaign(campaign, tmp_path)
    with monkeypatch.context() as patched:
        patched.setattr("solitons.campaigns.framework.workflow.write_whole", full)
        with pytest.raises(StoreFullError, match=r"no report of campaign 'swept' could be written.*the disk is full"):
            run_campaign(campaign, tmp_path)
    assert not Store(tmp_path).ids()


def test_one_run_without_axes_is_a_table_of_one_row(tmp_path):
    base = described()["base"]
    campaign = SweepCampaign(**described(base=base, sweep=[], observables=["mz", "wall_exit"]))
    results = run_campaign(campaign, tmp_path / "store").results
    assert results.frame().shape == (1, 2)
    assert results.notes == ["No time of the wall's exit: the first wall stays to the end."]
    found, none = results.headlines()
    assert (found.detail, none.value, none.detail) == ("", "–", "in no run")
    page = (tmp_path / "store/campaigns/swept/mock/report.html").read_text()
    assert "Nothing is swept" in page
    assert "No run has it; the notes give the reason." in page


def test_below_breakdown_a_wall_goes_at_walkers_velocity(tmp_path):
    """v = gamma0 Delta H / alpha (Schryer and Walker, J. Appl. Phys. 45, 5406 (1974)), with the width that is seen."""
    base = described()["base"]
    base["device"] |= {"length": "192 nm", "width": "8 nm", "walls": [{"position": "84 nm", "kind": "neel"}]}
    base["device"]["cell"] = ["3 nm", "4 nm", "1 nm"]
    base["material"] |= {"D": 1.5e-4, "alpha": 0.5}
    base["protocol"] = {
        "sampling_interval": "100 ps",
        "steps": [{"do": "constant field", "amplitude": [0, 0, 1.0], "duration": "0.8 ns"}],
    }
    sweep = [axis("field", "protocol.steps.0.amplitude.2", ("4 kA/m", "-8 kA/m"), "A/m")]
    names = ["wall_largest_velocity", "wall_width"]
    campaign = SweepCampaign(**described(engine="native", base=base, sweep=sweep, observables=names))
    table = run_campaign(campaign, tmp_path / "store").results.frame()
    expected = GAMMA0 * table["wall_width"] * table["field"] / 0.5
    np.testing.assert_allclose(table["wall_largest_velocity"], expected, rtol=0.05)
