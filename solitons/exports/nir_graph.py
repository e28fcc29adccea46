r"""Neurons as NIR, the Neuromorphic Intermediate Representation: graphs in continuous time that many simulators read.

NIR's leaky neuron is :math:`\tau \dot v = v_{leak} - v + R I`, which fires above v_threshold and is then at v_reset.
Readers use less of it: snnTorch 1.0 takes steps of 1e-4 s, refuses a v_leak, and resets to 0; Norse 1.1 leaves
out R and v_reset. So the graph is written in the one form that all of them read alike, potential over threshold:

    Input (A/m2) -> Affine (r / v_threshold, v_leak / v_threshold) -> LIF (tau, R = 1, 0, 1, 0) -> Output

A neuron under pulses whose input follows late (`solitons.exports.pulsed_neuron`) has a CubaLIF in the place of the LIF,
with tau_syn and w_in = 1. The leak is then the Affine's bias. Times are the device's by a factor, which is in the
metadata: with 1e5, a nanosecond of the device is snnTorch's step.

J. E. Pedersen et al., Nature Communications 15, 8122 (2024), and the source of `nir` 1.0.8.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from geometries.plain_files import LARGEST_TABLE, parse_json, read_bytes
from runs.whole_files import write_whole_by
from solitons.exports.leaky_neuron import LeakyNeuron
from solitons.exports.losses import neuron_losses, refuse_losses

__all__ = ["NIR_FORMAT", "nir_graph", "read_nir", "write_nir"]

NIR_FORMAT = "soliton-workbench neuron 1"


def nir_graph(
    neuron: LeakyNeuron,
    *,
    weights: npt.ArrayLike | None = None,
    time_factor: float = 1.0,
    temperature: float = 0.0,
    accept: Collection[str] = (),
    notes: Mapping[str, Any] | None = None,
) -> Any:
    """Make a NIR graph of a leaky neuron, or of a layer of them.

    `weights` (outputs, inputs) are the current density in A/m2 at a neuron for each unit of an input; without them it
    is a single neuron whose input is in A/m2. `time_factor` is seconds of the graph for each second of the device,
    `temperature` (K) the soliton's. `accept` names what may be lost: "refractory", "stop", "heat"; `notes`, such as the
    residual, are kept in the metadata as JSON.
    """
    nir = _nir()
    lost = refuse_losses("NIR", neuron_losses(neuron, temperature), accept)
    if not 0 < time_factor < np.inf:
        raise ValueError(f"nir_graph: time_factor = {time_factor} must be above 0")
    matrix = np.ones((1, 1)) if weights is None else np.asarray(weights, dtype=np.float64)
    if matrix.ndim != 2 or not np.isfinite(matrix).all():
        raise ValueError(f"nir_graph: weights of shape {matrix.shape} must be finite numbers, (outputs, inputs)")
    outputs, inputs = matrix.shape
    span = neuron.v_threshold - neuron.v_reset
    ones, none = np.ones(outputs), np.zeros(outputs)
    tau = np.full(outputs, neuron.tau * time_factor)
    alike = {"r": ones, "v_leak": none, "v_threshold": ones, "v_reset": none}
    if neuron.tau_syn:
        late = np.full(outputs, neuron.tau_syn * time_factor)
        cell = nir.CubaLIF(tau_syn=late, tau_mem=tau, w_in=ones, **alike)
    else:
        cell = nir.LIF(tau=tau, **alike)
    metadata = {
        "format": NIR_FORMAT,
        "neuron": json.dumps(
            {
                "tau_s": neuron.tau,
                "tau_syn_s": neuron.tau_syn,
                "r_m_per_A_m2": neuron.r,
                "v_leak_m": neuron.v_leak,
                "v_threshold_m": neuron.v_threshold,
                "v_reset_m": neuron.v_reset,
                "drive_A_m2": list(neuron.drive),
                "refractory_s": neuron.refractory,
                "stopped": neuron.stopped,
            }
        ),
        "time_factor": float(time_factor),
        "units": f"input {'A/m2' if weights is None else 'as the weights have it'}, potential 1 at the threshold, time "
        f"{time_factor:g} s for each second of the device",
        "lost": json.dumps([loss.sentence for loss in lost]),
        "notes": json.dumps(dict(notes or {})),
    }
    return nir.NIRGraph(
        nodes={
            "input": nir.Input(input_type={"input": np.array([inputs])}),
            "drive": nir.Affine(
                weight=matrix * neuron.r / span, bias=np.full(outputs, (neuron.v_leak - neuron.v_reset) / span)
            ),
            "neuron": cell,
            "output": nir.Output(output_type={"output": np.array([outputs])}),
        },
        edges=[("input", "drive"), ("drive", "neuron"), ("neuron", "output")],
        metadata=metadata,
    )


def write_nir(graph: Any, path: str | Path) -> Path:
    """Write a graph by the package `nir`, whole or not at all.

    Examples
    --------
    >>> import tempfile
    >>> neuron = LeakyNeuron(tau=1e-8, r=2e-19, v_leak=0.0, v_threshold=1e-7)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     print(write_nir(nir_graph(neuron, accept=("stop",)), Path(folder, "mine.nir")).name)
    mine.nir
    """
    target = Path(path)
    write_whole_by(target, lambda unfinished: _nir().write(unfinished, graph))
    return target


def read_nir(path: str | Path) -> LeakyNeuron:
    """Read a single neuron back: from the nodes of the graph, as any other reader of NIR sees it.

    Raises
    ------
    ValueError
        If it is not a graph that `nir_graph` made for one neuron.

    Examples
    --------
    >>> import tempfile
    >>> neuron = LeakyNeuron(tau=1e-8, r=2e-19, v_leak=0.0, v_threshold=1e-7)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     graph = nir_graph(neuron, accept=("stop",), time_factor=1e5)
    ...     again = read_nir(write_nir(graph, Path(folder, "mine.nir")))
    >>> round(again.tau * 1e9, 6), again.v_threshold  # ns of the device and m
    (10.0, 1e-07)
    """
    # The package opens by name, and would wait for a pipe.
    read_bytes(path, LARGEST_TABLE)
    graph = _nir().read(Path(path))
    metadata = getattr(graph, "metadata", {})
    if _text(metadata.get("format", "")) != NIR_FORMAT:
        raise ValueError(f"{path}: its metadata do not say {NIR_FORMAT!r}, so that its units are not known")
    said = parse_json(_text(metadata["neuron"]), finite=False)
    factor = float(metadata["time_factor"])
    drive, cell = graph.nodes["drive"], graph.nodes["neuron"]
    if drive.weight.shape != (1, 1):
        raise ValueError(f"{path}: it has {drive.weight.shape[0]} neurons; read layers by the package nir")
    span = said["v_threshold_m"] - said["v_reset_m"]
    scale = span / float(cell.v_threshold[0] - cell.v_reset[0])
    late = hasattr(cell, "tau_syn")
    return LeakyNeuron(
        tau=float((cell.tau_mem if late else cell.tau)[0]) / factor,
        tau_syn=float(cell.tau_syn[0]) / factor if late else 0.0,
        r=float(drive.weight[0, 0] * cell.r[0] * (cell.w_in[0] if late else 1.0)) * scale,
        v_leak=float(drive.bias[0] + cell.v_leak[0]) * scale + said["v_reset_m"],
        v_threshold=said["v_threshold_m"],
        v_reset=said["v_reset_m"],
        drive=tuple(said["drive_A_m2"]),
        stopped=False,
    )


def _text(value: Any) -> str:
    return value.decode("utf-8") if isinstance(value, bytes) else str(value)


def _nir() -> Any:
    if find_spec("nir") is None:
        raise ModuleNotFoundError(
            "the package nir is not installed, without which NIR is neither written nor read; say pip install nir"
        )
    import nir

    return nir
