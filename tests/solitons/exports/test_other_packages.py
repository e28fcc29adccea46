"""Every export read by the package that it is for, in another Python, and its answer compared with ours.

``make test-exports`` makes that Python (.venv-exports); packages that it lacks are skipped by name.
"""

import functools
import json
import os
import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from rows import rows

from solitons.devices import TabulatedSynapse
from solitons.exports import LeakyNeuron, write_nir
from solitons.exports.aihwkit_device import aihwkit_module
from solitons.exports.cell_modules import brian2_module, norse_module, snntorch_module
from solitons.exports.nir_graph import nir_graph
from solitons.exports.verilog_a import verilog_a_module
from solitons.exports.verilog_a_neuron import SHORTEST_SPIKE, verilog_a_neuron

ROOT = Path(__file__).parents[3]
READER = Path(__file__).with_name("reader_of_other_packages.py")
STEP, STREAMS, STEPS = 20e-12, 8, 3000
NEURON = LeakyNeuron(tau=4e-9, r=-6e-19, v_leak=-20e-9, v_threshold=160e-9, drive=(4e11, 1e12))
ACCEPTED = ("stop",)


@functools.cache
def interpreter():
    named = os.environ.get("SOLITONS_EXPORTS_PYTHON", str(ROOT / ".venv-exports" / "venv" / "bin" / "python"))
    return named if Path(named).is_file() else None


@functools.cache
def has(package):
    code = f"import importlib.metadata as m; print(m.version({package!r}))"
    return subprocess.run([interpreter(), "-c", code], capture_output=True).returncode == 0


@pytest.fixture
def ask(tmp_path):
    def answer(package, do, **request):
        if interpreter() is None:
            pytest.skip(f"{package}: there is no Python for exports; make test-exports makes one")
        if not has(package):
            pytest.skip(f"{package} is not installed in {interpreter()}")
        done = subprocess.run(
            [interpreter(), str(READER)],
            input=json.dumps({"package": package, "do": do} | request),
            capture_output=True,
            text=True,
            cwd=tmp_path,
        )
        lines = [line for line in done.stdout.splitlines() if line.startswith("ANSWER ")]
        assert lines, done.stderr
        return json.loads(lines[-1].removeprefix("ANSWER "))["answer"]

    return answer


@pytest.fixture(scope="module")
def currents():
    """One current density for each step, held for 25 steps each."""
    generator = np.random.default_rng(2)
    return -np.repeat(generator.uniform(4e11, 1e12, (STREAMS, STEPS // 25)), 25, axis=1)


def compare(found, neuron, currents, *, steps):
    """Each interval against ours from the same spike: it fires at the end of a step, and may integrate roughly."""
    expected = neuron.spikes(currents, STEP)
    assert sum(map(len, expected)) > 80
    assert abs(sum(map(len, found)) - sum(map(len, expected))) < 0.03 * sum(map(len, expected))
    start = np.concatenate([times[:-1] for times in found])
    stream = np.repeat(np.arange(len(found)), [len(times) - 1 for times in found])
    late = np.concatenate([times[1:] for times in found]) - neuron.first_spikes(start, stream, currents, STEP)
    assert np.abs(late - STEP / 2).max() < (steps - 0.5 + 0.01) * STEP
    # Half a step late in the mean.
    assert abs(late.mean() - STEP / 2) < (steps - 0.7) * STEP


def in_time(steps):
    return [(np.array(each) + 1) * STEP for each in steps]


@pytest.fixture
def graph(tmp_path):
    pytest.importorskip("nir")

    def written(**settings):
        return str(write_nir(nir_graph(NEURON, accept=ACCEPTED, **settings), tmp_path / "neuron.nir"))

    return written


def test_nir_reads_what_was_written(ask, graph):
    answer = ask("nir", "nir_nodes", path=graph(time_factor=1e5))
    assert answer["tau"] == [4e-4]
    assert answer["threshold"] == [1.0]
    assert answer["reset"] == [0.0]
    assert answer["weight"] == [[NEURON.r / NEURON.v_threshold]]
    assert answer["bias"] == [NEURON.v_leak / NEURON.v_threshold]
    assert answer["edges"] == [["input", "drive"], ["drive", "neuron"], ["neuron", "output"]]


def test_snntorch(ask, tmp_path, currents):
    path = tmp_path / "cell.py"
    path.write_text(snntorch_module(NEURON, step=STEP, accept=ACCEPTED))
    steps = ask("snntorch", "snntorch_cell", path=str(path), currents=currents.T.tolist())
    # Its leak is exact; what is left is that it fires at the end of a step.
    compare(in_time(steps), NEURON, currents, steps=1)


def test_snntorch_reads_the_graph_with_its_own_step(ask, graph, currents):
    path = graph(time_factor=1e-4 / STEP)
    steps = ask("snntorch", "snntorch_from_nir", path=path, currents=currents.T.tolist())
    compare(in_time(steps), NEURON, currents, steps=2)


def test_norse(ask, tmp_path, currents):
    path = tmp_path / "cell.py"
    path.write_text(norse_module(NEURON, step=STEP, accept=ACCEPTED))
    steps = ask("norse", "norse_cell", path=str(path), currents=currents.T.tolist())
    compare(in_time(steps), NEURON, currents, steps=2)


def test_norse_reads_the_graph(ask, graph, currents):
    steps = ask("norse", "norse_from_nir", path=graph(), dt=STEP, currents=currents.T.tolist())
    compare(in_time(steps), NEURON, currents, steps=2)


@pytest.mark.parametrize("refractory", [0.0, 0.5e-9])
def test_brian2(ask, tmp_path, currents, refractory):
    neuron = replace(NEURON, refractory=refractory)
    path = tmp_path / "group.py"
    path.write_text(brian2_module(neuron, step=STEP))
    # With pauses, in which the potential would fall far below the start.
    paused = np.where(np.arange(STEPS) % 500 < 400, currents, 0.0)
    times = ask("brian2", "brian2_group", path=str(path), currents=paused.T.tolist())
    # What is off by a step where a pause begins is off by more after it, under another current.
    compare([np.array(each) + STEP for each in times], neuron, paused, steps=4)


@pytest.fixture
def device():
    return TabulatedSynapse(
        lowest=10e-6, highest=50e-6, up=[3e-6, 2e-6, 0.5e-6], down=[-0.2e-6, -1e-6, -4e-6], cycle_up=0.1e-6,
        cycle_down=0.1e-6, gain=0.1,
    )  # fmt: skip


def test_aihwkit_without_noise(ask, tmp_path, device):
    path = tmp_path / "device.py"
    path.write_text(aihwkit_module(device, accept=("noise_of_small_steps",)))
    signs = [1] * 25 + [-1] * 30
    (found,) = ask("aihwkit", "aihwkit_pulses", path=str(path), noise=False, start=10e-6, signs=signs)
    np.testing.assert_allclose(found, device.train(10e-6, signs), rtol=2e-4)


def test_aihwkit_with_noise(ask, tmp_path, device):
    path = tmp_path / "device.py"
    path.write_text(aihwkit_module(device, accept=("noise_of_small_steps",)))
    found = np.array(
        ask("aihwkit", "aihwkit_pulses", path=str(path), noise=True, start=10e-6, signs=[1] * 5, devices=3000)
    )
    generator = np.random.default_rng(3)
    expected = device.train(np.full(3000, 10e-6), [1] * 5, generator, device.gains((3000,), generator))
    np.testing.assert_allclose(found[:, -1].mean(), expected[:, -1].mean(), rtol=0.01)
    # Its noise is a share of the step: only the spread of devices is the same.
    np.testing.assert_allclose(found[:, -1].std(), expected[:, -1].std(), rtol=0.25)


@rows(
    ("up", "down", "off"),
    [
        # Of two nodes every pulse is exact, of more only where it does not lead over one.
        ([4e-7, 4e-7], [-3e-7, -3e-7], 1e-6),
        ([8e-7, 5e-8], [-4e-8, -9e-7], 1e-6),
        ([2e-7, 3e-7, 1e-7, 5e-8], [-5e-8, -2e-7, -3e-7, -1e-7], 2e-3),
    ],
)
def test_a_compiled_verilog_a_module_goes_where_the_synapse_goes(ask, tmp_path, up, down, off):
    synapse = TabulatedSynapse(lowest=1e-6, highest=5e-6, up=up, down=down)
    path = tmp_path / "synapse.va"
    path.write_text(verilog_a_module(synapse, width=2e-9))
    signs = [1] * 7 + [-1] * 9 + [1] * 4
    found = ask("openvaf-py", "verilog_a_conductances", path=str(path), share=0.2, signs=signs, width=2e-9, steps=50)
    expected = synapse.train(1.8e-6, signs)
    assert np.abs(np.diff(expected)).min() > 0
    np.testing.assert_allclose(found["conductance"], expected, atol=off * 4e-6)
    # Without a voltage, and below the level, it stays.
    assert found["still"] == found["weak"] == 0.0


def test_a_compiled_verilog_a_module_stops_at_its_ends(ask, tmp_path):
    synapse = TabulatedSynapse(lowest=1e-6, highest=5e-6, up=[1e-6] * 2, down=[-1e-6] * 2)
    path = tmp_path / "synapse.va"
    path.write_text(verilog_a_module(synapse, width=2e-9))
    for sign, end in ((1, 5e-6), (-1, 1e-6)):
        found = ask(
            "openvaf-py", "verilog_a_conductances", path=str(path), share=0.5, signs=[sign] * 4, width=2e-9, steps=50
        )
        assert found["conductance"][-1] == pytest.approx(end, abs=0.03e-6)


SPIKING = LeakyNeuron(
    tau=4e-9, r=-6e-19, v_leak=-20e-9, v_threshold=160e-9, refractory=1e-9, drive=(4e11, 1e12)
)  # fmt: skip


@rows("neuron", [SPIKING, replace(SPIKING, refractory=0.0), replace(SPIKING, r=6e-19, v_leak=5e-9)])
def test_a_compiled_verilog_a_neuron_spikes_when_the_neuron_does(ask, tmp_path, neuron):
    path = tmp_path / "neuron.va"
    path.write_text(verilog_a_neuron(neuron, accept=("spike_time",)))
    hold = 6e-9
    # Of the strongest current; the last does not make it fire. Short spikes take many steps.
    volts = [1.0, 0.7, 0.0, -0.5, 1.0, 0.9, 0.4] if neuron.refractory else [1.0]
    sign = np.sign(neuron.r)
    spike = neuron.refractory or SHORTEST_SPIKE * float(neuron.interval(sign * 1e12))
    times = {"hold": hold, "long": 2e-12, "short": 2e-3 * spike}
    found = ask("openvaf-py", "verilog_a_spikes", path=str(path), volts=volts, **times)
    (expected,) = neuron.spikes(sign * 1e12 * np.array([volts]), hold)
    assert len(found["spikes"]) == len(expected) >= 4
    # Each spike begins late by what it takes to follow; without a refractory time it takes a two-hundredth of the
    # shortest interval besides.
    late = 0.005 * float(neuron.interval(sign * 1e12))
    late += 0.0 if neuron.refractory else SHORTEST_SPIKE * float(neuron.interval(sign * 1e12))
    late = late * np.arange(1, len(expected) + 1)
    assert np.all(np.abs(np.array(found["spikes"]) - expected) < late)
    assert found["output"] == pytest.approx([-1e-3] * len(expected))  # 1 V behind 1 kohm, into 0 V
    # Where nothing excites it the start stops it.
    still = ask("openvaf-py", "verilog_a_spikes", path=str(path), volts=[-1.0], share=0.05, **times)
    assert still["share"] == pytest.approx(0.0, abs=2e-3)
