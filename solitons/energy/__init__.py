"""Energy and time of operations of devices and arrays, line by line, each with its source.

Names are imported when they are first used; ``__init__.pyi`` lists them.
"""

from geometries.old_names import lazy_names

__getattr__, __dir__, __all__ = lazy_names(__name__, __file__)
