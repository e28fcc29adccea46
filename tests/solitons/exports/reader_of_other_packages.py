"""Run by another Python, which has the packages that exports are for and nothing of this workbench.

Reads a request as JSON from standard input, does one thing with one package, and writes what that answers.
"""

import importlib.util
import json
import sys
from importlib.metadata import version


def module_of(path):
    spec = importlib.util.spec_from_file_location("exported", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def stepped(cell, drive, currents, norse=False):
    """Steps at which a cell fires, by stream, under a current density for each step (steps, streams)."""
    import numpy as np
    import torch

    fired, state = [], None
    for densities in currents:
        inputs = torch.tensor(drive(np.asarray(densities)), dtype=torch.float32)
        if norse:
            spikes, state = cell(inputs, state)
        else:
            spikes, state = cell(inputs, torch.zeros_like(inputs) if state is None else state)
        fired.append(spikes.detach().numpy() > 0)
    fired = np.array(fired)
    return [np.flatnonzero(fired[:, stream]).tolist() for stream in range(fired.shape[1])]


def nir_nodes(request):
    import nir

    graph = nir.read(request["path"])
    drive, cell = graph.nodes["drive"], graph.nodes["neuron"]
    return {
        "tau": cell.tau.tolist(),
        "threshold": cell.v_threshold.tolist(),
        "reset": cell.v_reset.tolist(),
        "weight": drive.weight.tolist(),
        "bias": drive.bias.tolist(),
        "edges": [list(edge) for edge in graph.edges],
    }


def verilog_a_conductances(request):
    """Conductances before and after pulses on the write path, by the compiled module's own residuals."""
    import openvaf_py

    (module,) = openvaf_py.compile_va(request["path"])
    known = dict.fromkeys(module.param_names, 0.0) | module.get_param_defaults() | {"mfactor": 1.0}

    def answered(share, write):
        given = known | {"V(state)": share, "V(write,ret)": write, "V(top,bottom)": 0.1}
        residuals, _ = module.run_init_eval(given)
        rows = dict(zip([node["name"] for node in module.get_dae_system()["nodes"]], residuals, strict=True))
        charge = rows["state"][1]
        assert abs(charge - share) < 1e-12, "the state is no voltage over 1 F"
        return rows["top"][0] / 0.1, -rows["state"][0]

    share, found = request["share"], [answered(request["share"], 0.0)[0]]
    steps = request["steps"]
    for sign in request["signs"]:
        for _ in range(steps):
            # Runge and Kutta's midpoint.
            dt = request["width"] / steps
            middle = share + dt / 2 * answered(share, sign)[1]
            share += dt * answered(middle, sign)[1]
        found.append(answered(share, 0.0)[0])
    return {"conductance": found, "still": answered(share, 0.0)[1], "weak": answered(share, 0.05)[1]}


def verilog_a_spikes(request):
    """Moments at which the compiled neuron begins to spike, by its own residuals, under voltages that are held."""
    import openvaf_py

    (module,) = openvaf_py.compile_va(request["path"])
    known = dict.fromkeys(module.param_names, 0.0) | module.get_param_defaults() | {"mfactor": 1.0}
    names = [node["name"] for node in module.get_dae_system()["nodes"]]

    def rates(share, spike, volts):
        given = known | {"V(state)": share, "V(spike)": spike, "V(in,ret)": volts, "V(out,ret)": 0.0}
        residuals, _ = module.run_init_eval(given)
        rows = dict(zip(names, residuals, strict=True))
        assert abs(rows["state"][1] - share) < 1e-12, "a state is no voltage over 1 F"
        return -rows["state"][0], -rows["spike"][0], rows["out"][0]

    share, spike, found, outputs, now = request.get("share", 0.0), 0.0, [], [], 0.0
    for index, volts in enumerate(request["volts"]):
        while now < (index + 1) * request["hold"] * (1 - 1e-12):
            # The spike follows faster than all else.
            quiet = spike < 1e-3 and share < 0.995
            dt = min(request["long"] if quiet else request["short"], (index + 1) * request["hold"] - now)
            first = rates(share, spike, volts)
            middle = rates(share + dt / 2 * first[0], spike + dt / 2 * first[1], volts)
            before = spike
            share, spike = share + dt * middle[0], spike + dt * middle[1]
            if before <= 0.5 < spike:
                found.append(now + dt * (0.5 - before) / (spike - before))
                outputs.append(rates(share, 1.0, volts)[2])
            now += dt
    return {"spikes": found, "output": outputs, "share": share}


def snntorch_cell(request):
    module = module_of(request["path"])
    return stepped(module.cell(), module.drive, request["currents"])


def norse_cell(request):
    module = module_of(request["path"])
    return stepped(module.cell(), module.drive, request["currents"], norse=True)


def snntorch_from_nir(request):
    """What snnTorch itself makes of the graph: steps of 1e-4 s of the graph."""
    import nir
    import numpy as np
    import torch
    from snntorch.import_nir import _nir_to_snntorch_module

    graph = nir.read(request["path"])
    affine = _nir_to_snntorch_module(graph.nodes["drive"])
    cell = _nir_to_snntorch_module(graph.nodes["neuron"])

    def drive(densities):
        return affine(torch.tensor(np.asarray(densities)[:, None], dtype=torch.float32))[:, 0].detach().numpy()

    return stepped(cell, drive, request["currents"])


def norse_from_nir(request):
    import nir
    import norse
    import numpy as np
    import torch
    from norse.torch.utils.import_nir import _import_norse_module

    del norse
    graph = nir.read(request["path"])
    affine = _import_norse_module(graph.nodes["drive"])
    cell = _import_norse_module(graph.nodes["neuron"], dt=request["dt"])

    def drive(densities):
        return affine(torch.tensor(np.asarray(densities)[:, None], dtype=torch.float32))[:, 0].detach().numpy()

    return stepped(cell, drive, request["currents"], norse=True)


def brian2_group(request):
    import brian2
    import numpy as np

    brian2.prefs.codegen.target = "numpy"
    module = module_of(request["path"])
    currents = np.asarray(request["currents"])
    J = brian2.TimedArray(currents, dt=module.STEP)
    group = module.group(currents.shape[1], "J(t, i)")
    group.namespace["J"] = J
    monitor = brian2.SpikeMonitor(group)
    network = brian2.Network(group, monitor)
    network.run(len(currents) * module.STEP)
    trains = monitor.spike_trains()
    return [np.asarray(trains[stream] / brian2.second).tolist() for stream in range(currents.shape[1])]


def aihwkit_pulses(request):
    """Conductances of devices after pulses, noise or not."""
    import numpy as np
    import torch
    from aihwkit.simulator.configs import SingleRPUConfig
    from aihwkit.simulator.configs.utils import UpdateParameters
    from aihwkit.simulator.parameters.enums import PulseType
    from aihwkit.simulator.tiles.analog import AnalogTile

    module = module_of(request["path"])
    many = request.get("devices", 1)
    update = UpdateParameters(
        desired_bl=1, update_bl_management=False, update_management=False, pulse_type=PulseType.DETERMINISTIC_IMPLICIT
    )
    tile = AnalogTile(many, 1, SingleRPUConfig(device=module.device(noise=request["noise"]), update=update))
    tile.set_learning_rate(module.DW_MIN)
    start = module.weight(request["start"])
    tile.set_weights(torch.full((many, 1), start, dtype=torch.float32))
    found = [module.conductance(tile.get_weights()[0].numpy()[:, 0].astype(float)).tolist()]
    for sign in request["signs"]:
        tile.update(-torch.ones(1, 1), sign * torch.ones(1, many))
        found.append(module.conductance(tile.get_weights()[0].numpy()[:, 0].astype(float)).tolist())
    return np.array(found).T.tolist()


if __name__ == "__main__":
    asked = json.load(sys.stdin)
    answer = globals()[asked["do"]](asked)
    print("ANSWER " + json.dumps({"answer": answer, "version": version(asked["package"])}))
