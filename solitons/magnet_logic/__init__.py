"""Nanomagnet logic: coupled macrospins that fields drive, with the work and the heat of what they compute.

Names are imported when they are first used; ``__init__.pyi`` lists them.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
