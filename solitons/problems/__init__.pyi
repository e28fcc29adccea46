from .comparison import ColumnComparison, compare, draw_comparison, read_solution
from .problem import Problem, Reported, load_problem, problem_names
from .running import solve

__all__ = [
    "ColumnComparison",
    "Problem",
    "Reported",
    "compare",
    "draw_comparison",
    "load_problem",
    "problem_names",
    "read_solution",
    "solve",
]
