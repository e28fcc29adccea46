from .fit import FittedParameter, WallFit, fit_wall, levels
from .fitted_devices import neuron_of, synapse_of
from .junction import Junction, JunctionReadOut, junction_over
from .neuron import AbstractNeuron, DomainWallNeuron, NeuronState, trace
from .pinning import (
    AbstractPinning,
    EndConfinement,
    HarmonicPinning,
    NoPinning,
    PeriodicPinning,
    PinningSum,
    SplinePinning,
    UniformPush,
)
from .programming import ProgrammingPulse, Written, apply_pulse, write_conductances
from .simulation import WallPath, follow_wall, follow_wall_adaptively, follow_walls
from .synapse import AbstractSynapse, DomainWallSynapse, LinearSynapse, WallState
from .trajectory import Trajectory, trajectory_from
from .wall_dynamics import WallDynamics, wall_from_material

__all__ = [
    "AbstractNeuron",
    "AbstractPinning",
    "AbstractSynapse",
    "DomainWallNeuron",
    "DomainWallSynapse",
    "EndConfinement",
    "FittedParameter",
    "HarmonicPinning",
    "Junction",
    "JunctionReadOut",
    "LinearSynapse",
    "NeuronState",
    "NoPinning",
    "PeriodicPinning",
    "PinningSum",
    "ProgrammingPulse",
    "SplinePinning",
    "Trajectory",
    "UniformPush",
    "WallDynamics",
    "WallFit",
    "WallPath",
    "WallState",
    "Written",
    "apply_pulse",
    "fit_wall",
    "follow_wall",
    "follow_wall_adaptively",
    "follow_walls",
    "junction_over",
    "levels",
    "neuron_of",
    "synapse_of",
    "trace",
    "trajectory_from",
    "wall_from_material",
    "write_conductances",
]
