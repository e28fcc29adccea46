from .description import Description, PositiveLength
from .devices import Device
from .materials import Material, MaterialField, get_material, library
from .quantities import format_quantity, parse_quantity
from .spin_ice.device import Bridge, SpinIce
from .spin_ice.disorder import Disorder, MissingIslands
from .spin_ice.island_table import IslandTable, TabulatedIsland, read_island_table
from .spin_ice.islands import Island, IslandOfKind
from .spin_ice.lattices import BrickworkLattice, KagomeLattice, PinwheelLattice, SquareLattice, TridentLattice
from .spin_ice.ports import Port
from .spin_ice.spin_states import GivenSpins, RandomSpins, SaturatedSpins
from .stripe.device import Stripe
from .stripe.notches import Notch, PeriodicNotches
from .stripe.pinning import PinnedEnds
from .stripe.readout import ReadoutWindow
from .stripe.roughness import EdgeRoughness
from .stripe.taper import Taper
from .stripe.walls import Wall

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
