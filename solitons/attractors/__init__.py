"""Memories whose stored patterns are attractors: coupling rules, capacities, and neurons that fall or jump by chance.

What oscillators, junctions and crossbars of any device share; a crossbar's read matrix is a matrix of couplings here.
Names are imported when they are first used; ``__init__.pyi`` lists them.
"""

from geometries.old_names import lazy_names

__getattr__, __dir__, __all__ = lazy_names(__name__, __file__)
