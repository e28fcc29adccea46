from .anisotropy import AnisotropyGradient, Grains
from .device import SkyrmionTrack
from .paths import ChamberPath, CurvedPath, ForkedPath, StraightPath
from .profiles import PlacedTexture, superpose
from .skyrmions import PackedSkyrmions, Skyrmion, SkyrmionTrain

__all__ = [
    "AnisotropyGradient",
    "ChamberPath",
    "CurvedPath",
    "ForkedPath",
    "Grains",
    "PackedSkyrmions",
    "PlacedTexture",
    "Skyrmion",
    "SkyrmionTrack",
    "SkyrmionTrain",
    "StraightPath",
    "superpose",
]
