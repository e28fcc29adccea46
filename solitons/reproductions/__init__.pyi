from .computing import compute_plan, left_out
from .plan import load_plan, plan_names

__all__ = ["compute_plan", "left_out", "load_plan", "plan_names"]
