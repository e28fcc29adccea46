from .along_track import TrackEnds, UniformForce, force_of_anisotropy_gradient
from .bends import Bends, bends_of
from .escape import escape_rate, pinned_retention_time
from .examples import example_row, example_skyrmion
from .expulsion import Expulsion, balanced_currents, expulsion_of
from .fit import ThieleFit, fit_thiele
from .fitted_devices import devices_of, neuron_of, synapse_of
from .fitted_number import FittedNumber
from .forces import AbstractForce, EdgeForce, ForceSum, LandscapeForce, NoForce, PairForce, PinningSites
from .junction import SkyrmionJunction, skyrmion_junction
from .landscape import Landscape, landscape_of
from .near_edge import edge_force_from, measured_forces, near_edge_from, outline_near_edge
from .pair_force import pair_force_from
from .register import Register, ShiftErrors, free_shift_error, shift_error_map, shift_errors, shift_pulse
from .retention import edge_stiffness, level_error, retention_time, variance_along
from .row_levels import RowLevels, level_pulse, level_train
from .row_state import RowState
from .shifting import ShiftPulse
from .simulation import follow_skyrmions, follow_tracks
from .skyrmion_neuron import SkyrmionNeuron, SkyrmionNeuronState
from .skyrmion_size import skyrmion_size
from .skyrmion_synapse import SkyrmionSynapse
from .texture_tensors import TextureTensors, texture_tensors
from .thiele import LocalTexture, NearEdge, ThieleDynamics, thiele_from_texture
from .trajectory import SkyrmionTrajectory, trajectories_from, trajectory_from

__all__ = [
    "AbstractForce",
    "Bends",
    "EdgeForce",
    "Expulsion",
    "FittedNumber",
    "ForceSum",
    "Landscape",
    "LandscapeForce",
    "LocalTexture",
    "NearEdge",
    "NoForce",
    "PairForce",
    "PinningSites",
    "Register",
    "RowLevels",
    "RowState",
    "ShiftErrors",
    "ShiftPulse",
    "SkyrmionJunction",
    "SkyrmionNeuron",
    "SkyrmionNeuronState",
    "SkyrmionSynapse",
    "SkyrmionTrajectory",
    "TextureTensors",
    "ThieleDynamics",
    "ThieleFit",
    "TrackEnds",
    "UniformForce",
    "balanced_currents",
    "bends_of",
    "devices_of",
    "edge_force_from",
    "edge_stiffness",
    "escape_rate",
    "example_row",
    "example_skyrmion",
    "expulsion_of",
    "fit_thiele",
    "follow_skyrmions",
    "follow_tracks",
    "force_of_anisotropy_gradient",
    "free_shift_error",
    "landscape_of",
    "level_error",
    "level_pulse",
    "level_train",
    "measured_forces",
    "near_edge_from",
    "neuron_of",
    "outline_near_edge",
    "pair_force_from",
    "pinned_retention_time",
    "retention_time",
    "shift_error_map",
    "shift_errors",
    "shift_pulse",
    "skyrmion_junction",
    "skyrmion_size",
    "synapse_of",
    "texture_tensors",
    "thiele_from_texture",
    "trajectories_from",
    "trajectory_from",
    "variance_along",
]
