"""Common base of synapses and neurons of every family: their interface, pulses, read-out, and what they differ by.

Names are imported when they are first used; ``__init__.pyi`` lists them.
"""

from geometries.old_names import lazy_names

__getattr__, __dir__, __all__ = lazy_names(__name__, __file__)
