from .barrier import Barrier
from .demagnetisation import demagnetising_factors
from .device import Pillar
from .macrospin import PillarMacrospin, pillar_macrospin

__all__ = ["Barrier", "Pillar", "PillarMacrospin", "demagnetising_factors", "pillar_macrospin"]
