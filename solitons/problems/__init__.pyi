from .comparison import compare, draw_comparison, read_solution
from .problem import load_problem, problem_names

__all__ = [
    "compare",
    "draw_comparison",
    "load_problem",
    "problem_names",
    "read_solution",
]
