"""Observables of a run, from its magnetisation.

A run's Dataset goes in, a small labelled Dataset of an observable comes out;
`analysis.schema` and `analysis.spin_ice.schema` define what each must look like. Inside, pure NumPy
kernels do the work. matplotlib is imported only by the functions that draw.

Names are imported when they are first used; ``__init__.pyi`` lists them.
"""

from geometries.old_names import lazy_names

__getattr__, __dir__, __all__ = lazy_names(__name__, __file__)
