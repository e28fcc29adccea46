"""What a Verilog-A module says without its compiler: losses, times, and where it comes from."""

from dataclasses import replace

import numpy as np
import pytest
from rows import rows

from solitons.devices import TabulatedSynapse
from solitons.exports import LeakyNeuron
from solitons.exports.exporting import ExportSettings, export_model
from solitons.exports.losses import CannotExpressError
from solitons.exports.verilog_a import verilog_a_module
from solitons.exports.verilog_a_neuron import verilog_a_neuron

SYNAPSE = TabulatedSynapse(lowest=1e-6, highest=5e-6, up=[4e-7, 4e-7], down=[-3e-7, -3e-7])


def test_what_is_lost_is_refused_by_name():
    noisy = TabulatedSynapse(lowest=1e-6, highest=5e-6, up=[4e-7] * 2, down=[-3e-7] * 2, cycle_up=1e-8, gain=0.1)
    with pytest.raises(CannotExpressError, match="--accept device_spread --accept cycle_spread"):
        verilog_a_module(noisy, width=1e-9)
    text = verilog_a_module(noisy, width=1e-9, accept=("device_spread", "cycle_spread"))
    assert "// Lost: Its devices are alike" in text
    assert "// Lost: Its pulses are all alike; here they differ by up to 1e-08 S." in text


@rows("width", [0.0, -1e-9, float("inf"), float("nan")])
def test_a_pulse_without_a_width_is_refused(width):
    with pytest.raises(ValueError, match=r"width = .* must be a finite number above 0"):
        verilog_a_module(SYNAPSE, width=width)


def test_it_is_a_target(tmp_path):
    with pytest.raises(ValueError, match=r"width is not known; give it \(--width\)"):
        export_model(SYNAPSE, "veriloga", tmp_path, "mine")
    assert not list(tmp_path.iterdir())
    (path,) = export_model(SYNAPSE, "veriloga", tmp_path, "mine", ExportSettings(width=3e-9))
    assert path.name == "mine.va"
    assert "parameter real width = 3e-09" in path.read_text()


NEURON = LeakyNeuron(tau=4e-9, r=-6e-19, v_leak=-2e-8, v_threshold=1.6e-7, refractory=1e-9, drive=(4e11, 1e12))


def test_a_neuron_has_its_constants_and_what_is_lost_is_refused():
    text = verilog_a_neuron(NEURON)
    assert "parameter real density_per_volt = -1000000000000.0;" in text
    assert "parameter real tau = 4e-09" in text
    assert "Lost" not in text
    fall = float(text.split("parameter real fall = ")[1].split()[0])
    assert 0.98e-9 < fall < 1e-9
    with pytest.raises(CannotExpressError, match="--accept heat"):
        verilog_a_neuron(NEURON, temperature=300.0)
    sudden = replace(NEURON, refractory=0.0)
    with pytest.raises(CannotExpressError, match="--accept spike_time"):
        verilog_a_neuron(sudden)
    assert "// Lost: A spike takes" in verilog_a_neuron(sudden, accept=("spike_time",))
    with pytest.raises(CannotExpressError, match="--accept stop"):
        verilog_a_neuron(replace(NEURON, stopped=False))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"drive": (0.0, np.inf)}, "has no strongest current density"),
        ({"drive": (1e10, 1e11)}, "does not fire at 1e\\+11"),
    ],
)
def test_a_neuron_that_cannot_be_scaled_is_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        verilog_a_neuron(replace(NEURON, **changes))
