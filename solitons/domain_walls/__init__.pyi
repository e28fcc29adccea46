from .choice import choose_wall
from .fit import WallFit, fit_wall
from .fitted_devices import devices_of, neuron_of, synapse_of
from .heat import follow_hot_walls
from .junction import junction_over
from .landscape import holding_specs, landscape_of
from .neuron import DomainWallNeuron
from .pair_fit import fit_wall_pair
from .pair_problem import PairRun
from .pinning import EndConfinement, HarmonicPinning, PeriodicPinning, PinningSum
from .simulation import follow_wall, follow_walls
from .synapse import DomainWallSynapse
from .trajectory import Trajectory, trajectory_from
from .wall_dynamics import WallDynamics, wall_from_material
from .wall_pair import follow_wall_pair

__all__ = [
    "DomainWallNeuron",
    "DomainWallSynapse",
    "EndConfinement",
    "HarmonicPinning",
    "PairRun",
    "PeriodicPinning",
    "PinningSum",
    "Trajectory",
    "WallDynamics",
    "WallFit",
    "choose_wall",
    "devices_of",
    "fit_wall",
    "fit_wall_pair",
    "follow_hot_walls",
    "follow_wall",
    "follow_wall_pair",
    "follow_walls",
    "holding_specs",
    "junction_over",
    "landscape_of",
    "neuron_of",
    "synapse_of",
    "trajectory_from",
    "wall_from_material",
]
