"""Computing with a driven system: how well a linear read-out of its states does, whatever it is.

`state_rank` of its answers to streams of inputs is how many it distinguishes,
`memory_capacities` what of its past inputs is in its state; `system_memory` measures both. `compare_read_outs`
judges sets of features, `compare_with_inputs` whether its states are worth more than its inputs.

Names are imported when they are first used; ``__init__.pyi`` lists them.
"""

from geometries.old_names import lazy_names

__getattr__, __dir__, __all__ = lazy_names(__name__, __file__)
