from .barrier import Barrier
from .device import Pillar

__all__ = ["Barrier", "Pillar"]
