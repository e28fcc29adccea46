"""What synapses and neurons of every family have in common: their interface, pulses, read-out, and what they differ by.

Names are imported when they are first used; ``__init__.pyi`` lists them.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
