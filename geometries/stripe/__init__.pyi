from .device import Stripe
from .notches import Notch, PeriodicNotches
from .pinning import PinnedEnds
from .readout import ReadoutWindow
from .roughness import EdgeRoughness
from .taper import Taper
from .walls import Wall

__all__ = [
    "EdgeRoughness",
    "Notch",
    "PeriodicNotches",
    "PinnedEnds",
    "ReadoutWindow",
    "Stripe",
    "Taper",
    "Wall",
]
