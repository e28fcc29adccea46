"""Spin-torque oscillators: amplitude and phase, the core of a vortex, and networks of phases.

Names are imported when they are first used; ``__init__.pyi`` lists them.
"""

from geometries.old_names import lazy_names

__getattr__, __dir__, __all__ = lazy_names(__name__, __file__)
