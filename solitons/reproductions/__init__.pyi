from .computing import ComputedRow, compute_plan, left_out
from .plan import Plan, load_plan, plan_names
from .tables import write_tables

__all__ = ["ComputedRow", "Plan", "compute_plan", "left_out", "load_plan", "plan_names", "write_tables"]
