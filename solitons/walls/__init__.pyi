from .choice import Choice, Compared, choose_wall
from .depinning import depinning_current
from .fit import FittedParameter, WallFit, fit_wall
from .fitted_devices import neuron_of, synapse_of
from .heat import follow_hot_walls
from .junction import Junction, JunctionReadOut, junction_over
from .landscape import Landscape, Site, holding_specs, landscape_of
from .level_count import LevelCount, count_levels
from .neuron import AbstractNeuron, DomainWallNeuron, NeuronState, trace
from .pinning import (
    AbstractPinning,
    EndConfinement,
    HarmonicPinning,
    NoPinning,
    PeriodicPinning,
    PinningSum,
    SplinePinning,
    TabulatedPinning,
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
    "Choice",
    "Compared",
    "DomainWallNeuron",
    "DomainWallSynapse",
    "EndConfinement",
    "FittedParameter",
    "HarmonicPinning",
    "Junction",
    "JunctionReadOut",
    "Landscape",
    "LevelCount",
    "LinearSynapse",
    "NeuronState",
    "NoPinning",
    "PeriodicPinning",
    "PinningSum",
    "ProgrammingPulse",
    "Site",
    "SplinePinning",
    "TabulatedPinning",
    "Trajectory",
    "UniformPush",
    "WallDynamics",
    "WallFit",
    "WallPath",
    "WallState",
    "Written",
    "apply_pulse",
    "choose_wall",
    "count_levels",
    "depinning_current",
    "fit_wall",
    "follow_hot_walls",
    "follow_wall",
    "follow_wall_adaptively",
    "follow_walls",
    "holding_specs",
    "junction_over",
    "landscape_of",
    "neuron_of",
    "synapse_of",
    "trace",
    "trajectory_from",
    "wall_from_material",
    "write_conductances",
]
