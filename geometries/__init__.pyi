from .anisotropy import AnisotropyGradient, Grains
from .demagnetisation import demagnetising_factors
from .description import Description
from .device import AbstractDevice
from .devices import device_class
from .domain_walls.device import Stripe
from .domain_walls.lanes import Lanes
from .domain_walls.pinning import PinnedEnds
from .domain_walls.readout import ReadoutWindow
from .domain_walls.walls import Wall
from .junctions.barrier import Barrier
from .junctions.device import Pillar
from .junctions.vortex import Vortex
from .magnet_logic.device import MagnetArray
from .magnet_logic.magnets import Magnet
from .materials import Material, get_material
from .outlines.notches import Notch, PeriodicNotches
from .outlines.roughness import EdgeRoughness
from .outlines.taper import Taper
from .parts import Part
from .regions import Region
from .skyrmions.device import SkyrmionTrack
from .spin_ice.device import SpinIce
from .spin_waves.absorbing_ends import AbsorbingEnds
from .spin_waves.device import Waveguide
from .terminals import HeavyMetal, InPlaneCurrent, ThroughPlane, VoltageGate
from .wires import StripLine

__all__ = [
    "AbsorbingEnds",
    "AbstractDevice",
    "AnisotropyGradient",
    "Barrier",
    "Description",
    "EdgeRoughness",
    "Grains",
    "HeavyMetal",
    "InPlaneCurrent",
    "Lanes",
    "Magnet",
    "MagnetArray",
    "Material",
    "Notch",
    "Part",
    "PeriodicNotches",
    "Pillar",
    "PinnedEnds",
    "ReadoutWindow",
    "Region",
    "SkyrmionTrack",
    "SpinIce",
    "StripLine",
    "Stripe",
    "Taper",
    "ThroughPlane",
    "VoltageGate",
    "Vortex",
    "Wall",
    "Waveguide",
    "demagnetising_factors",
    "device_class",
    "get_material",
]
