from .chiral_logic import chiral_gate, chiral_inverter, gate_regions, inverter_regions

__all__ = ["chiral_gate", "chiral_inverter", "gate_regions", "inverter_regions"]
