from .builders import REFERENCE, MagnetGrid, inverter, majority_gate, wire
from .device import MagnetArray
from .magnets import Magnet

__all__ = ["REFERENCE", "Magnet", "MagnetArray", "MagnetGrid", "inverter", "majority_gate", "wire"]
