"""Runs: from a device and a protocol to m(t).

Describe a run with `RunSpec`, compute it with `simulate`, open it lazily with
`open_run`; describe a sweep with `Campaign`, compute it with `execute`, open it
with `open_campaign`.

Names are imported when they are first used; ``__init__.pyi`` lists them.
"""

from geometries.old_names import lazy_names

__getattr__, __dir__, __all__ = lazy_names(__name__, __file__)
