"""Stripes: tracks of magnetic film along which domain walls move."""

from geometries.old_names import names_of_modules

__getattr__ = names_of_modules(__name__, __file__)
