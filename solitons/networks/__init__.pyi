from .crossbar import Crossbar, PulseCoding, first_to_fire, program_crossbar
from .digits import read_digits
from .digits_result import DigitsResult
from .image_sets import labelled_images, split_images

__all__ = [
    "Crossbar",
    "DigitsResult",
    "PulseCoding",
    "first_to_fire",
    "labelled_images",
    "program_crossbar",
    "read_digits",
    "split_images",
]
