from .crossbar import Crossbar, PulseCoding, program_crossbar
from .digits import read_digits
from .digits_result import DigitsResult

__all__ = [
    "Crossbar",
    "DigitsResult",
    "PulseCoding",
    "program_crossbar",
    "read_digits",
]
