"""Magnetic tunnel junctions that flip by chance: one macrospin, its exact statistics, and the devices it makes.

A `Macrospin` is a junction's free layer. `follow_macrospins` follows an ensemble of them with heat; the Fokker-Planck
equation gives the same probabilities exactly.

Names are imported when they are first used; ``__init__.pyi`` lists them.
"""

from geometries.old_names import lazy_names

__getattr__, __dir__, __all__ = lazy_names(__name__, __file__)
