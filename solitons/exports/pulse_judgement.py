"""Whether a synapse that was fitted to pulses may be used: its held-out errors, and what its data cannot tell.

Limits are round numbers with their ground beside them; none was fitted to a device.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy

from solitons.devices.device_spread import FEWEST_DEVICES
from solitons.devices.tabulated_synapse import TabulatedSynapse
from solitons.exports.pulse_data import PulseData
from solitons.figures import value_label
from solitons.fits.reasons import beside_trivial
from solitons.fits.trivial_model import TrivialModel, root_mean_square
from solitons.fits.verdict import Reason, failure, limitation

__all__ = ["MOVES", "Errors", "Repeats", "about_pulses"]

Floats = npt.NDArray[np.float64]

_RESOLVED = 2.0
"""Standard errors by which pulses must make readings more likely than if they did nothing."""
MOVES = 1e-3
"""Probability by chance below which pulses move the conductance, or a shape of the steps is rejected."""
_REPEATED = 0.2
"""Root mean square, over a step's, of what the fit misses after the same pulse of every cycle."""
_FEWEST_CYCLES = 3
"""Number of cycles with the same pulses from which repeated errors are distinguished from chance."""
_LINGERS = 0.3
"""Correlation of successive one-step errors: one that is all chance has none, and a few per cent matter to nobody."""
_WANDERS = 0.1
"""Share of the range by which it shifts over the cycles, from which later cycles are another device."""
_BY_CHANCE = 0.01
"""Probability that a device which does not shift is called one that does."""


@dataclass(frozen=True, eq=False)
class Errors:
    """Errors of a synapse after counted pulses, in held-out trains.

    `trains` (S) is what was read less what the mean device has after as many pulses from the first reading; `trivial`
    is the best model that knows nothing of pulses, with its error in S.
    """

    trains: tuple[Floats, ...]
    trivial: TrivialModel

    @property
    def rms(self) -> float:
        """Root mean square in S."""
        return root_mean_square(np.concatenate(self.trains))


@dataclass(frozen=True)
class Repeats:
    """Errors of a fit that repeat after the same pulse of every cycle: by a device's memory, not by chance.

    The test is the lack of fit by replicates: the mean over cycles of what is missed, pulse by pulse, beside its
    standard error, which follows from how cycles differ; F has degrees of freedom of pulses and of cycles (N. R. Draper
    and H. Smith, Applied Regression Analysis, 3rd edition (Wiley, 1998), chapter 2). `by_chance` is the probability of
    as much if nothing repeats, 1 where fewer than three cycles have the same pulses; `share` the root mean square of
    what repeats, over the root mean square of the mean change by a pulse.
    """

    by_chance: float = 1.0
    share: float = 0.0

    @classmethod
    def of(cls, data: PulseData, missed: Floats, deviation: Floats, span: float, nodes: int) -> Repeats:
        """Look at errors scaled by a span in S, of a fit with so many nodes and gains; rows are sequences."""
        cycles: dict[tuple[str, bytes], list[int]] = {}
        for row, each in enumerate(data.sequences):
            cycles.setdefault((each.device, each.sign.tobytes()), []).append(row)
        between = within = repeated = steps = 0.0
        places, free = -nodes, 0
        for rows in cycles.values():
            if len(rows) < _FEWEST_CYCLES:
                continue
            changes = np.diff(np.stack([data.sequences[row].conductance for row in rows]), axis=1)
            count = np.isfinite(missed[rows, : changes.shape[1]]).sum(axis=0)
            whole = count >= _FEWEST_CYCLES
            error = missed[rows, : changes.shape[1]][:, whole]
            scaled, count = error / deviation[rows, : changes.shape[1]][:, whole], count[whole]
            mean = np.nanmean(scaled, axis=0)
            between += float(count @ mean**2)
            within += float(np.nansum((scaled - mean) ** 2))
            places, free = places + mean.size, free + int((count - 1).sum())
            by_cycles = np.nanvar(error, axis=0, ddof=1) / count
            repeated += float((np.nanmean(error, axis=0) ** 2 - by_cycles).sum())
            steps += float(np.nansum(np.nanmean(changes[:, whole] / span, axis=0) ** 2))
        if places <= 0 or free <= 0 or not steps > 0:
            return cls()
        found = (
            scipy.stats.f.sf(between / places / (within / free), places, free) if within > 0 else float(between == 0)
        )
        return cls(float(found), float(np.sqrt(max(repeated, 0.0) / steps)))


def about_pulses(
    data: PulseData,
    synapse: TabulatedSynapse,
    errors: Errors,
    gain: Floats,
    scaled: Floats,
    parts: tuple[npt.NDArray[np.int64], ...],
    by_chance: float = 1.0,
    repeats: Repeats = Repeats(),
    *,
    spread_known: bool = True,
) -> Iterator[Reason]:
    """Reasons against a fit from its errors in held-out trains.

    `gain` is by how much the fit makes each choosing reading more likely than if pulses did nothing, `scaled` the
    errors of held-out readings from all before them, over their standard deviation. `parts` are 2 where pulses are held
    out, by sequence. `by_chance` is the probability that fitted readings would be as much more likely by steps if
    pulses did nothing, and `spread_known` whether the data tell how devices differ.
    """
    # One reading has no error; neither do numbers that are not finite.
    error = gain.std(ddof=1) / np.sqrt(gain.size) if gain.size > 1 else np.inf
    unclear = not gain.mean() - _RESOLVED * error > 0
    if unclear and by_chance < MOVES:
        yield limitation(
            "steps_uncertain",
            "Pulses move the conductance (in the readings that are fitted, by chance with a probability "
            f"of {by_chance:.1g}), but the {gain.size} that chose the shape of the steps are too few for their "
            "noise to tell how large steps are at which conductance. Measure more cycles, or read with less noise.",
        )
    elif unclear:
        yield failure(
            "pulses_do_nothing",
            f"Readings that were not fitted are more likely by {gain.mean():.2g} (natural logarithm, "
            "each) with the fitted steps than if pulses did nothing, which is no more than chance: the conductance "
            "does not follow the pulses. Use stronger pulses, or look whether the device keeps its state.",
        )
    rms, trivial = errors.rms, errors.trivial
    yield from beside_trivial(
        rms,
        trivial.rms,
        f"After counted pulses the model is off by {_siemens(rms)} in held-out trains; the rule '{trivial.says}' is "
        f"off by {_siemens(trivial.rms)}",
        nothing=", so that counting pulses tells nothing of the conductance.",
        little=": read the conductance back after each pulse.",
    )
    yield from _about_data(data, parts, spread_known)
    yield from _about_memory(scaled, errors)
    if repeats.by_chance < MOVES and repeats.share > _REPEATED:
        yield limitation(
            "misses_repeat",
            f"After the same pulses of every cycle the model misses the conductance the same way, by "
            f"{repeats.share:.0%} of a step (by chance with a probability of {repeats.by_chance:.1g}): what a "
            "pulse does depends on more than the conductance, such as on how many pulses were before.",
        )
    yield from _about_cycles(data, synapse)


def _about_data(data: PulseData, parts: tuple[npt.NDArray[np.int64], ...], spread_known: bool) -> Iterator[Reason]:
    if not spread_known:
        count = len(data.devices)
        enough = count >= FEWEST_DEVICES
        measured = "1 device was measured" if count == 1 else f"{count} devices were measured"
        what = "the trains of pulses up are too short or too alike to tell" if enough else measured
        remedy = "Send more pulses up in a row" if enough else f"Measure {FEWEST_DEVICES} devices or more"
        yield limitation(
            "few_devices", f"How devices differ is not known: {what}. The model's devices are alike. {remedy}."
        )
    signs = {int(sign) for each in data.sequences for sign in each.sign}
    if len(signs) == 1:
        other = "down" if signs == {1} else "up"
        yield limitation(
            "one_sign",
            f"No pulse {other} was measured, so that the model does not move {other}. A network that "
            "learns on the device needs both.",
        )
    if len(data.sequences) == 1:
        yield limitation(
            "one_cycle",
            f"There is one cycle of one device: the {int((parts[0] == 2).sum())} pulses that were held "
            "out lie between fitted ones, and nothing tells how far cycles and devices repeat.",
        )


def _about_memory(scaled: Floats, errors: Errors) -> Iterator[Reason]:
    """A device that remembers more than its conductance errs the same way several times running."""
    scaled = scaled[np.isfinite(scaled)]
    if scaled.size < 20:
        return
    about = scaled - scaled.mean()
    correlation = float(about[1:] @ about[:-1] / (about @ about)) if np.any(about) else 0.0
    # Data almost without noise have errors that are all the model's, however small.
    small = errors.rms < 0.02 * errors.trivial.rms
    if correlation > max(_LINGERS, 3 / np.sqrt(scaled.size)) and not small:
        yield limitation(
            "remembers_more",
            f"Errors of successive readings are correlated ({correlation:.2f}): what a pulse does depends "
            "on more than the conductance, such as on the pulses before or on the time between them.",
        )


def _about_cycles(data: PulseData, synapse: TabulatedSynapse) -> Iterator[Reason]:
    """A range that shifts over the cycles of a device, by a straight line through each end, and more than by chance."""
    span, worst = float(synapse.highest) - float(synapse.lowest), 0.0
    for device in data.devices:
        own = [each.conductance for each in data.sequences if each.device == device]
        if len(own) < 6:
            continue
        for end in (np.nanmax, np.nanmin):
            line = scipy.stats.linregress(np.linspace(0, 1, len(own)), [float(end(each)) for each in own])
            # Two ends of each device are looked at.
            if line.pvalue < _BY_CHANCE / (2 * len(data.devices)):
                worst = max(worst, abs(float(line.slope)) / span)
    if worst > _WANDERS:
        yield limitation(
            "cycles_wander",
            f"Between the first and the last cycles of a device an end of its range shifts by {worst:.0%} "
            "of the range: the model is of their mean.",
        )


def _siemens(value: float) -> str:
    return value_label(value, "S", digits=3)
