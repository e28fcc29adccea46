"""Results of the campaign of an erasure; heats are in units of k T."""

from __future__ import annotations

import math
from collections.abc import Iterator

from solitons.campaigns.framework.results import Headline, Results, ResultsPart
from solitons.campaigns.magnet_logic.loop_results import HeatPoint, LoopHeat
from solitons.figures import number_label

__all__ = ["BitResults", "ErasureResults", "OperationResults"]


class OperationResults(LoopHeat):
    """An operation on one magnet, extrapolated to slow ramps.

    Parameters
    ----------
    quasi_static : float
        The limit by free energies, in k T.
    entropy_change : float
        Entropy change of the bit, in units of k.
    ramp_work, quasi_static_ramp_work : list of float
        Work of each ramp in k T, with the slowest ramps, and in the quasi-static limit.
    """

    quasi_static: float
    entropy_change: float
    ramp_work: list[float]
    quasi_static_ramp_work: list[float]

    @property
    def entropy_produced(self) -> float:
        """In the limit, in units of k: Q_inf / k T and the change of the bit's own."""
        return self.limit + self.entropy_change


class BitResults(ResultsPart):
    """Operations on one magnet.

    Parameters
    ----------
    magnet : str
        Its size.
    barrier : float
        In k T.
    anisotropy_field, bias, hard_field : float
        In A/m.
    relaxation_time : float
        In s.
    held : int
        Bits without field in `hold_time` that were followed.
    lost : int
        Those that changed.
    lost_interval : (float, float)
        Clopper and Pearson's 95 % interval of their share.
    hold_time : float
        As long as the slowest operation, in s.
    operations : list of OperationResults
        The erasure first.
    """

    magnet: str
    barrier: float
    anisotropy_field: float
    bias: float
    hard_field: float
    relaxation_time: float
    held: int
    lost: int
    lost_interval: tuple[float, float]
    hold_time: float
    operations: list[OperationResults]

    @property
    def erasure(self) -> OperationResults:
        """The erasure."""
        return self.operations[0]

    @property
    def points(self) -> list[HeatPoint]:
        """Points of all operations."""
        return [point for each in self.operations for point in each.points]


class ErasureResults(Results):
    """Everything that such a campaign found.

    Parameters
    ----------
    temperature : float
        In K.
    bits : list of BitResults
        By magnet.
    limit : float
        Weighted mean of the erasures' Q_inf over the magnets, in k T.
    ci95 : (float, float)
        Its 95 % confidence interval.
    alike_p_value : float or None
        Probability of as much scatter between the magnets if all have one limit; None of one magnet.
    damping_p_value : float
        Probability of as much difference between work and damping term, over all operations and ramp times, if their
        means are the same.
    """

    temperature: float
    bits: list[BitResults]
    limit: float
    ci95: tuple[float, float]
    alike_p_value: float | None
    damping_p_value: float

    @property
    def points(self) -> list[HeatPoint]:
        """Points of all magnets and operations."""
        return [point for bit in self.bits for point in bit.points]

    @property
    def measures_agree(self) -> bool:
        """Whether work and damping term give one heat."""
        return all(reason.code != "heats_disagree" for reason in self.reasons)

    def headlines(self) -> Iterator[Headline]:
        """The numbers that a reader sees first."""
        if self.verdict == "failed":
            yield Headline(value="withheld", name="heat of erasing a bit", detail="the verdict states why")
            return
        ln2 = math.log(2)
        low, high = (each / ln2 for each in self.ci95)
        count = len(self.bits)
        barriers = [bit.barrier for bit in self.bits]
        yield Headline(
            value=f"{self.limit / ln2:.3f} kT ln 2",
            name="erasing a bit, slow limit",
            detail=f"95 %: {low:.3f} to {high:.3f}; {count} anisotropies, barriers {min(barriers):.0f} to "
            f"{max(barriers):.0f} kT"
            if count > 1
            else f"95 %: {low:.3f} to {high:.3f}; barrier {barriers[0]:.0f} kT",
        )
        for operation in self.bits[0].operations[1:]:
            low, high = operation.ci95
            yield Headline(
                value=f"{number_label(operation.limit, '.3f')} kT",
                name=operation.name,
                detail=f"95 %: {number_label(low, '.3f')} to {number_label(high, '.3f')}; exact "
                f"{number_label(abs(operation.quasi_static), '.3f')}",
            )
        wrong = sum(point.wrong for bit in self.bits for point in bit.erasure.points)
        total = sum(point.members for bit in self.bits for point in bit.erasure.points)
        yield Headline(value=f"{wrong} of {total:,}", name="bits erased to the wrong state")
