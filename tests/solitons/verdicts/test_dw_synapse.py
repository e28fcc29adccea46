"""What speaks against a synapse of a wall, and the neuron of it; heat and sites have tests of their own."""

from types import SimpleNamespace

import numpy as np
import pytest
import xarray as xr
from both_ways import Limit, both_ways, crosses

from geometries import Notch, Stripe
from runs import PiecewiseLinear
from solitons.campaigns.domain_walls.dw_synapse import fitting, judgement, neurons
from solitons.campaigns.domain_walls.dw_synapse.results import Firing, NeuronResults, ResetRun
from solitons.campaigns.domain_walls.dw_synapse.roles import Excited, Held
from solitons.campaigns.domain_walls.dw_synapse.samples import spread_among
from solitons.devices.coming_to_rest import Rested
from solitons.domain_walls.trajectory import Trajectory

OF = [
    "solitons/campaigns/domain_walls/dw_synapse/fitting.py",
    "solitons/campaigns/domain_walls/dw_synapse/judgement.py",
    "solitons/campaigns/domain_walls/dw_synapse/neuron_resets.py",
    "solitons/campaigns/domain_walls/dw_synapse/neurons.py",
    "solitons/campaigns/domain_walls/dw_synapse/samples.py",
]
NS = 1e-9
CELL = 4e-9


def stripe(**changes):
    known = {"length": "400 nm", "width": "80 nm", "thickness": "1 nm", "cell": ("4 nm", "4 nm", "1 nm"),
                 "walls": [{"position": "100 nm"}]}  # fmt: skip
    return Stripe(**(known | changes))


def notched(depth):
    """Cells of 4 nm have notches of 4, 8, 12 nm in one edge."""
    return list(judgement.about_notches(stripe(notches=(Notch(position="200 nm", depth=depth, width="40 nm"),))))


@both_ways(Limit("notch_in_cells", "limited", {"depth": "9.5 nm"}, {"depth": "9.2 nm"}))
def test_a_limit_of_notches(limit):
    crosses(notched, limit)


def run(position=100e-9, tilt=0.0, walls=1, conductance=None, amplitude=None, device=None):
    """A run whose wall is at one place, has a tilt in rad, or walls beside it, and whose pulses make such steps."""
    steps = np.array([1e-6] * 10 if conductance is None else conductance)
    signs = np.ones(steps.size) if amplitude is None else np.array(amplitude)
    places = xr.DataArray(np.where(np.arange(2) < walls, 1e-7, np.nan)[None], dims=("t", "wall"))
    trajectory = SimpleNamespace(position=np.full(3, position), largest_tilt=tilt)
    train = SimpleNamespace(period=2e-9, width=0.2e-9)
    spec = SimpleNamespace(device=device or stripe(), protocol=SimpleNamespace(steps=[train], window=None))
    return SimpleNamespace(
        spec=spec, point="1 A/m2", trajectory=trajectory, walls=xr.Dataset({"position": places}),
        conductance_steps=steps, pulses={"amplitude": xr.DataArray(signs)},
        junction={"conductance": xr.DataArray([1e-5, 2e-5])},
    )  # fmt: skip


FIT = SimpleNamespace(dynamics=SimpleNamespace(width=6e-9, tilting=None))


def walls(*changes):
    runs = [run(**each) for each in changes]
    return [*judgement._about_walls(FIT, runs), *judgement._about_conductance(runs)]


def runs(*changes):
    return {"changes": changes}


UP_AND_DOWN = {"conductance": [1e-6, -1e-6] * 5}


def against(count):
    return runs({"conductance": [-1e-6] * count + [1e-6] * (100 - count)})


@both_ways(
    Limit("second_wall", "limited", runs({"walls": 2}, {}), runs({}, {})),
    Limit("second_wall", "failed", runs({"walls": 2}, {"walls": 2}, {}), runs({"walls": 2}, {})),
    # It is drawn at 100 nm, and pi Delta is 18.8 nm.
    Limit("start_moved", "limited", runs({"position": 118.9e-9}), runs({"position": 118.8e-9})),
    Limit("start_moved", "limited", runs({"position": 81.1e-9}), runs({"position": 81.2e-9})),
    Limit("tilted", "limited", runs({"tilt": np.deg2rad(20.1)}), runs({"tilt": np.deg2rad(19.9)})),
    Limit("conductance_not_monotonic", "limited", against(11), against(10)),
    # Pulses of both signs go both ways.
    Limit(
        "conductance_not_monotonic", "limited", runs(UP_AND_DOWN), runs(UP_AND_DOWN | {"amplitude": [1.0, -1.0] * 5})
    ),
)
def test_a_limit_of_walls(limit):
    crosses(lambda changes: walls(*changes), limit)


def cored(kinds, way):
    """Head-to-head walls of such kinds in two frames, whose cores go this way across a stripe of 80 nm."""
    each = run(device=stripe(walls=[{"position": "100 nm", "kind": "transverse"}]))
    there = [kind not in ("", "transverse") for kind in kinds]
    each.walls = xr.Dataset({
        "kind": (("t", "wall"), np.array(kinds)[:, None]),
        "core_y": (("t", "wall"), np.where(there, [40e-9, 40e-9 + way], np.nan)[:, None]),
    })  # fmt: skip
    return list(judgement.about_cores([each]))


@both_ways(
    Limit("wall_with_core", "limited", {"kinds": ["vortex", "vortex"], "way": 1e-9},
          {"kinds": ["transverse", "transverse"], "way": 0.0}),
    Limit("wall_with_core", "limited", {"kinds": ["transverse", "antivortex"], "way": 0.0},
          {"kinds": ["transverse", ""], "way": 0.0}),
)  # fmt: skip
def test_a_limit_of_cores(limit):
    crosses(cored, limit)
    (reason,) = cored(["transverse", "vortex"], 0.0)
    assert "which is drawn as a transverse wall, is one with a vortex (1 A/m2), whose core is no" in reason.sentence
    (reason,) = cored(["vortex", "vortex"], -20e-9)
    assert "whose core goes across the stripe by up to 25% of its width and is no coordinate" in reason.sentence
    # Two cores at two places are none that goes.
    (reason,) = cored(["antivortex", "vortex"], 20e-9)
    assert "%" not in reason.sentence


def tilting(off):
    """A wall whose line is so far from the model's, in rad."""
    fit = SimpleNamespace(dynamics=SimpleNamespace(width=6e-9, tilting="made up"), tilts={"a": np.full(3, 0.5)})
    each, drive = run(), PiecewiseLinear((0.0,), (1.0,))
    each.trajectory = Trajectory("a", np.arange(3.0), np.full(3, 1e-7), drive, length=4e-7, tilt=np.full(3, 0.5 + off))
    return list(judgement._about_tilt(fit, [each]))


@both_ways(Limit("tilted", "limited", {"off": np.deg2rad(10.1)}, {"off": np.deg2rad(9.9)}))
def test_a_limit_of_a_tilting_wall(limit):
    crosses(tilting, limit)


def rest(moved=0.0, pushed=0.0):
    """A wall that goes on by so much in a smooth stripe, of which the stray field alone makes a part."""
    each = run()
    alone, still = (Rested(None, np.array([way]), np.array([1e-8])) for way in (moved, pushed))
    return list(judgement.about_rest(alone, [each], CELL, still))


@both_ways(
    Limit("not_at_rest", "limited", {"moved": 4.1e-9}, {"moved": 3.9e-9}),
    Limit("not_at_rest", "limited", {"moved": -4.1e-9}, {"moved": -3.9e-9}),
    Limit("not_at_rest", "limited", {"moved": 6e-9, "pushed": 1.9e-9}, {"moved": 6e-9, "pushed": 2.1e-9}),
)
def test_a_limit_of_rests(limit, monkeypatch):
    monkeypatch.setattr(judgement, "pulse_trains", lambda spec: spec.protocol.steps)
    crosses(rest, limit)


@both_ways(Limit("held_by_mesh", "limited", {"moved": 4.1e-9}, {"moved": 3.9e-9}))
def test_a_limit_of_the_mesh(limit, monkeypatch):
    monkeypatch.setattr(judgement, "rest_samples", lambda *_: [0])
    monkeypatch.setattr(judgement, "domains_of", lambda *_: None)
    monkeypatch.setattr(judgement, "wall_of", lambda *_, **__: SimpleNamespace(width=6e-9))
    each = run()
    each.trajectory.polarity = 1
    crosses(
        lambda moved: list(judgement.about_holding(Rested(None, np.array([moved]), np.zeros(1)), [each], CELL)), limit
    )


@pytest.fixture
def firing(monkeypatch):
    """A neuron that fires so many times with each of nine currents, or that no current excites."""

    def about(counts):
        def sign(*args, **shape):
            if counts is None:
                raise ValueError("exciting_sign: no current moves it")
            return 1

        def traced(neuron, currents, **shape):
            return None, None, np.arange(100) < np.array(counts)[:, None]

        train = SimpleNamespace(rise=0.0, period=1e-9)
        monkeypatch.setattr(judgement, "pulse_trains", lambda *_: [train])
        monkeypatch.setattr(judgement, "exciting_sign", sign)
        monkeypatch.setattr(judgement, "trace", traced)
        seen = SimpleNamespace(width=(1e-10, 2e-10), amplitude=(1e11, 9e11))
        fit = SimpleNamespace(provenance=SimpleNamespace(fitted_range=seen))
        return judgement.about_neuron(SimpleNamespace(threshold=1e-7), fit, run())[0]

    return about


@both_ways(
    Limit("neuron_silent", "limited", {"counts": None}, {"counts": [1] * 9}),
    Limit("neuron_silent", "limited", {"counts": [0] * 9}, {"counts": [0] * 8 + [1]}),
    Limit("neuron_slows", "limited", {"counts": [5, 3] + [5] * 7}, {"counts": [5, 4] + [5] * 7}),
)
def test_a_limit_of_a_neuron(limit, firing):
    crosses(firing, limit)


def own_runs(*firings, edge=1e12, refractory=None, measured=None, never_back=0):
    """Spikes of the runs and of the model after so many pulses of 1 ns each, with a rest of 20 ns."""
    rows = [
        Firing(amplitude=current, measured=one and one * NS, predicted=other and other * NS, rms=None)
        for current, one, other in firings
    ]
    return NeuronResults(
        bias=0.0, start=0.0, threshold=1e-7, threshold_current=edge, silent_up_to=None, firings=rows, pulses=10,
        fires_from=min((row.amplitude for row in rows if row.measured), default=None),
        refractory=refractory and refractory * NS, measured_refractory=measured and measured * NS,
        never_back=never_back, rest=20 * NS,
    )  # fmt: skip


def fires(*row, **changes):
    return {"found": own_runs(row, **changes)}


def back(**changes):
    return {"found": own_runs((2e12, 5.0, 5.0), **changes)}


@both_ways(
    # A tenth about the current from which on the model fires is left out.
    Limit("neuron_disagrees", "limited", fires(1.11e12, None, 9.0), fires(1.09e12, None, 9.0)),
    Limit("neuron_disagrees", "limited", fires(0.89e12, 9.0, None), fires(0.91e12, 9.0, None)),
    # By a period, or by 15 %.
    Limit("neuron_disagrees", "limited", fires(2e12, 5.0, 6.1), fires(2e12, 5.0, 5.9)),
    Limit("neuron_disagrees", "limited", fires(2e12, 10.0, 11.6), fires(2e12, 10.0, 11.4)),
    Limit("neuron_disagrees", "limited", back(refractory=8.4, measured=10.0), back(refractory=8.6, measured=10.0)),
    Limit("neuron_disagrees", "limited", back(refractory=16.9, never_back=1), back(refractory=17.1, never_back=1)),
    Limit("neuron_silent", "limited", fires(5e11, None, None, edge=None), fires(5e11, None, None)),
)
def test_a_limit_of_a_neurons_own_runs(limit):
    crosses(lambda found: neurons.about_firing(found, 1 * NS), limit)


def was_reset(width=1 * NS, ends=0.0, predicted=0.0, again=5.0, later=5.0):
    run = ResetRun(
        amplitude=1e12, width=1 * NS, ends=ends, predicted_ends=predicted, again=again and again * NS,
        predicted_again=later and later * NS,
    )  # fmt: skip
    return {"found": own_runs((1e12, 5.0, 5.0)).model_copy(update={"resets": [run], "reset_width": width})}


@both_ways(
    Limit("reset_misses", "limited", was_reset(width=None), was_reset()),
    # By a wall's width, or by a period.
    Limit("neuron_disagrees", "limited", was_reset(predicted=21e-9), was_reset(predicted=19e-9)),
    Limit("neuron_disagrees", "limited", was_reset(ends=None), was_reset()),
    Limit("neuron_disagrees", "limited", was_reset(later=6.1), was_reset(later=5.9)),
    Limit("neuron_disagrees", "limited", was_reset(again=None), was_reset(again=None, later=None)),
)
def test_a_limit_of_a_reset_pulse(limit):
    crosses(lambda found: neurons.about_firing(found, 1 * NS, 20e-9), limit)


def devices(lost, of=4):
    places = np.outer(1 + 0.1 * np.arange(of), [0.0, 40e-9, 80e-9])
    places[:lost, 1:] = np.nan
    return spread_among(places)[1]


@both_ways(
    Limit("devices_lose_wall", "limited", {"lost": 1}, {"lost": 0}),
    Limit("devices_lose_wall", "limited", {"lost": 4}, {"lost": 0}),
)
def test_a_limit_of_devices(limit):
    crosses(devices, limit)


@both_ways(Limit("nothing_to_choose_by", "limited", {"compared": ()}, {"compared": ("one",)}))
def test_a_limit_of_a_choice(limit):
    crosses(
        lambda compared: list(fitting.about_choice(SimpleNamespace(compared=compared), SimpleNamespace(knots=None))),
        limit,
    )


@both_ways(Limit("landscape_lost", "limited", {"lost": True}, {"lost": False}))
def test_a_limit_of_a_trap(limit, monkeypatch):
    def measured(lost):
        def landscape(*args):
            if lost:
                raise ValueError("the trap lost the wall")
            return "a landscape"

        monkeypatch.setattr(fitting, "landscape_of", landscape)
        monkeypatch.setattr(fitting, "held_wall", lambda run: run)
        labelled = [SimpleNamespace(role=Held("right"), spec=run().spec)]
        return fitting.measured_landscape(SimpleNamespace(labelled=labelled, open=lambda each: each))[1]

    crosses(measured, limit)


def test_runs_of_a_neuron_that_have_no_wall_are_named(monkeypatch):
    """Whose own runs have one is in the tests of neurons, the whole way."""

    def lost(*args):
        raise ValueError("no wall is there")

    monkeypatch.setattr(neurons, "observe", lost)
    excited = SimpleNamespace(labelled=[SimpleNamespace(role=Excited(1e12), spec=None)], open=lambda run: run)
    _, (reason,) = neurons.neuron_from_runs(None, excited, None, None)
    assert (reason.code, reason.weight) == ("neuron_lost", "limited")


def test_a_good_wall_has_no_reasons_against_it():
    assert walls({}, {}) == notched("8 nm") == devices(0) == tilting(0.0) == []
