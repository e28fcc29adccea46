from .device import Bridge
from .disorder import Disorder, MissingIslands
from .island_table import IslandTable, TabulatedIsland
from .islands import Island, IslandOfKind
from .lattices import BrickworkLattice, KagomeLattice, PinwheelLattice, SquareLattice, TridentLattice
from .ports import Port, SiteRule
from .spin_states import GivenSpins, RandomSpins, SaturatedSpins

__all__ = [
    "BrickworkLattice",
    "Bridge",
    "Disorder",
    "GivenSpins",
    "Island",
    "IslandOfKind",
    "IslandTable",
    "KagomeLattice",
    "MissingIslands",
    "PinwheelLattice",
    "Port",
    "RandomSpins",
    "SaturatedSpins",
    "SiteRule",
    "SquareLattice",
    "TabulatedIsland",
    "TridentLattice",
]
