"""Vortex oscillators: what is refused, and whole campaigns, one of which must fail."""

import json

import numpy as np
import pytest
from made_vortices import vortex_disc
from rows import rows

from analysis import vortex_core
from runs import simulate
from solitons import load_campaign, load_model
from solitons.campaigns.framework.results import CampaignSummary
from solitons.campaigns.framework.workflow import campaign_folder, run_campaign
from solitons.campaigns.oscillators.vortex_oscillator.analysis import orbit_of
from solitons.campaigns.oscillators.vortex_oscillator.campaign import OrbitRole, VortexOscillatorCampaign
from solitons.campaigns.oscillators.vortex_oscillator.results import VortexOscillatorResults
from solitons.oscillators.vortex_fit import turns_of_run


def edited(**changes):
    """The shipped campaign with some fields replaced: device__length for device.length."""
    content = load_campaign("vortex-oscillator").model_dump(mode="json")
    for path, value in changes.items():
        *parents, last = path.split("__")
        part = content
        for name in parents:
            part = part[int(name)] if isinstance(part, list) else part[name]
        part[last] = value
    return VortexOscillatorCampaign.model_validate(content)


@rows(
    ("changes", "message"),
    [
        ({"device__start": "up"}, r"device.start = \(0.0, 0.0, 1.0\) is uniform.*give start: vortex"),
        ({"device__width": 160e-9}, "has the axes 200 nm and 160 nm, and the equation is of a disc"),
        (
            {"device__terminals__0__x": [0, 100e-9]},
            "device.terminals has current through the plane.*give one through_plane terminal through all of the disc",
        ),
        ({"device__fixed_layer": "right"}, "a polariser in the plane puts no steady force on a core"),
        (
            {"device__length": 40e-9, "device__thickness": 4e-9, "device__cell": [4e-9, 4e-9, 4e-9]},
            r"a vortex in this disc of 40 nm x 4 nm has 3.6 times the energy of the uniform state",
        ),
        (
            {"fitted": [2.1e11, 2.2e11, 2.5e11], "judged": [2.3e11]},
            "fitted has 0.21 × 10¹² A/m², which holds this core",
        ),
        ({"device__start": {"polarity": -1}}, "holds this core in the middle; the threshold is estimated at 0.1"),
        ({"fitted": [-1.4e11, -2.2e11, -2.5e11]}, "below the threshold, estimated at −0.186 × 10¹² A/m²"),
        ({"judged": [-2.2e11]}, "which is fitted too; judge by another current"),
        ({"judged": [-2.7e11]}, "outside the fitted currents, where the equation is not known"),
        ({"duration": 10e-9}, "duration = 10 ns is 6.2 turns at about 619 MHz, and 10 are needed; give 17 ns or more"),
        ({"sampling_interval": 0.5e-9}, "500 ps is 3.2 frames a turn at about 619 MHz, and 8 are needed; give 190 ps"),
        ({"sampling_interval": 2e-9}, "2 ns is 0.81 frames a turn"),
    ],
)
def test_what_shows_no_orbit_is_refused_before_anything_runs(changes, message):
    with pytest.raises(ValueError, match=message):
        edited(**changes).check()


def test_the_shipped_campaign_has_a_run_for_each_current_and_passes_its_check():
    campaign = load_campaign("vortex-oscillator")
    campaign.check()
    runs = campaign.labelled_runs("native")
    assert [run.role.use for run in runs].count("judged") == 2
    sizes = [abs(run.role.current) for run in runs]
    assert sizes == sorted(sizes)
    assert [each.do for each in runs[0].spec.in_time.steps] == ["relax", "constant field", "constant current"]
    assert runs[0].spec.device.terminal().oersted


# Another damping: the Oersted field of the larger currents lets the frequency fall with the orbit. Coarser cells.
SMALL = {
    "material__alpha": 0.1,
    "device__cell": [5e-9, 5e-9, 10e-9],
    "fitted": [-5.1e11, -5.7e11, -6.2e11],
    "judged": [-5.4e11],
    "duration": 20e-9,
    "batch__members": 200,
}


@pytest.mark.slow
def test_a_small_campaign_predicts_an_unseen_current(tmp_path):
    campaign = edited(**SMALL)
    run_campaign(campaign, store=tmp_path, engine="native")
    folder = campaign_folder(campaign, "native", tmp_path)
    summary = CampaignSummary[VortexOscillatorResults].from_json((folder / "summary.json").read_text("utf-8"))
    results = summary.results
    assert results.verdict != "failed", results.reasons
    assert results.threshold == pytest.approx(results.estimated_threshold, rel=0.1)
    assert results.errors("radius")[0] < 0.03
    assert results.errors("frequency")[0] < 0.01
    assert results.errors("rise_time")[0] < 0.05
    assert results.batch.speed > 1e4
    assert 1 <= len(list(results.headlines())) <= 5
    model = load_model(folder / "vortex.json")
    # Its core is up and turns counterclockwise: with the other sense G would be negative.
    assert float(model.gyrovector[0]) > 0
    assert model.provenance.held_out_error == pytest.approx(results.errors("frequency")[0])
    assert model.provenance.held_out == tuple(each.run_id for each in results.orbits if each.use == "judged")
    (judged,) = [each for each in results.orbits if each.use == "judged"]
    assert model.orbit(-5.4e11)[0] == pytest.approx(judged.radius, rel=0.1)
    assert "The orbits" in (folder / "report.html").read_text("utf-8")


@pytest.mark.slow
def test_a_campaign_whose_cores_are_expelled_fails_and_says_so(tmp_path):
    # A disc of half the size has no orbit that lasts: its core is expelled soon above the threshold.
    campaign = edited(
        **SMALL
        | {
            "device__length": 100e-9,
            "fitted": [-11e11, -12e11, -13e11],
            "judged": [-12.5e11],
            "duration": 15e-9,
            "sampling_interval": 0.05e-9,
        }
    )
    run_campaign(campaign, store=tmp_path, engine="native")
    found = json.loads((campaign_folder(campaign, "native", tmp_path) / "summary.json").read_text("utf-8"))
    assert found["verdict"] == "failed"
    assert {"core_expelled", "too_few_orbits"} <= {each["code"] for each in found["reasons"]}
    assert found["threshold"] is None
    assert not (campaign_folder(campaign, "native", tmp_path) / "vortex.json").exists()
    assert np.all([each["radius"] is None for each in found["orbits"] if each["event"]])


@pytest.mark.slow
@pytest.mark.oommf
def test_both_engines_move_the_core_alike():
    campaign = edited(
        device__length=100e-9, device__cell=[5e-9, 5e-9, 10e-9], duration=1e-9, sampling_interval=0.05e-9,
        kick={"field": 12e3, "duration": 0.3e-9},
    )  # fmt: skip
    native, oommf = (vortex_core(simulate(campaign.labelled_runs(engine)[0].spec)) for engine in ("native", "oommf"))
    places = [np.stack([core.x.values, core.y.values]) for core in (native, oommf)]
    np.testing.assert_allclose(places[1], places[0], atol=0.05e-9)
    # It has moved by far more than that, and turns counterclockwise with its core up.
    assert float(native.radius.max()) > 5e-9
    assert float(native.angle[-1] - native.angle[10]) > 1


@pytest.mark.parametrize(
    ("place", "event"),
    [((np.nan, 0.0), "no vortex at rest"), ((60e-9, 0.0), "no vortex at rest"), ((2e-9, 0.0), "too few turns")],
)
def test_a_disc_without_a_turning_vortex_has_no_orbit(place, event):
    run = vortex_disc([place] * 30, np.arange(30) * 1e-10)
    core = vortex_core(run)
    found = orbit_of(OrbitRole(-2e11, "judged"), core, turns_of_run(run, core, -2e11, 0.0, "id"))
    assert (found.event, found.radius) == (event, None)
