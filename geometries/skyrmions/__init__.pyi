from .device import SkyrmionTrack
from .paths import ChamberPath, CurvedPath, ForkedPath, StraightPath
from .profiles import PlacedTexture, superpose
from .skyrmions import PackedSkyrmions, Skyrmion, SkyrmionTrain

__all__ = [
    "ChamberPath",
    "CurvedPath",
    "ForkedPath",
    "PackedSkyrmions",
    "PlacedTexture",
    "Skyrmion",
    "SkyrmionTrack",
    "SkyrmionTrain",
    "StraightPath",
    "superpose",
]
