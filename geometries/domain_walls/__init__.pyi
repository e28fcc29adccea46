from .device import Stripe
from .lanes import Lanes
from .notches_in_cells import NotchInCells, notches_in_cells
from .pinning import PinnedEnds
from .readout import ReadoutWindow
from .walls import Wall

__all__ = [
    "Lanes",
    "NotchInCells",
    "PinnedEnds",
    "ReadoutWindow",
    "Stripe",
    "Wall",
    "notches_in_cells",
]
