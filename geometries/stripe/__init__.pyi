from .device import Stripe
from .pinning import PinnedEnds
from .readout import ReadoutWindow
from .walls import Wall

__all__ = [
    "PinnedEnds",
    "ReadoutWindow",
    "Stripe",
    "Wall",
]
