"""Pillars: magnetic tunnel junctions whose current flows through their plane."""

from geometries.old_names import names_of_modules

__getattr__ = names_of_modules(__name__, __file__)
