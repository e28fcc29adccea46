from .builders import PERPENDICULAR, REFERENCE, SPIN_ORBIT, majority_gate, wire
from .followers import with_followers
from .free import free_array
from .heavy_metals import with_hard_inputs, with_heavy_metal
from .logic_gates import and_gate, full_adder, half_adder, nand_gate, nor_gate, or_gate, slanted_gate
from .netlist import netlist_values

__all__ = [
    "PERPENDICULAR",
    "REFERENCE",
    "SPIN_ORBIT",
    "and_gate",
    "free_array",
    "full_adder",
    "half_adder",
    "majority_gate",
    "nand_gate",
    "netlist_values",
    "nor_gate",
    "or_gate",
    "slanted_gate",
    "wire",
    "with_followers",
    "with_hard_inputs",
    "with_heavy_metal",
]
