from .capacities import memory_capacities
from .comparison import ReadOut, ReadOuts, compare_with_inputs
from .memory import MemorySettings, SystemMemory, memory_inputs, system_memory
from .ranks import separation_streams, shared_end_streams, state_rank
from .read_out import (
    PairedDifference,
    compare_read_outs,
    paired_difference,
    random_binary_features,
    random_projection,
)

__all__ = [
    "MemorySettings",
    "PairedDifference",
    "ReadOut",
    "ReadOuts",
    "SystemMemory",
    "compare_read_outs",
    "compare_with_inputs",
    "memory_capacities",
    "memory_inputs",
    "paired_difference",
    "random_binary_features",
    "random_projection",
    "separation_streams",
    "shared_end_streams",
    "state_rank",
    "system_memory",
]
