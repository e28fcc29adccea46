"""How often heat makes a gate wrong: macrospins in all rows, micromagnetics in one, and the two compared."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import xarray as xr
from scipy import stats

from analysis.magnet_logic.moments import magnet_moments
from geometries import MagnetArray
from solitons.campaigns.magnet_logic.logic_campaign import LogicClock
from solitons.campaigns.magnet_logic.logic_results import ModelLikelihood, Row, WrongTrials
from solitons.magnet_logic import CoupledMacrospins, follow_ramps
from solitons.magnet_logic.rest_states import overdamped, rest_path

__all__ = ["likelihood", "outputs", "rotation_p_value", "seen_outputs", "slow_output"]

Floats = npt.NDArray[np.float64]

_SETTLING, _FALL = 20.0, 300.0
"""Relaxation times without heat: for coming to rest, and of a fall that is slow beside them."""


def outputs(macrospins: CoupledMacrospins, array: MagnetArray, clock: LogicClock, members: int, seed: int) -> Floats:
    """Projection of the output on its axis at the end of the clock, (members, 1)."""
    along, fields = _under_clock(array, clock.field)
    begin = np.repeat(rest_path(macrospins, along, fields[:1]), members, axis=0)
    run = follow_ramps(macrospins, begin, [clock.hold, clock.fall, clock.rest], fields, seed=seed)
    return _at_the_end(run, array)[:, None]


def slow_output(macrospins: CoupledMacrospins, array: MagnetArray, clock: float, bias: float) -> float:
    """Projection of the output without heat, after a clock that falls slowly beside a uniform bias along the axes."""
    cold = overdamped(macrospins)
    unit = max(cold.relaxation_time(i) for i in range(cold.magnets))
    along, fields = _under_clock(array, clock, bias)
    durations = [_SETTLING * unit, _FALL * unit, _SETTLING * unit]
    return float(_at_the_end(follow_ramps(cold, along[None], durations, fields, seed=0, threads=1), array)[0])


def _under_clock(array: MagnetArray, clock: float, bias: float = 0.0) -> tuple[Floats, Floats]:
    """Moments along the clock, and the corners of a clock that is held, falls and stays 0 beside a bias along y."""
    fields = np.repeat(array.held_fields()[None], 4, axis=0) + np.array([0.0, bias, 0.0])
    fields[:2, :, 0] += clock
    return np.tile([1.0, 0.0, 0.0], (len(array.magnets), 1)), fields


def _at_the_end(run: xr.Dataset, array: MagnetArray) -> Floats:
    """Projection of the output on its axis at the end of each member."""
    place = array.index("out")
    return np.asarray(run["m"].values[:, -1, place] @ array.axes[place])


def seen_outputs(ensemble: xr.Dataset, array: MagnetArray, hold: float) -> tuple[Floats, float]:
    """Projections of the output at the end, (members, 1), and how long a free magnet's mean m is under the clock.

    A frame must lie in the second half of `hold`.
    """
    moments = magnet_moments(ensemble, array).transpose("member", "t", "magnet", "vdims")
    axis = array.axes[array.index("out")]
    # The first frame is without heat; frames in the first half of the time approach equilibrium.
    held = (ensemble["t"].values > hold / 2) & (ensemble["t"].values <= hold * (1 + 1e-9))
    if not held.any():
        raise ValueError(
            f"seen_outputs: the ensemble has no frame between {hold / 2:g} and {hold:g} s, while the clock is up; keep "
            "frames in intervals of half of clock.hold or less"
        )
    free = [not magnet.held for magnet in array.magnets]
    length = np.linalg.norm(moments.values[:, held][:, :, free], axis=-1).mean()
    return np.asarray(moments.isel(t=-1).sel(magnet="out").values @ axis)[:, None], float(length)


def likelihood(name: str, seen: WrongTrials, model: WrongTrials) -> ModelLikelihood:
    """Compare counts in micromagnetics with a model's.

    The model's rate comes from its own counts with half an error and half a success more, so that it is never 0 or 1.
    """
    rate = (model.errors + 0.5) / (model.trials + 1)

    def log_likelihood(value: float) -> float:
        return float(stats.binom.logpmf(seen.errors, seen.trials, value))

    unlike = stats.fisher_exact(
        [[seen.errors, seen.trials - seen.errors], [model.errors, model.trials - model.errors]]
    ).pvalue
    return ModelLikelihood(
        name=name,
        thermal=model,
        loss=log_likelihood(seen.rate) - log_likelihood(rate),
        p_value=float(unlike),
        difference=(seen.rate - model.rate, seen.low - model.high, seen.high - model.low),
    )


def rotation_p_value(counts: Mapping[Row, WrongTrials]) -> float:
    """Probability of differences as large between rows that half a turn makes one another, if it does (Fisher).

    A rotation of magnets, moments and fields is one of all solutions of the LLG equation, precession and heat with
    them. Half a turn about the clock's axis leaves the clock and the gate's plan, exchanges a and c, and reverses all
    components along the easy axes, so that inputs (a, b, c) become (-c, -b, -a) and the output is reversed.
    """
    values = []
    for (a, b, c), one in counts.items():
        other = counts[-c, -b, -a]
        if (a, b, c) < (-c, -b, -a):
            pair = [[each.errors, each.trials - each.errors] for each in (one, other)]
            values.append(stats.fisher_exact(pair).pvalue)
    return float(min(1.0, len(values) * min(values)))
