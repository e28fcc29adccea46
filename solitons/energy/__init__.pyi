from .converters import Converter
from .electric_paths import JunctionPath, MetalPath
from .ledger import REVIEW_LINES, EnergyLedger, EnergyRow

__all__ = [
    "REVIEW_LINES",
    "Converter",
    "EnergyLedger",
    "EnergyRow",
    "JunctionPath",
    "MetalPath",
]
