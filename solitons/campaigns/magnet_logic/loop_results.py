"""The heat of loops of fields, as campaigns of erasures and of gates find it; in units of k T."""

from __future__ import annotations

from solitons.campaigns.framework.results import ResultsPart

__all__ = ["HeatPoint", "LoopHeat"]

_OFF_THE_LINE = 1e-2
"""Probability of the scatter about a line below which there is no limit."""


class HeatPoint(ResultsPart):
    """A loop of fields with ramps of one time.

    Parameters
    ----------
    ramp_time : float
        Duration of each ramp in s.
    members : int
        How many bits or gates.
    heat, heat_error, damping_heat, damping_error : float
        As of `solitons.magnet_logic.mean_heats.MeanHeat`.
    wrong : int
        Members that ended in another state, or whose output was wrong or undecided at a reading.
    wrong_interval : (float, float)
        Clopper and Pearson's 95 % interval of their share.
    """

    ramp_time: float
    members: int
    heat: float
    heat_error: float
    damping_heat: float
    damping_error: float
    wrong: int
    wrong_interval: tuple[float, float]


class LoopHeat(ResultsPart):
    """A loop of fields, extrapolated to slow ramps by Q = Q_inf + c / tau.

    Parameters
    ----------
    name : str
        Name of the operation.
    points : list of HeatPoint
        By ramp time.
    fastest_fitted : float
        Fastest of the ramp times that the line is through, in s.
    limit, limit_error : float
        Q_inf, and its standard error.
    ci95 : (float, float)
        Its 95 % confidence interval.
    slope : float
        c in k T s.
    p_value : float
        Probability of as much scatter about the line if it is right.
    """

    name: str
    points: list[HeatPoint]
    fastest_fitted: float
    limit: float
    limit_error: float
    ci95: tuple[float, float]
    slope: float
    p_value: float

    @property
    def fitted(self) -> list[HeatPoint]:
        """Points that the line is through."""
        return [each for each in self.points if each.ramp_time >= self.fastest_fitted]

    @property
    def on_a_line(self) -> bool:
        """Whether the heats lie on the line, so that there is a limit to read off."""
        return self.p_value >= _OFF_THE_LINE
