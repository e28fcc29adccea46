from .crossbar import Crossbar, PulseCoding, first_to_fire, program_crossbar
from .digits import DigitsResult, read_digits

__all__ = [
    "Crossbar",
    "DigitsResult",
    "PulseCoding",
    "first_to_fire",
    "program_crossbar",
    "read_digits",
]
