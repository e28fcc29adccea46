from .description import Description, PositiveLength
from .devices import Device
from .disorder import Disorder, MissingIslands
from .ice_lattices import BrickworkLattice, KagomeLattice, PinwheelLattice, SquareLattice, TridentLattice
from .island_table import IslandTable, TabulatedIsland, read_island_table
from .islands import Island, IslandOfKind
from .materials import Material, MaterialField, get_material, library
from .notches import Notch, PeriodicNotches
from .pinning import PinnedEnds
from .ports import Port
from .quantities import format_quantity, parse_quantity
from .readout import ReadoutWindow
from .roughness import EdgeRoughness
from .spin_ice import Bridge, SpinIce
from .spin_states import GivenSpins, RandomSpins, SaturatedSpins
from .stripe import Stripe
from .taper import Taper
from .walls import Wall

__all__ = [
    "BrickworkLattice",
    "Bridge",
    "Description",
    "Device",
    "Disorder",
    "EdgeRoughness",
    "GivenSpins",
    "Island",
    "IslandOfKind",
    "IslandTable",
    "KagomeLattice",
    "Material",
    "MaterialField",
    "MissingIslands",
    "Notch",
    "PeriodicNotches",
    "PinnedEnds",
    "PinwheelLattice",
    "Port",
    "PositiveLength",
    "RandomSpins",
    "ReadoutWindow",
    "SaturatedSpins",
    "SpinIce",
    "SquareLattice",
    "Stripe",
    "TabulatedIsland",
    "Taper",
    "TridentLattice",
    "Wall",
    "format_quantity",
    "get_material",
    "library",
    "parse_quantity",
    "read_island_table",
]
