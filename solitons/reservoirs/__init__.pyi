from .capacities import memory_capacities
from .ranks import separation_streams, shared_end_streams, state_rank

__all__ = [
    "memory_capacities",
    "separation_streams",
    "shared_end_streams",
    "state_rank",
]
