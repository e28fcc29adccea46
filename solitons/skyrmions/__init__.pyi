from .forces import AbstractForce, EdgeForce, ForceSum, NoForce, PairForce, PinningSites
from .simulation import follow_skyrmions, follow_tracks
from .skyrmion_size import skyrmion_size
from .texture_tensors import TextureTensors, texture_tensors
from .thiele import NearEdge, ThieleDynamics, thiele_from_texture

__all__ = [
    "AbstractForce",
    "EdgeForce",
    "ForceSum",
    "NearEdge",
    "NoForce",
    "PairForce",
    "PinningSites",
    "TextureTensors",
    "ThieleDynamics",
    "follow_skyrmions",
    "follow_tracks",
    "skyrmion_size",
    "texture_tensors",
    "thiele_from_texture",
]
