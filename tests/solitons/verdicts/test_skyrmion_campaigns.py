"""What speaks against rows of skyrmions under a junction, tracks of one drawing, and what the model leaves out."""

from types import SimpleNamespace

import numpy as np
import yaml
from both_ways import Limit, both_ways, crosses
from edited_content import with_fields

from runs import PiecewiseLinear, RunSpec
from solitons.campaigns.framework.kinds import shipped_campaigns
from solitons.campaigns.skyrmions.observation import judge_fit
from solitons.campaigns.skyrmions.skyrmion_synapse.reading import Reading, about_reach, about_steps
from solitons.campaigns.skyrmions.skyrmion_synapse.tracks import Tracks, about_tracks
from solitons.devices.spreads import Spreads
from solitons.skyrmions.trajectory import SkyrmionTrajectory

OF = [
    "solitons/campaigns/skyrmions/observation.py",
    "solitons/campaigns/skyrmions/skyrmion_synapse/reading.py",
    "solitons/campaigns/skyrmions/skyrmion_synapse/tracks.py",
]


def reading(widest=1.0, off=0.0):
    """Conductance in S over a level of 1 uS."""
    measured = 1e-6 * widest * np.array([0.0, 1.0, 0.0])
    steps = 1e-6 * off * np.array([1.0, -1.0])
    return [*about_reach([Reading(measured, measured)], -1e-6), *about_steps([steps], -1e-6)]


@both_ways(
    Limit("window_not_reached", "failed", {"widest": 0.49}, {"widest": 0.51}),
    Limit("steps_off", "limited", {"off": 0.11}, {"off": 0.09}),
    Limit("steps_off", "failed", {"off": 0.51}, {"off": 0.49}),
)
def test_a_limit_of_reading(limit):
    crosses(reading, limit)


def tracks(*, stuck=0, lost=0, measured=False, rms=1e-9, kept=True, there=True):
    """Four tracks that differ by 10 nm, of which the one of seed 1 was run."""
    spread = SimpleNamespace(devices=4, lost=lost, at_rest=10e-9)
    found = SimpleNamespace(spread=spread, stuck=stuck, measured=measured, checked=1, rms_checked=rms)
    path = np.zeros(3)
    run = {1: path if there else np.full(3, np.nan)}
    return list(about_tracks(Tracks(found if kept else None, Spreads(), np.tile(path, (4, 1)), run, (1, 2, 3, 4))))


@both_ways(
    Limit("tracks_lose_row", "limited", {"kept": False}, {}),
    Limit("tracks_lose_row", "limited", {"lost": 1}, {}),
    Limit("tracks_stuck", "limited", {"stuck": 1}, {}),
    Limit("tracks_off", "limited", {"there": False}, {}),
    Limit("tracks_off", "limited", {"rms": 5.1e-9}, {"rms": 4.9e-9}),
    Limit("tracks_off", "limited", {"rms": 5.1e-9}, {"rms": 5.1e-9, "measured": True}),
    Limit("tracks_unchecked", "limited", {"rms": None}, {}),
)
def test_a_limit_of_tracks(limit):
    crosses(tracks, limit)


FILE = next(each.file for each in shipped_campaigns() if each.name == "skyrmion-track")
TIME = np.linspace(0.0, 1e-9, 3)
PART = {"name": "a", "x": ["100 nm", "120 nm"]}


def fitted(**part):
    """The shipped track with a part, and a fit that nothing else speaks against."""
    content = with_fields(yaml.safe_load(FILE.read_text()), base__device__parts=[PART | part])
    spec = RunSpec.model_validate(content["base"] | {"engine": "native"})
    drive = PiecewiseLinear((0.0,), (1e11,))
    runs = [
        SkyrmionTrajectory(name, TIME, np.outer(TIME, [20.0, 0.0]) + np.array([100e-9, 30e-9]), drive, (0.0, 60e-9))
        for name in ("fitted", "held out")
    ]
    fit = SimpleNamespace(
        provenance=SimpleNamespace(held_out=("held out",)),
        path_of=lambda run: run.position,
        predicted=["fitted", "held out"],
        held_out_error=0.0,
        width=60e-9,
        converged=True,
        at_bound=(),
        parameters=(),
    )
    observed = [
        SimpleNamespace(spec=SimpleNamespace(device=spec.device, material=spec.material), trajectories=(run,))
        for run in runs
    ]
    for each, run in zip(observed, runs, strict=True):
        each.spec.run_id = run.run_id
    return judge_fit(fit, observed)


@both_ways(
    Limit("outside_model", "limited", {"alpha": 0.5}, {"Ku": "0.7 MJ/m^3"}),
    Limit("outside_model", "limited", {"Ms": "600 kA/m"}, {"D": "3 mJ/m^2"}),
)
def test_a_limit_of_what_the_model_knows(limit):
    crosses(fitted, limit)


def test_good_rows_have_no_reasons_against_them():
    assert reading() == tracks() == []
    assert fitted(Ku="0.7 MJ/m^3").verdict == "trusted"
