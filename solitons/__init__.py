"""Solitons that compute: reduced-order walls, synapses, neurons, fits and networks.

`fit_wall` turns what micromagnetics showed into a `WallDynamics` with a held-out
error; `DomainWallSynapse` and `DomainWallNeuron` wrap it; `run_campaign` (in
`solitons.workflow`, or the `solitons` command) walks the whole way.
"""

from solitons.crossbar import Crossbar, first_to_fire, program_crossbar
from solitons.digits import DigitsResult, read_digits
from solitons.fit import FittedParameter, WallFit, fit_wall, levels
from solitons.junction import Junction, junction_over
from solitons.neuron import AbstractNeuron, DomainWallNeuron, NeuronState, trace
from solitons.pinning import (
    AbstractPinning,
    EndConfinement,
    HarmonicPinning,
    NoPinning,
    PeriodicPinning,
    PinningSum,
    SplinePinning,
    UniformPush,
)
from solitons.programming import ProgrammingPulse, Written, apply_pulse, write_conductances
from solitons.provenance import FittedRange, OutsideFittedRange, Provenance
from solitons.saving import load_model, save_model
from solitons.simulation import WallPath, simulate, simulate_adaptive, simulate_many
from solitons.synapse import AbstractSynapse, DomainWallSynapse, LinearSynapse, WallState
from solitons.trajectory import Trajectory, trajectory_from
from solitons.wall_dynamics import WallDynamics, wall_from_material

__all__ = [
    "AbstractNeuron",
    "AbstractPinning",
    "AbstractSynapse",
    "Crossbar",
    "DigitsResult",
    "DomainWallNeuron",
    "DomainWallSynapse",
    "EndConfinement",
    "FittedParameter",
    "FittedRange",
    "HarmonicPinning",
    "Junction",
    "LinearSynapse",
    "NeuronState",
    "NoPinning",
    "OutsideFittedRange",
    "PeriodicPinning",
    "PinningSum",
    "ProgrammingPulse",
    "Provenance",
    "SplinePinning",
    "Trajectory",
    "UniformPush",
    "WallDynamics",
    "WallFit",
    "WallPath",
    "WallState",
    "Written",
    "apply_pulse",
    "first_to_fire",
    "fit_wall",
    "junction_over",
    "levels",
    "load_model",
    "program_crossbar",
    "read_digits",
    "save_model",
    "simulate",
    "simulate_adaptive",
    "simulate_many",
    "trace",
    "trajectory_from",
    "wall_from_material",
    "write_conductances",
]
