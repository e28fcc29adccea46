"""Outlines of stripes and tracks: tapers, notches and roughness, and which cells lie inside."""

from geometries.old_names import names_of_modules

__getattr__ = names_of_modules(__name__, __file__)
