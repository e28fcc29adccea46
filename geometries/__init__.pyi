from .description import Description, PositiveLength
from .materials import Material, MaterialField, get_material, library
from .notches import Notch, PeriodicNotches
from .pinning import PinnedEnds
from .quantities import format_quantity, parse_quantity
from .readout import ReadoutWindow
from .roughness import EdgeRoughness
from .stripe import Stripe
from .taper import Taper
from .walls import Wall

__all__ = [
    "Description",
    "EdgeRoughness",
    "Material",
    "MaterialField",
    "Notch",
    "PeriodicNotches",
    "PinnedEnds",
    "PositiveLength",
    "ReadoutWindow",
    "Stripe",
    "Taper",
    "Wall",
    "format_quantity",
    "get_material",
    "library",
    "parse_quantity",
]
