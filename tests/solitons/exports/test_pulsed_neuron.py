"""Soliton neurons under pulses as leaky ones with a filtered input: what is exact, wells, and a chiral wall."""

import json
from dataclasses import replace

import numpy as np
import pytest
from scipy import constants
from scipy.optimize import brentq

from geometries import Material
from solitons import DomainWallNeuron, load_model
from solitons.domain_walls import PeriodicPinning, wall_from_material
from solitons.exports import CannotExpressError, ExportSettings, LeakyNeuron, export_model, read_nir, write_nir
from solitons.exports.neuron_judgement import judge_neuron
from solitons.exports.nir_graph import nir_graph
from solitons.exports.pulsed_neuron import compare_pulsed, first_spikes_under, fit_pulsed_neuron

STEP = 10e-12


@pytest.fixture(scope="module")
def late():
    """It leaks, and its input follows after 0.4 ns; the current that excites it is negative."""
    return LeakyNeuron(
        tau=3e-9, r=-6e-19, v_leak=-20e-9, v_threshold=160e-9, drive=(4e11, 1e12), stopped=False, tau_syn=0.4e-9
    )


def test_without_a_filter_it_fires_as_in_closed_form(late):
    prompt = replace(late, tau_syn=0.0)
    current = -np.array([[8e11, 6e11, 9e11], [9e11, 9e11, 9e11], [3e11, 1e11, 3e11]])
    exact = prompt.first_spikes(np.zeros(3), np.arange(3), current, 1e-9)
    np.testing.assert_allclose(first_spikes_under(prompt, np.repeat(current, 100, axis=1)), exact, atol=STEP)
    assert np.isinf(exact[2])


def test_a_filtered_step_comes_late_by_its_time_constant(late):
    """Without a leak v = r J / tau (t - tau_syn (1 - exp(-t / tau_syn))) after a step of the current."""
    free = replace(late, tau=1.0, r=-6e-19 / 3e-9, v_leak=0.0)
    speed = 6e-19 / 3e-9 * 9e11 / 160e-9
    exact = brentq(lambda t: speed * (t - 0.4e-9 * -np.expm1(-t / 0.4e-9)) - 1, 0, 1e-8, xtol=1e-16)
    # Its steps take the filtered current as straight.
    off = (STEP / 0.4e-9) ** 2 / 12 * exact
    assert first_spikes_under(free, np.full((1, 400), -9e11))[0] == pytest.approx(exact, abs=off)
    with pytest.raises(ValueError, match=r"tau_syn = 4e-10 s has no closed form"):
        free.spikes(np.full((1, 4), -9e11), 1e-9)
    with pytest.raises(ValueError, match=r"tau_syn = -1e-10 s must not be below 0"):
        replace(free, tau_syn=-1e-10)


def test_the_nodes_of_the_graph_fire_when_it_does(late, tmp_path):
    """By NIR's equations for a CubaLIF, in short steps, as any reader sees them; its time is 1e5 times as long."""
    nir = pytest.importorskip("nir")
    path = write_nir(nir_graph(late, accept=("stop",), time_factor=1e5), tmp_path / "late.nir")
    drive, cell = (nir.read(path).nodes[name] for name in ("drive", "neuron"))
    assert type(cell).__name__ == "CubaLIF"
    pulses = np.tile(np.where(np.arange(80) < 35, -1e12, 0.0), 10)
    dt, v, fires = STEP * 1e5 / 20, 0.0, None
    # The leak, which is the Affine's bias, has been there for long.
    i = float(drive.bias[0] * cell.w_in[0])
    for step, density in enumerate(np.repeat(pulses, 20)):
        i += dt / cell.tau_syn[0] * (cell.w_in[0] * (drive.weight[0, 0] * density + drive.bias[0]) - i)
        v += dt / cell.tau_mem[0] * (cell.v_leak[0] - v + cell.r[0] * i)
        if v > cell.v_threshold[0]:
            fires = (step + 1) * dt / 1e5
            break
    assert first_spikes_under(late, pulses[None])[0] == pytest.approx(fires, abs=STEP)
    back = read_nir(path)
    for name in ("tau", "tau_syn", "r", "v_leak", "v_threshold"):
        assert getattr(back, name) == pytest.approx(getattr(late, name), rel=1e-12)


@pytest.mark.slow
def test_a_rigid_wall_needs_no_filter_and_is_exported_with_its_timing(neuron, tmp_path):
    """It moves with the current (beta = alpha): an integrator of charge, to the 5 ps of a step of the soliton."""
    nir = pytest.importorskip("nir")
    settings = ExportSettings(drive=(6e11, 1.2e12), period=1e-9, width=0.4e-9, accept=("stop",))
    (path,) = export_model(neuron, "nir", tmp_path, "wall", settings)
    graph = nir.read(path)
    assert type(graph.nodes["neuron"]).__name__ == "LIF"
    notes = graph.metadata["notes"]
    found = json.loads(notes.decode() if isinstance(notes, bytes) else notes)
    assert found["verdict"] == "trusted"
    assert found["mean_error_of_first_spikes_in_equal_pulses"] < 0.01
    assert found["share_in_the_same_pulse"] > 0.95
    deaf = replace(neuron, refractory=3e-9)
    with pytest.raises(CannotExpressError, match=r"no refractory time, here 3e-09 s"):
        export_model(deaf, "nir", tmp_path, "deaf", settings)
    with pytest.raises(ValueError, match=r"no width of pulses is known; give one \(--width\)"):
        export_model(neuron, "nir", tmp_path, "wall", replace(settings, width=None))


@pytest.mark.slow
def test_a_wall_in_wells_fires_in_the_same_pulse():
    """One well a pulse, whatever its amplitude: an integrator of charge counts to four as long as 4 / 3 > 1.1 / 0.9."""
    film = Material(name="film", Ms=6e5, A=12e-12, Ku=5e5, D=5e-4, alpha=0.3, spin_hall_angle=0.3)
    wells = PeriodicPinning(strength=5e4, period=40e-9, site=50e-9)
    wall = wall_from_material(
        film, polarity=-1, thickness=2e-9, stripe_width=88e-9, torques=("spin-orbit",), pinning=wells
    )
    neuron = DomainWallNeuron(wall=wall, start=50e-9, threshold=190e-9)
    fit = fit_pulsed_neuron(neuron, (0.9e12, 1.1e12), width=0.3e-9, period=1e-9)
    assert (np.ceil(fit.soliton[::2] / 1e-9) == 4).all()
    assert fit.mean_error < 0.02
    comparison, same = compare_pulsed(neuron, fit, seed=3)
    assert same > 0.98
    assert judge_neuron(comparison).verdict == "trusted"
    # Pulses above 1.1e12 A/m2 take it over two wells, which no integrator of charge knows.
    wide = fit_pulsed_neuron(neuron, (0.7e12, 1.3e12), width=0.3e-9, period=1e-9)
    assert wide.mean_error > 0.02


@pytest.mark.slow
def test_a_chiral_wall_with_a_leak_needs_the_filter():
    """The shipped wall of dw-neuron: its angle turns before it moves, and turns back after the pulse."""
    wall = replace(load_model("wall").wall, provenance=None)
    leak = 1e-3 / constants.mu_0
    neuron = DomainWallNeuron(wall=wall, start=44e-9, threshold=220e-9, leak_field=leak)
    fit = fit_pulsed_neuron(neuron, (0.15e12, 0.3e12), width=0.4e-9, period=0.8e-9)
    assert 0.2e-9 < fit.neuron.tau_syn < 0.8e-9
    assert fit.mean_error < 0.02
