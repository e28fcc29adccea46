"""Artificial spin ice as macrospins on a lattice.

A `SwitchingAstroid` gives the field that reverses an island, `dipole_couplings` and
`dumbbell_couplings` the fields between islands; a `MacrospinLattice` holds both, and
`drive_field` flips its islands one after another. In a `RotatingLattice` moments have
angles and follow the field before they fall over (`rotate_in_field`).

Names are imported when they are first used; ``__init__.pyi`` lists them.
"""

from geometries.old_names import lazy_names

__getattr__, __dir__, __all__ = lazy_names(__name__, __file__)
