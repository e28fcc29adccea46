"""Nanomagnet logic: coupled macrospins that fields drive, with the work and the heat of what they compute.

Names are imported when they are first used; ``__init__.pyi`` lists them.
"""

from geometries.old_names import lazy_names

__getattr__, __dir__, __all__ = lazy_names(__name__, __file__)
