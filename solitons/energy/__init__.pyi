from .converters import ADDITION, DIGITAL_TO_ANALOG, SAR_8_BIT, Converter
from .electric_paths import JunctionPath, MetalPath, capacitor_energy, ohmic_energy, squared_pulse_time
from .ledger import REVIEW_LINES, EnergyLedger, EnergyRow, ReviewLine

__all__ = [
    "ADDITION",
    "DIGITAL_TO_ANALOG",
    "REVIEW_LINES",
    "SAR_8_BIT",
    "Converter",
    "EnergyLedger",
    "EnergyRow",
    "JunctionPath",
    "MetalPath",
    "ReviewLine",
    "capacitor_energy",
    "ohmic_energy",
    "squared_pulse_time",
]
