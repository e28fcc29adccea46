"""Artificial spin ice as macrospins on a lattice.

`SwitchingAstroid` says when a field reverses an island, `Couplings` which field the
islands put on each other, and `MacrospinLattice` holds both. `drive_field` takes it
through applied fields, one flip after another; `drive_thermally` lets it turn by heat.
In a `RotatingLattice` moments have angles and follow the field before they fall over
(`rotate_in_field`).

Names are imported when they are first used; ``__init__.pyi`` lists them.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
