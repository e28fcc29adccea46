from .barrier import Barrier
from .demagnetisation import demagnetising_factors
from .device import Pillar

__all__ = ["Barrier", "Pillar", "demagnetising_factors"]
