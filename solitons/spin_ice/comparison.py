"""How well a reduced lattice predicts a micromagnetic run that it was not fitted on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import kendalltau

from solitons.spin_ice.switching import first_reversals

__all__ = ["LatticeComparison", "coercive_field", "compare_lattices"]

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class LatticeComparison:
    """A run and its prediction, step by step.

    `field` is along the ramp in A/m. `overlap` is the fraction of islands whose spin is predicted after each step: the
    final overlap of a run that stopped there. `measured` and `predicted` are the part of the islands' moment along the
    field, over its largest; the steps are those in which islands first turn, -1 for never; coercive fields are where
    the moment along the field passes 0, NaN if it does not.

    `concordance` is the fraction of pairs of islands that turn in the right order. Counted are pairs that turn in
    different steps of the run, and those that turn in one of its steps but more than one step apart in the prediction,
    as where a cascade breaks up. A pair that turns in one step in either of the two counts half, as one drawn by lot
    would on average. It does not ask in which field: what is late by the same field everywhere has all pairs right.
    Where one of n islands turns in each step of both, the mean of `overlap` over the steps is between c and
    (1 + c) / 2 + (1 - c) / 2 n, c being the `concordance` [1]_.

    `kendall_tau` is tau-b of the steps, ties corrected; `same_step` the fraction of islands that turn in exactly their
    step of the run. `flip_field_error` is the root mean square difference of predicted and measured field of the flip,
    over the islands that turn in one of the two, over the mean measured field; NaN if none turns in the run, and what
    does not turn counts as turning in the last field. A cascade that starts one step late leaves all of its spins wrong
    in that step, and hardly counts here.

    References
    ----------
    .. [1] P. Diaconis and R. L. Graham, J. R. Stat. Soc. B 39, 262 (1977): I inversions and a sum D of the differences
       of ranks have I <= D <= 2 I.
    """

    field: Floats
    overlap: Floats
    measured: Floats
    predicted: Floats
    measured_steps: Integers
    predicted_steps: Integers
    measured_coercive_field: float
    predicted_coercive_field: float
    concordance: float
    kendall_tau: float
    same_step: float
    flip_field_error: float

    @property
    def final_overlap(self) -> float:
        """The overlap after the last step."""
        return float(self.overlap[-1])

    @property
    def coercive_step(self) -> int:
        """The step nearest to the run's coercive field; without one the last, with the most islands turned."""
        if np.isnan(self.measured_coercive_field):
            return len(self.field) - 1
        return int(np.argmin(np.abs(self.field - self.measured_coercive_field)))

    @property
    def coercive_overlap(self) -> float:
        """The overlap after the step nearest to the run's coercive field; NaN without one."""
        return float("nan") if np.isnan(self.measured_coercive_field) else float(self.overlap[self.coercive_step])

    @property
    def worst_step(self) -> int:
        """The step with the smallest overlap, the first of them."""
        return int(np.argmin(self.overlap))

    @property
    def worst_overlap(self) -> float:
        """The smallest overlap of all steps."""
        return float(self.overlap.min())

    @property
    def field_step(self) -> float:
        """Mean step of the ramp over its last field, where islands turn in the run; NaN if less than two fields do.

        A spin is wrong in the steps between its two flips, so that a finer ramp has more and worse steps with the
        same model: the share that is right in the worst of them means something with its width only.
        """
        turning = self.measured_steps[self.measured_steps >= 0]
        if not turning.size:
            return float("nan")
        first, last = max(int(turning.min()) - 1, 0), int(turning.max())
        return float((self.field[last] - self.field[first]) / (last - first) / self.field[last])

    @property
    def islands_off(self) -> int:
        """Islands that turn more than one step of the ramp from where they do in the run, or in one of the two only.

        The run shows where an island turns to a step, so that those within one are as right as it can show.
        """
        apart = np.abs(self.measured_steps - self.predicted_steps)
        never = (self.measured_steps < 0) != (self.predicted_steps < 0)
        return int(((apart > 1) | never).sum())

    @property
    def coercive_field_error(self) -> float:
        """Predicted over measured coercive field, less 1."""
        return self.predicted_coercive_field / self.measured_coercive_field - 1


def coercive_field(field: npt.ArrayLike, moment: npt.ArrayLike) -> float:
    """Field at which a moment first changes its sign, on a line between steps; NaN if it never does."""
    strength, values = np.asarray(field, dtype=np.float64), np.asarray(moment, dtype=np.float64)
    crossing = np.flatnonzero(np.sign(values[1:]) != np.sign(values[0]))
    if not crossing.size or values[0] == 0:
        return float("nan")
    after = int(crossing[0]) + 1
    share = values[after - 1] / (values[after - 1] - values[after])
    return float(strength[after - 1] + share * (strength[after] - strength[after - 1]))


def compare_lattices(
    measured: npt.ArrayLike, predicted: npt.ArrayLike, field: npt.ArrayLike, along: npt.ArrayLike
) -> LatticeComparison:
    """Compare the states of a run with its prediction.

    Both are (steps, islands) of +1 and -1 from one state on. `field` is along the ramp in A/m, `along` the moment of
    each island along the field for a spin of +1, in any unit.
    """
    run, model, strength = np.asarray(measured), np.asarray(predicted), np.asarray(field, dtype=np.float64)
    weight = np.asarray(along, dtype=np.float64)
    if run.shape != model.shape or run.shape != (strength.size, weight.size):
        raise ValueError(
            f"compare_lattices: states of {run.shape} and {model.shape}, {strength.size} fields and {weight.size} "
            "moments; give both over (steps, islands)"
        )
    if (run[0] != model[0]).any():
        raise ValueError("compare_lattices: the two start in different states; start both in the run's first")
    total = np.abs(weight).sum()
    moments = [states @ weight / total for states in (run, model)]
    steps = [first_reversals(states) for states in (run, model)]
    # What never turns does so after all others.
    order = [np.where(each < 0, strength.size, each) for each in steps]
    first, second = ((each[:, np.newaxis] - each)[np.triu_indices(weight.size, 1)] for each in order)
    # The run shows where an island turns to a step: two of one step may be one apart in the prediction.
    counted = (first != 0) | (np.abs(second) > 1)
    right = (1 + np.sign(first * second)) / 2
    turning = steps[0] >= 0
    constant = any(np.ptp(each) == 0 for each in order)
    return LatticeComparison(
        field=strength,
        overlap=np.mean(run == model, axis=1),
        measured=moments[0],
        predicted=moments[1],
        measured_steps=steps[0],
        predicted_steps=steps[1],
        measured_coercive_field=coercive_field(strength, moments[0]),
        predicted_coercive_field=coercive_field(strength, moments[1]),
        concordance=float(right[counted].mean()) if counted.any() else float("nan"),
        kendall_tau=float("nan") if constant else float(kendalltau(*order).statistic),
        same_step=float(np.mean((steps[0] == steps[1])[turning])) if turning.any() else float("nan"),
        flip_field_error=_flip_field_error(strength, *steps),
    )


def _flip_field_error(field: Floats, measured: Integers, predicted: Integers) -> float:
    # -1, never, is the last field too.
    one, other = (field[steps[(measured >= 0) | (predicted >= 0)]] for steps in (measured, predicted))
    mean = float(np.abs(one).mean()) if (measured >= 0).any() else 0.0
    return float(np.sqrt(np.mean((other - one) ** 2))) / mean if mean else float("nan")
