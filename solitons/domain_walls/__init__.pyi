from .choice import Choice, Compared, choose_wall
from .depinning import depinning_current
from .domain_field import domain_push
from .fit import WallFit, fit_wall
from .fitted_devices import devices_of, neuron_of, synapse_of
from .fitted_parameter import FittedParameter
from .heat import follow_hot_walls
from .hopping import hopping_matrix, wall_drift
from .junction import junction_over
from .landscape import Landscape, Site, holding_specs, landscape_of
from .neuron import DomainWallNeuron, NeuronState
from .pair_fit import PairFit, fit_wall_pair
from .pair_problem import PairRun
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
from .simulation import WallPath, follow_wall, follow_wall_adaptively, follow_walls
from .synapse import DomainWallSynapse, WallState
from .trajectory import Trajectory, trajectory_from
from .wall_dynamics import WallDynamics, wall_from_material
from .wall_pair import PairInteraction, PairPath, follow_wall_pair, pair_interaction

__all__ = [
    "AbstractPinning",
    "Choice",
    "Compared",
    "DomainWallNeuron",
    "DomainWallSynapse",
    "EndConfinement",
    "FittedParameter",
    "HarmonicPinning",
    "Landscape",
    "NeuronState",
    "NoPinning",
    "PairFit",
    "PairInteraction",
    "PairPath",
    "PairRun",
    "PeriodicPinning",
    "PinningSum",
    "Site",
    "SplinePinning",
    "TabulatedPinning",
    "Trajectory",
    "UniformPush",
    "WallDynamics",
    "WallFit",
    "WallPath",
    "WallState",
    "choose_wall",
    "depinning_current",
    "devices_of",
    "domain_push",
    "fit_wall",
    "fit_wall_pair",
    "follow_hot_walls",
    "follow_wall",
    "follow_wall_adaptively",
    "follow_wall_pair",
    "follow_walls",
    "holding_specs",
    "hopping_matrix",
    "junction_over",
    "landscape_of",
    "neuron_of",
    "pair_interaction",
    "synapse_of",
    "trajectory_from",
    "wall_drift",
    "wall_from_material",
]
