from .notches import Notch, PeriodicNotches
from .roughness import EdgeRoughness
from .taper import Taper

__all__ = ["EdgeRoughness", "Notch", "PeriodicNotches", "Taper"]
