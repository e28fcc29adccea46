from .capacities import memory_capacities
from .comparison import compare_with_inputs
from .memory import MemorySettings, SystemMemory, system_memory
from .ranks import state_rank

__all__ = [
    "MemorySettings",
    "SystemMemory",
    "compare_with_inputs",
    "memory_capacities",
    "state_rank",
    "system_memory",
]
