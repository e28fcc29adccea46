from .builders import PERPENDICULAR, REFERENCE, SPIN_ORBIT, MagnetGrid, corner, fan_out, inverter, majority_gate, wire
from .clock_lines import clock_line_zones, with_clock_lines
from .device import MagnetArray
from .followers import with_followers
from .free import free_array
from .heavy_metals import heavy_metal_zones, with_hard_inputs, with_heavy_metal
from .logic_gates import and_gate, full_adder, half_adder, nand_gate, nor_gate, or_gate, slanted_gate
from .magnets import Magnet
from .netlist import longest_chain, netlist_values
from .nucleation_sites import site_name, with_nucleation_sites
from .shift_registers import shift_register

__all__ = [
    "PERPENDICULAR",
    "REFERENCE",
    "SPIN_ORBIT",
    "Magnet",
    "MagnetArray",
    "MagnetGrid",
    "and_gate",
    "clock_line_zones",
    "corner",
    "fan_out",
    "free_array",
    "full_adder",
    "half_adder",
    "heavy_metal_zones",
    "inverter",
    "longest_chain",
    "majority_gate",
    "nand_gate",
    "netlist_values",
    "nor_gate",
    "or_gate",
    "shift_register",
    "site_name",
    "slanted_gate",
    "wire",
    "with_clock_lines",
    "with_followers",
    "with_hard_inputs",
    "with_heavy_metal",
    "with_nucleation_sites",
]
