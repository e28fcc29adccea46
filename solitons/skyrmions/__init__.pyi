from .expulsion import Expulsion, balanced_currents, expulsion_of
from .fit import FittedNumber, ThieleFit, fit_thiele
from .forces import AbstractForce, EdgeForce, ForceSum, LandscapeForce, NoForce, PairForce, PinningSites
from .landscape import Landscape, landscape_of
from .near_edge import edge_force_from, measured_forces, near_edge_from, outline_near_edge
from .pair_force import pair_force_from
from .simulation import follow_skyrmions, follow_tracks
from .skyrmion_size import skyrmion_size
from .texture_tensors import TextureTensors, texture_tensors
from .thiele import LocalTexture, NearEdge, ThieleDynamics, thiele_from_texture
from .trajectory import SkyrmionTrajectory, trajectories_from, trajectory_from

__all__ = [
    "AbstractForce",
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
    "SkyrmionTrajectory",
    "TextureTensors",
    "ThieleDynamics",
    "ThieleFit",
    "balanced_currents",
    "edge_force_from",
    "expulsion_of",
    "fit_thiele",
    "follow_skyrmions",
    "follow_tracks",
    "landscape_of",
    "measured_forces",
    "near_edge_from",
    "outline_near_edge",
    "pair_force_from",
    "skyrmion_size",
    "texture_tensors",
    "thiele_from_texture",
    "trajectories_from",
    "trajectory_from",
]
