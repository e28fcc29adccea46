"""Arrays of nanomagnets that compute by their stray fields: wires and gates of nanomagnet logic.

Names are imported when they are first used; ``__init__.pyi`` lists them.
"""

from geometries.old_names import lazy_names

__getattr__, __dir__, __all__ = lazy_names(__name__, __file__)
