from .capacities import memory_capacities
from .ranks import separation_streams, shared_end_streams, state_rank
from .read_out import (
    PairedDifference,
    compare_read_outs,
    paired_difference,
    random_binary_features,
    random_projection,
)

__all__ = [
    "PairedDifference",
    "compare_read_outs",
    "memory_capacities",
    "paired_difference",
    "random_binary_features",
    "random_projection",
    "separation_streams",
    "shared_end_streams",
    "state_rank",
]
