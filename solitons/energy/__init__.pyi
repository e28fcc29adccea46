from .converters import Converter
from .electric_paths import JunctionPath, MetalPath
from .ledger import REVIEW_LINES, EnergyLedger

__all__ = [
    "REVIEW_LINES",
    "Converter",
    "EnergyLedger",
    "JunctionPath",
    "MetalPath",
]
