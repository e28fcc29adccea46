"""Devices and materials: what is simulated, described once and checked.

Everything here is frozen data, JSON in and JSON out, in SI units; a quantity
may be written "500 nm". Importing this package draws nothing and sets nothing.

Names are imported when they are first used; ``__init__.pyi`` lists them.
"""

from geometries.old_names import lazy_names

__getattr__, __dir__, __all__ = lazy_names(__name__, __file__)
