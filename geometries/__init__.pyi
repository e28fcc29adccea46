from .anisotropy import AnisotropyGradient, Grains
from .demagnetisation import demagnetising_factors
from .description import Description, PositiveLength
from .device import AbstractDevice
from .devices import Device, device_class
from .domain_walls.device import Stripe
from .domain_walls.lanes import Lanes
from .domain_walls.pinning import PinnedEnds
from .domain_walls.readout import ReadoutWindow
from .domain_walls.walls import Wall
from .junctions.barrier import Barrier
from .junctions.device import Pillar
from .magnet_logic.device import MagnetArray
from .magnet_logic.magnets import Magnet
from .materials import Material, MaterialField, get_material, library
from .outlines.notches import Notch, PeriodicNotches
from .outlines.roughness import EdgeRoughness
from .outlines.taper import Taper
from .parts import Part, PlacedPart
from .plugins import PluginError
from .quantities import format_quantity, parse_quantity
from .regions import Region
from .skyrmions.device import SkyrmionTrack
from .skyrmions.paths import ChamberPath, CurvedPath, ForkedPath, StraightPath
from .skyrmions.skyrmions import PackedSkyrmions, Skyrmion, SkyrmionTrain
from .spin_ice.device import Bridge, SpinIce
from .spin_ice.disorder import Disorder, MissingIslands
from .spin_ice.island_table import IslandTable, TabulatedIsland, read_island_table
from .spin_ice.islands import Island, IslandOfKind
from .spin_ice.lattices import BrickworkLattice, KagomeLattice, PinwheelLattice, SquareLattice, TridentLattice
from .spin_ice.ports import Port, SiteRule
from .spin_ice.spin_states import GivenSpins, RandomSpins, SaturatedSpins
from .terminals import AnyTerminal, HeavyMetal, InPlaneCurrent, StripLine, ThroughPlane, VoltageGate

__all__ = [
    "AbstractDevice",
    "AnisotropyGradient",
    "AnyTerminal",
    "Barrier",
    "BrickworkLattice",
    "Bridge",
    "ChamberPath",
    "CurvedPath",
    "Description",
    "Device",
    "Disorder",
    "EdgeRoughness",
    "ForkedPath",
    "GivenSpins",
    "Grains",
    "HeavyMetal",
    "InPlaneCurrent",
    "Island",
    "IslandOfKind",
    "IslandTable",
    "KagomeLattice",
    "Lanes",
    "Magnet",
    "MagnetArray",
    "Material",
    "MaterialField",
    "MissingIslands",
    "Notch",
    "PackedSkyrmions",
    "Part",
    "PeriodicNotches",
    "Pillar",
    "PinnedEnds",
    "PinwheelLattice",
    "PlacedPart",
    "PluginError",
    "Port",
    "PositiveLength",
    "RandomSpins",
    "ReadoutWindow",
    "Region",
    "SaturatedSpins",
    "SiteRule",
    "Skyrmion",
    "SkyrmionTrack",
    "SkyrmionTrain",
    "SpinIce",
    "SquareLattice",
    "StraightPath",
    "StripLine",
    "Stripe",
    "TabulatedIsland",
    "Taper",
    "ThroughPlane",
    "TridentLattice",
    "VoltageGate",
    "Wall",
    "demagnetising_factors",
    "device_class",
    "format_quantity",
    "get_material",
    "library",
    "parse_quantity",
    "read_island_table",
]
