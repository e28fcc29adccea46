from .escape import escape_rate, pinned_places
from .expulsion import expulsion_of
from .fit import fit_thiele
from .fitted_devices import devices_of, neuron_of, synapse_of
from .forces import EdgeForce, ForceSum, PairForce, PinningSites
from .near_edge import outline_near_edge
from .register import Register, shift_error_map, shift_errors, shift_pulse
from .retention import retention_time
from .row_levels import level_pulse, level_train
from .simulation import follow_skyrmions, follow_tracks
from .skyrmion_neuron import SkyrmionNeuron
from .skyrmion_synapse import SkyrmionSynapse
from .thiele import ThieleDynamics
from .trajectory import trajectory_from

__all__ = [
    "EdgeForce",
    "ForceSum",
    "PairForce",
    "PinningSites",
    "Register",
    "SkyrmionNeuron",
    "SkyrmionSynapse",
    "ThieleDynamics",
    "devices_of",
    "escape_rate",
    "expulsion_of",
    "fit_thiele",
    "follow_skyrmions",
    "follow_tracks",
    "level_pulse",
    "level_train",
    "neuron_of",
    "outline_near_edge",
    "pinned_places",
    "retention_time",
    "shift_error_map",
    "shift_errors",
    "shift_pulse",
    "synapse_of",
    "trajectory_from",
]
