from .networks.crossbar import Crossbar, first_to_fire, program_crossbar
from .networks.digits import DigitsResult, read_digits
from .provenance import FittedRange, OutsideFittedRange, Provenance
from .saving import load_model, save_model
from .walls.fit import FittedParameter, WallFit, fit_wall, levels
from .walls.junction import Junction, junction_over
from .walls.neuron import AbstractNeuron, DomainWallNeuron, NeuronState, trace
from .walls.pinning import (
    AbstractPinning,
    EndConfinement,
    HarmonicPinning,
    NoPinning,
    PeriodicPinning,
    PinningSum,
    SplinePinning,
    UniformPush,
)
from .walls.programming import ProgrammingPulse, Written, apply_pulse, write_conductances
from .walls.simulation import WallPath, simulate, simulate_adaptive, simulate_many
from .walls.synapse import AbstractSynapse, DomainWallSynapse, LinearSynapse, WallState
from .walls.trajectory import Trajectory, trajectory_from
from .walls.wall_dynamics import WallDynamics, wall_from_material

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
