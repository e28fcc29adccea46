"""A campaign packed with its runs and results as a Workflow Run RO-Crate, and the check of a crate of a stranger.

Names are imported when they are first used; ``__init__.pyi`` lists them.
"""

from geometries.old_names import lazy_names

__getattr__, __dir__, __all__ = lazy_names(__name__, __file__)
