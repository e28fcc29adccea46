"""Skyrmions reduced to their centres: Thiele's equation, its fit to micromagnetic tracks, and what it is worth.

Names are imported when they are first used; ``__init__.pyi`` lists them.
"""

from geometries.old_names import lazy_names

__getattr__, __dir__, __all__ = lazy_names(__name__, __file__)
