from .capacities import memory_capacities
from .comparison import compare_with_inputs
from .memory import system_memory
from .ranks import state_rank

__all__ = [
    "compare_with_inputs",
    "memory_capacities",
    "state_rank",
    "system_memory",
]
