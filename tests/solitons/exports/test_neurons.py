"""Soliton neurons as leaky ones: what is exact, devices that nothing was tuned on, and one that must fail."""

import json
from dataclasses import replace

import numpy as np
import pytest
from rows import rows

from geometries import Material
from solitons import DomainWallNeuron
from solitons.domain_walls import wall_from_material
from solitons.exports import (
    CannotExpressError,
    ExportSettings,
    LeakyNeuron,
    export_model,
    fit_neuron,
    read_nir,
    write_nir,
)
from solitons.exports.cell_modules import brian2_module, snntorch_module
from solitons.exports.neuron_fit import compare_spikes, random_currents, soliton_spikes
from solitons.exports.neuron_judgement import judge_neuron
from solitons.exports.nir_graph import nir_graph
from solitons.junctions import SuperparamagneticNeuron, SwitchingRates

from .conftest import wall_origin

DRIVE = (4e11, 1e12)


@pytest.fixture(scope="module")
def stopped():
    return LeakyNeuron(tau=4e-9, r=-6e-19, v_leak=-20e-9, v_threshold=160e-9, refractory=0.4e-9, drive=DRIVE)


def compared(neuron, fit, hold, streams=30, segments=60, seed=1):
    current = random_currents(
        fit.neuron.drive, int(np.sign(fit.neuron.r)), streams, segments, np.random.default_rng(seed)
    )
    return compare_spikes(neuron, fit.neuron, current, hold)


def test_spikes_under_a_steady_current_are_those_of_the_closed_form(stopped):
    current = np.array([[-5e11, -5e11, -5e11], [-9e11, -9e11, -9e11], [-1e11, -1e11, -1e11]])
    fast, faster, silent = stopped.spikes(current, 20e-9)
    for times, density in ((fast, -5e11), (faster, -9e11)):
        interval = float(stopped.interval(density))
        np.testing.assert_allclose(times, interval * np.arange(1, times.size + 1) - 0.4e-9, rtol=1e-9)
    assert silent.size == 0


def test_changing_currents_agree_with_small_steps(stopped):
    generator = np.random.default_rng(5)
    current = np.where(generator.random((4, 40)) < 0.2, 0.0, -generator.uniform(2e11, 1e12, (4, 40)))
    hold, dt = 1e-9, 1e-13
    for stream, times in enumerate(stopped.spikes(current, hold)):
        v, deaf, found = 0.0, 0.0, []
        for step in range(round(40 * hold / dt)):
            if deaf > 0:
                deaf -= dt
                continue
            density = current[stream, min(int(step * dt / hold + 1e-9), 39)]
            v = max(v + dt * (stopped.v_leak - v + stopped.r * density) / stopped.tau, 0.0)
            if v > stopped.v_threshold:
                v, deaf = 0.0, stopped.refractory
                found.append((step + 1) * dt)
        np.testing.assert_allclose(times, found, atol=3e-12 * max(len(found), 1))


@pytest.mark.slow
def test_a_rigid_wall_is_an_integrator(neuron):
    """With beta = alpha a wall moves at a speed in proportion to the current: intervals go as 1 / J."""
    fit = fit_neuron(neuron, (3e11, 1e12))
    speed = abs(float(neuron.wall.drift_per_current))
    np.testing.assert_allclose(fit.interval, 150e-9 / (speed * np.abs(fit.current)), rtol=5e-3)
    assert fit.rms < 2e-3
    found = compared(neuron, fit, 1e-9)
    assert judge_neuron(found).verdict == "trusted"
    assert found.rms[0] < 0.003
    assert found.missed == 0


@pytest.mark.slow
def test_a_chiral_wall_in_fast_currents_is_limited_or_fails():
    """Spin-orbit torque turns the wall's angle first, and only then moves it: it remembers more than its place."""
    film = Material(name="film", Ms=6e5, A=12e-12, Ku=5e5, D=5e-4, alpha=0.1, spin_hall_angle=0.1)
    wall = wall_from_material(film, polarity=-1, thickness=1e-9, stripe_width=32e-9, torques=("spin-orbit",))
    chiral = DomainWallNeuron(wall=wall, start=60e-9, threshold=220e-9, leak_field=800.0)
    fit = fit_neuron(chiral, (0.05e12, 0.3e12))
    verdict = judge_neuron(compared(chiral, fit, 0.3e-9))
    assert verdict.verdict in ("limited", "failed")
    assert verdict.reasons[0].code in ("little_better_than_trivial", "no_better_than_trivial")


@pytest.mark.slow
def test_a_neuron_that_never_fires_is_refused(neuron):
    leaky = replace(neuron, leak_field=1e5)
    with pytest.raises(ValueError, match=r"1e\+10 A/m2 does not make the neuron fire within .* with either sign"):
        fit_neuron(leaky, (1e9, 1e10))
    with pytest.raises(ValueError, match=r"drive = \(1e\+12, 1e\+11\) A/m2 must rise"):
        fit_neuron(neuron, (1e12, 1e11))


@rows("drive", [(5e11, 1e11), (5e11, 5e11), (0.0, 5e11), (-1e11, 5e11), (1e11, np.inf)])
def test_a_drive_that_does_not_rise_is_refused(neuron, drive, tmp_path):
    with pytest.raises(ValueError, match=r"wall: drive = \(.*\) A/m2 must rise from above 0.*--drive"):
        export_model(neuron, "nir", tmp_path / "out", "wall", ExportSettings(drive=drive))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("amplitude", [(5e11, 5e11), (0.0, 5e11)])
def test_a_fit_without_a_range_of_currents_asks_for_one(neuron, amplitude, tmp_path):
    fitted = replace(neuron, wall=replace(neuron.wall, provenance=wall_origin(amplitude, "trusted")))
    with pytest.raises(ValueError, match=r"fitted to runs from .* to 5e\+11 A/m2, which is no range .*--drive"):
        export_model(fitted, "nir", tmp_path / "out", "wall")
    assert not list(tmp_path.iterdir())


def test_a_junction_that_fires_by_chance_is_refused(tmp_path):
    junction = SuperparamagneticNeuron(SwitchingRates(attempt_rate=1e9, stability=8.0, critical_current=1e10))
    with pytest.raises(CannotExpressError, match=r"fires by chance, at a rate.*would be lost"):
        export_model(junction, "nir", tmp_path / "out", "n", ExportSettings(drive=(1e9, 2e9)))
    assert not list(tmp_path.iterdir())


def test_nir_goes_round(stopped, tmp_path):
    pytest.importorskip("nir")
    path = tmp_path / "neuron.nir"
    for factor in (1.0, 1e5):
        graph = nir_graph(stopped, accept=("refractory", "stop"), time_factor=factor, notes={"rms": 0.01})
        back = read_nir(write_nir(graph, path))
        assert back.tau == pytest.approx(stopped.tau, rel=1e-15)
        assert back.r == pytest.approx(stopped.r, rel=1e-15)
        assert back.v_leak == pytest.approx(stopped.v_leak, rel=1e-15)
        assert (back.v_threshold, back.v_reset, back.drive) == (160e-9, 0.0, DRIVE)
        assert (back.refractory, back.stopped) == (0.0, False), "NIR has neither"
    assert [file.name for file in tmp_path.iterdir()] == ["neuron.nir"]


def test_a_layer_has_its_weights(stopped):
    pytest.importorskip("nir")
    weights = np.array([[1e11, 2e11, -3e11], [0.0, 5e11, 1e11]])
    graph = nir_graph(stopped, weights=weights, accept=("refractory", "stop"))
    np.testing.assert_allclose(graph.nodes["drive"].weight, weights * stopped.r / 160e-9)
    assert graph.nodes["neuron"].tau.shape == (2,)
    with pytest.raises(ValueError, match=r"weights of shape \(3,\) must be finite numbers, \(outputs, inputs\)"):
        nir_graph(stopped, weights=[1.0, 2.0, 3.0], accept=("refractory", "stop"))


def test_another_graph_is_not_read(tmp_path):
    nir = pytest.importorskip("nir")
    one = np.ones(1)
    other = nir.NIRGraph(
        {
            "input": nir.Input({"input": np.array([1])}),
            "n": nir.LIF(one, one, one, one),
            "output": nir.Output({"output": np.array([1])}),
        },
        [("input", "n"), ("n", "output")],
    )
    nir.write(tmp_path / "other.nir", other)
    with pytest.raises(ValueError, match="its units are not known"):
        read_nir(tmp_path / "other.nir")


def test_what_is_lost_is_refused_by_name(stopped):
    pytest.importorskip("nir")
    with pytest.raises(
        CannotExpressError, match=r"no refractory time, here 4e-10 s.*no stop.*0\.125 thresholds.*--acc"
    ):
        nir_graph(stopped)
    with pytest.raises(CannotExpressError, match=r"heat, which shakes the soliton at 300 K.*accept=\('heat',\)"):
        nir_graph(stopped, temperature=300.0, accept=("refractory", "stop"))
    with pytest.raises(CannotExpressError, match="refractory"):
        snntorch_module(stopped, step=1e-11)
    assert "refractory=REFRACTORY" in brian2_module(stopped, step=1e-11)


def test_too_long_a_step_is_refused(stopped):
    with pytest.raises(
        ValueError, match=r"a step of 0\.0001 s is not above 0 s and at most a quarter of tau = 4e-09 s"
    ):
        snntorch_module(stopped, step=1e-4, accept=("refractory", "stop"))


def test_a_soliton_is_followed_as_trace_does(neuron):
    times = soliton_spikes(neuron, np.array([[-1e12, -1e12]]), 5e-9)[0]
    # 150 nm at 50 m/s.
    np.testing.assert_allclose(np.diff(times), 3e-9, rtol=5e-3)


@pytest.mark.slow
def test_a_neuron_is_exported_with_how_well_it_stands_for_the_soliton(neuron, tmp_path):
    nir = pytest.importorskip("nir")
    settings = ExportSettings(drive=(3e11, 1e12), accept=("stop",))
    (path,) = export_model(neuron, "nir", tmp_path, "wall", settings)
    metadata = nir.read(path).metadata
    notes = metadata["notes"]
    found = json.loads(notes.decode() if isinstance(notes, bytes) else notes)
    assert found["verdict"] == "trusted"
    assert found["relative_rms_of_intervals"] < 0.005
    assert found["intervals_compared"] > 100
    deaf = replace(neuron, refractory=4e-9)
    with pytest.raises(CannotExpressError, match=r"no refractory time, here 4e-09 s"):
        export_model(deaf, "nir", tmp_path, "deaf", settings)
    with pytest.raises(
        CannotExpressError, match=r"cannot stand for it.*does not predict the spike times.*accept failed_fit"
    ):
        export_model(deaf, "nir", tmp_path, "deaf", replace(settings, accept=("stop", "refractory")))
    assert [file.name for file in tmp_path.iterdir()] == ["wall.nir"]
    (module,) = export_model(deaf, "brian2", tmp_path, "deaf", settings)
    assert "REFRACTORY = 4e-09 * second" in module.read_text()
