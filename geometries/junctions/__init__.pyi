from geometries.demagnetisation import demagnetising_factors

from .barrier import Barrier
from .device import Pillar

__all__ = ["Barrier", "Pillar", "demagnetising_factors"]
