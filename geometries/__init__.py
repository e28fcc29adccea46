"""Devices and materials: what is simulated, described once and checked.

Everything here is frozen data, JSON in and JSON out, in SI units; a quantity
may be written "500 nm". Importing this package draws nothing and sets nothing.
"""

from geometries.description import Description, PositiveLength
from geometries.materials import Material, MaterialField, get_material, library
from geometries.notches import Notch, PeriodicNotches
from geometries.pinning import PinnedEnds
from geometries.quantities import format_quantity, parse_quantity
from geometries.readout import ReadoutWindow
from geometries.roughness import EdgeRoughness
from geometries.stripe import Stripe
from geometries.taper import Taper
from geometries.walls import Wall

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
