"""Devices out of the workbench and into it: tables, measured pulses, and the formats of network simulators.

Names are imported when they are first used; ``__init__.pyi`` lists them.
"""

from geometries.old_names import lazy_names

__getattr__, __dir__, __all__ = lazy_names(__name__, __file__)
