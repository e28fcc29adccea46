from .chiral_inverters import chiral_inverter, inverter_regions
from .device import Stripe
from .pinning import PinnedEnds
from .readout import ReadoutWindow
from .walls import Wall

__all__ = [
    "PinnedEnds",
    "ReadoutWindow",
    "Stripe",
    "Wall",
    "chiral_inverter",
    "inverter_regions",
]
