from .paths import ChamberPath, CurvedPath, ForkedPath, StraightPath
from .skyrmions import PackedSkyrmions, Skyrmion, SkyrmionTrain

__all__ = ["ChamberPath", "CurvedPath", "ForkedPath", "PackedSkyrmions", "Skyrmion", "SkyrmionTrain", "StraightPath"]
