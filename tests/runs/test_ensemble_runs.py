"""Ensembles as runs of their own: their members, the store, going on after an interruption, and what is refused."""

import json

import numpy as np
import pytest
from pydantic import ValidationError
from rows import rows

import runs.native as nc
from analysis import film as draw_film
from analysis import tunnel_junction
from analysis.schema import check_run
from geometries import Material, Pillar, Stripe
from runs import (
    ConstantCurrent,
    EngineFailedError,
    Ensemble,
    FieldSteps,
    Limits,
    Protocol,
    RampTo,
    Relax,
    Rest,
    RunSpec,
    Store,
    open_run,
    simulate,
)
from runs.attempt import run_one
from runs.engines import WallTimeError, memory, native, native_ensemble, oommf

FILM = Material(name="film", Ms=1e6, A=1.5e-11, Ku=8e5, alpha=0.02)
DISC = Pillar(
    length=16e-9,
    thickness=1e-9,
    cell=(4e-9, 4e-9, 1e-9),
    fixed_layer="up",
    barrier={"resistance_area": 1e-11, "tmr": 1.0},
    start="down",
)


def spec_of(members=4, keep="states", *, temperature=300, seed=3, engine="native", **keys):
    steps = [Relax(), ConstantCurrent(amplitude=5e11, duration=2e-12)]
    ensemble = {"ensemble": {"members": members, "keep": keep}} if members else {}
    protocol = Protocol(steps=steps, sampling_interval=1e-12, temperature=temperature, seed=seed)
    return RunSpec(**{"device": DISC, "material": FILM, "protocol": protocol, "engine": engine} | ensemble | keys)


@pytest.fixture(scope="module")
def states():
    return simulate(spec_of())


@pytest.mark.slow
def test_a_member_is_the_run_that_has_its_seed(states):
    alone = simulate(spec_of(0, seed=int(states["seed"][2])))
    member = states.isel(member=2)
    np.testing.assert_allclose(member["m"], alone["m"], atol=2e-7)
    for name in ("mx", "my", "mz"):
        np.testing.assert_allclose(member[name], alone[name], atol=2e-7)
    np.testing.assert_allclose(member["energy"], alone["energy"], rtol=1e-6)
    check_run(member, complete=True)
    # Noise tells members apart, from the same state.
    assert float(np.ptp(states["mz"].isel(t=0).values)) == 0
    assert np.unique(states["mx"].isel(t=-1)).size == states.sizes["member"]


@pytest.mark.slow
def test_where_means_are_kept_they_are_those_of_the_states(states, tmp_path):
    means = simulate(spec_of(keep="means"), tmp_path)
    assert "m" not in means
    for name in ("mx", "my", "mz", "energy"):
        assert means[name].dims == ("member", "t")
        np.testing.assert_allclose(means[name], states[name], atol=1e-7)
    assert means["current_density"].dims == means["temperature"].dims == ("t",)
    assert spec_of(keep="means").run_id != spec_of().run_id != spec_of(5).run_id


@pytest.mark.slow
def test_an_ensemble_is_one_entry_of_the_store_that_is_read_member_by_member(states, tmp_path):
    spec = spec_of()
    Store(tmp_path).write(spec, states, 1.0)
    stored = open_run(spec.run_id, tmp_path)
    assert stored["m"].dims == ("member", "t", "x", "y", "z", "vdims")
    assert stored["m"].chunks[0] == (1, 1, 1, 1)
    np.testing.assert_array_equal(stored["m"].isel(member=1), states["m"].isel(member=1))
    np.testing.assert_array_equal(stored["seed"], spec.ensemble.seeds(3))


def test_seeds_are_different_and_others_for_another_seed():
    seeds = Ensemble(members=100_000).seeds(0)
    assert np.unique(seeds).size == seeds.size
    assert seeds.min() >= 0
    assert seeds.max() < 2**32
    assert not np.intersect1d(seeds[:1000], Ensemble(members=1000).seeds(1)).size


def test_an_interrupted_ensemble_goes_on_after_its_last_batch(states, tmp_path, monkeypatch):
    monkeypatch.setattr(native_ensemble, "BATCH", 1)
    evolve, calls = nc.evolve_ensemble, []

    def interrupted(systems, *arguments, **keys):
        calls.append(len(systems))
        if len(calls) == 3:
            raise KeyboardInterrupt
        return evolve(systems, *arguments, **keys)

    monkeypatch.setattr(nc, "evolve_ensemble", interrupted)
    spec, store = spec_of(), Store(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        run_one(spec, store)
    assert not store.holds(spec.run_id)
    run_one(spec, store)
    # Two batches before the interruption, which was in the third, and two after it.
    assert calls == [1, 1, 1, 1, 1]
    assert store.provenance(spec.run_id)["resumed"] == 1
    np.testing.assert_allclose(open_run(spec.run_id, tmp_path)["m"], states["m"], atol=2e-7)
    assert not (tmp_path / ".work").exists()


def test_batches_of_another_version_or_size_are_not_gone_on_with(tmp_path):
    spec = spec_of()
    record = {"run_id": spec.run_id, "version": native.version(), "size": 4, "resumed": 1}
    (tmp_path / "members-0.npz").write_bytes(b"")
    for changes, expected in ({}, ({0}, 2)), ({"version": "older"}, (set(), 0)), ({"size": 2}, (set(), 0)):
        (tmp_path / "resume.json").write_text(json.dumps(record | changes))
        assert native_ensemble._done_before(spec, tmp_path, native.version(), 4) == expected


def test_the_wall_time_is_kept_and_says_what_is_left(tmp_path):
    with pytest.raises(WallTimeError, match="its 4 members; the 0 that are done are kept: run it again to go on"):
        native.simulate(spec_of(), tmp_path, lambda _: None, Limits(wall_time=1e-9))


def test_an_ensemble_that_does_not_fit_memory_is_refused_before_anything_runs(tmp_path, monkeypatch):
    monkeypatch.setattr(memory, "_free_memory", lambda: 8_000)
    monkeypatch.setattr(native_ensemble, "driven_system", lambda _: pytest.fail("it has begun"))
    # 4 members of 3 frames of 16 cells of 12 bytes and 32 more, three times.
    with pytest.raises(
        EngineFailedError, match=r"4 members of 3 frames need about 8.06 kB of memory, and 8 kB are free"
    ):
        native.simulate(spec_of(), tmp_path, lambda _: None)
    with pytest.raises(ValidationError, match=r"1,000,000 members of 1,000,001 frames of 16 cells would take 224 TB"):
        spec_of(
            10**6,
            protocol=Protocol(
                steps=[ConstantCurrent(amplitude=1, duration=1e-6)], sampling_interval=1e-12, temperature=1
            ),
        )
    assert memory._free_memory() > 0


@pytest.mark.parametrize("engine", [native, oommf])
def test_a_mesh_that_does_not_fit_memory_is_refused_before_anything_runs(engine, tmp_path, monkeypatch):
    monkeypatch.setattr(memory, "_free_memory", lambda: 900_000_000)
    device = Stripe(length="4 um", width="4 um", thickness="1 nm", cell=("4 nm", "4 nm", "1 nm"))
    protocol = Protocol(steps=[Rest(duration="1 us")], sampling_interval="0.5 ns")
    spec = RunSpec(device=device, material="permalloy", protocol=protocol)
    said = r"1,000,000 cells, kept in 2,001 states, need about [\d.]+ GB of memory, and 900 MB are free"
    with pytest.raises(EngineFailedError, match=said):
        engine.simulate(spec, tmp_path, lambda _: None)
    assert not list(tmp_path.iterdir())


@rows(
    ("keys", "message"),
    [
        ({"engine": "oommf"}, r"temperature of up to 300 K, and engine is 'oommf'"),
        ({"temperature": 0}, "ensemble: 4 members at 0 K would all be the same run.*give the protocol a temperature"),
        ({"protocol": FieldSteps(steps=[RampTo(to=1e3, field_steps=2)])}, "4 members at 0 K"),
        ({"members": 1}, "ensemble.members"),
    ],
)
def test_what_is_no_ensemble_is_refused(keys, message):
    with pytest.raises(ValidationError, match=message):
        spec_of(**keys)


def test_an_engine_that_makes_one_run_at_a_time_is_refused_by_name(monkeypatch):
    monkeypatch.delattr(native, "RUNS_ENSEMBLES")
    with pytest.raises(ValidationError, match="4 members, and engine is 'native', which makes one run at a time"):
        spec_of()


def test_analysis_of_one_run_says_that_it_is_given_many(states):
    with pytest.raises(ValueError, match=r"run is an ensemble of 4 members.*choose one with .isel\(member=0\)"):
        tunnel_junction(states, DISC.window_mask(), tmr=1.0, resistance_area=1e-11)
    with pytest.raises(ValueError, match="only means were kept: run the ensemble with keep 'states'"):
        draw_film(states.drop_vars(["m", "x", "y", "z"]), "film.gif")
    junction = tunnel_junction(states.isel(member=0), DISC.window_mask(), tmr=1.0, resistance_area=1e-11)
    np.testing.assert_allclose(junction["tmr"][0], 1.0, rtol=1e-3)
