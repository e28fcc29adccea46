"""A wall's parameters: their units, what sentences call them, their symbols and what they may be."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

__all__ = ["WALL_PARAMETERS", "WallParameter", "bounds_of", "unit_of"]


@dataclass(frozen=True)
class WallParameter:
    """Prior knowledge of a parameter.

    `words` are what a sentence calls it, `quantity` what stands beside its `symbol` ("H_K" has an index), `least` the
    smallest value that a fit may take.
    """

    unit: str
    words: str = ""
    quantity: str = ""
    symbol: str = ""
    least: float = -np.inf


WALL_PARAMETERS = {
    "alpha": WallParameter("1", "the damping", "damping", "α", least=0.0),
    "width": WallParameter("m", "", "wall width", "Δ", least=0.0),
    "hard_axis_field": WallParameter("A/m", "the hard-axis field", "hard-axis field", "H_K"),
    "gamma0": WallParameter("m/(A s)", least=0.0),
    "beta": WallParameter("1", "the non-adiabaticity", "non-adiabaticity", "β"),
    "drift_per_current": WallParameter("m3/(A s)", "the drift velocity per current", "drift velocity", "u/J"),
    "damping_like_per_current": WallParameter("m", "the damping-like field per current", "damping-like field", "a/J"),
    "field_like_per_current": WallParameter("m"),
    "dmi_field": WallParameter("A/m", "the DMI field", "DMI field", "H_D"),
    "moment_per_length": WallParameter("A m"),
    "start_angle": WallParameter("rad"),
}
"""By the name that `WallDynamics` has for it, and the angle at which runs start."""


def unit_of(name: str) -> str:
    """Unit of what a fit may free: parameters of the wall, of its landscape, and factors, which have none."""
    if name.startswith("push_"):
        return "A/m"
    if name.startswith("pinning."):
        return {"strength": "A/m", "stiffness": "A/m2"}.get(name.rpartition(".")[2], "m")
    return WALL_PARAMETERS[name].unit if name in WALL_PARAMETERS else "1"


def bounds_of(name: str) -> tuple[float, float]:
    """Between which a parameter is sought.

    >>> bounds_of("width"), bounds_of("beta")
    ((0.0, inf), (-inf, inf))
    """
    return WALL_PARAMETERS[name].least if name in WALL_PARAMETERS else -np.inf, np.inf
