from .builders import REFERENCE, MagnetGrid, inverter, majority_gate, wire
from .device import MagnetArray
from .free import free_array
from .magnets import Magnet

__all__ = ["REFERENCE", "Magnet", "MagnetArray", "MagnetGrid", "free_array", "inverter", "majority_gate", "wire"]
