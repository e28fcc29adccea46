"""A synapse from conductances after pulses, measured or computed, with a report of how well it fits.

Three shapes of what a pulse does are fitted to some cycles: the same everywhere ("constant"), linear in the conductance
("exponential", the parametrisation of NeuroSim), and a free table. Cycles that were not fitted choose among them by
their likelihood, and a richer shape must beat a simpler one by more than chance. A third part of the cycles, that was
used for neither, gives the errors.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy

from solitons.devices.device_spread import FEWEST_DEVICES, DeviceSpread, device_spread
from solitons.devices.level_count import LevelCount, count_levels
from solitons.devices.tabulated_synapse import TabulatedSynapse
from solitons.exports.pulse_data import PulseData, PulseTrain
from solitons.exports.pulse_judgement import MOVES, Errors, Repeats, about_pulses
from solitons.exports.pulse_likelihood import (
    FINE,
    Readings,
    StepFit,
    errors_of_devices,
    fit_steps,
    log_likelihoods,
    smoothed,
)
from solitons.figures import value_label
from solitons.fits.provenance import PulseProvenance
from solitons.fits.trivial_model import best_first
from solitons.fits.verdict import Verdict, judge

__all__ = ["SHAPES", "PulseFit", "fit_pulses", "parts_of"]

Floats = npt.NDArray[np.float64]

SHAPES: Mapping[str, int] = {"constant": 1, "exponential": 2, "table of 5": 5, "table of 9": 9}
"""Names of the shapes of a step, and their nodes; 1 node is a step that is the same everywhere."""
FITTED, CHOOSING, HELD_OUT, LOST = 0, 1, 2, -1
_BLOCK = 6
"""Pulses that are held out together where there are one or two cycles alone; fewer where a cycle is short."""
_LEAST_CHANGE = 1e-3
_NOTICED = 0.01
"""By which a reading must be more likely (natural logarithm): data without noise tell apart what nobody would."""


@dataclass(frozen=True, eq=False)
class PulseFit:
    """A synapse that was fitted to pulses.

    Parameters
    ----------
    synapse : TabulatedSynapse
        With its spreads, its provenance and its verdict.
    data : PulseData
        Data of the fit.
    verdict : Verdict
        Whether it may be used.
    errors : Errors
        Errors in held-out trains, beside trivial models'.
    likelihoods : dict of str to float
        Mean gain in log-likelihood (natural) of a choosing reading by each shape, over a model in which pulses do
        nothing; the shape was chosen by it.
    levels : LevelCount or None
        Levels three standard deviations apart that counted pulses reach, in S where `LevelCount` has m; None where the
        fit failed.
    device_spread : DeviceSpread or None
        How devices differ, in S where it has m; None of fewer than three.
    parts : tuple of int arrays
        Use of each pulse, by sequence: 0 fitted, 1 choosing, 2 held out.

    Examples
    --------
    >>> from solitons.exports.pulse_data import PulseSequence
    >>> path, sign = 1e-6 * np.array([1.0, 2, 3, 4, 3, 2, 1]), np.repeat([1, -1], 3)
    >>> data = PulseData(tuple(PulseSequence("1", str(each), sign, path) for each in range(5)), "a device")
    >>> fit = fit_pulses(data)
    >>> fit.shape, fit.errors.rms < 1e-9, f"{fit.errors.trivial.rms:.0e} S"  # beside what says nothing
    ('constant', True, '1e-06 S')
    """

    synapse: TabulatedSynapse
    data: PulseData
    verdict: Verdict
    errors: Errors
    likelihoods: Mapping[str, float]
    levels: LevelCount | None
    device_spread: DeviceSpread | None
    parts: tuple[npt.NDArray[np.int64], ...]

    @property
    def shape(self) -> str:
        """Name of the chosen shape."""
        assert self.synapse.provenance is not None
        return self.synapse.provenance.model

    def __str__(self) -> str:
        """Say how well it fits, in a few lines; of a failed fit only why it failed."""
        found = self.errors
        count = len(self.data.devices)
        heading = (
            f"{self.data.source}: {self.verdict.verdict}; {self.data.pulses} pulses of {count} "
            f"{'device' if count == 1 else 'devices'}"
        )
        if self.verdict.failed:
            return "\n".join([heading, *(reason.sentence for reason in self.verdict.reasons)])
        lines = [
            f"{heading}, a pulse is {self.shape}",
            f"held out: off by {value_label(found.rms, 'S', digits=3)} after counted pulses; the rule "
            f"'{found.trivial.says}' is off by {value_label(found.trivial.rms, 'S', digits=3)}",
            *(reason.sentence for reason in self.verdict.reasons),
        ]
        if self.levels is not None:
            low, high = self.levels.ci95
            lines.append(f"levels by counted pulses, 3 σ apart: {self.levels.number}; 95 % interval {low} to {high}")
        return "\n".join(lines)


def parts_of(data: PulseData) -> tuple[npt.NDArray[np.int64], ...]:
    """Split of pulses by sequence: fitted, choosing the shape, or held out.

    From five sequences on, of each five three are fitted, one chooses and one is held out; of three and four the last
    is held out and the last but one chooses. With two, the second is held out, and blocks of the first choose. In a
    single one, blocks of pulses have the three uses by turns. Blocks are as short as every use needs; too few pulses
    for that are an error.
    """
    count = len(data.sequences)
    # The first of two sequences is cut into three blocks or more, a single one into five or more.
    blocks = {1: 5, 2: 3}.get(count, 1)
    if count == 0 or data.sequences[0].sign.size < blocks:
        raise ValueError(
            f"fit_pulses: {data.source} has {data.pulses} pulses in {count} cycle(s), too few to fit some, choose by "
            "others and hold out the rest; measure at least three cycles, or one of some dozen pulses"
        )
    length = min(_BLOCK, data.sequences[0].sign.size // blocks)
    found = []
    for number, each in enumerate(data.sequences):
        block = np.arange(each.sign.size) // length
        if count >= 5:
            part = np.full(block.shape, (FITTED, CHOOSING, FITTED, HELD_OUT, FITTED)[number % 5])
        elif count >= 3:
            part = np.full(block.shape, {count - 1: HELD_OUT, count - 2: CHOOSING}.get(number, FITTED))
        elif count == 2:
            part = np.where(block % 3 == 2, CHOOSING, FITTED) if number == 0 else np.full(block.shape, HELD_OUT)
        else:
            part = np.array([FITTED, FITTED, CHOOSING, FITTED, HELD_OUT])[block % 5]
        found.append(part.astype(np.int64))
    return tuple(found)


def fit_pulses(data: PulseData) -> PulseFit:
    """Fit a synapse to conductances after pulses.

    Parameters
    ----------
    data : PulseData
        Measured (`read_pulse_data`) or computed (`pulse_trains`).

    Returns
    -------
    PulseFit

    Raises
    ------
    ValueError
        If the conductance is the same after every pulse that is not held out, or there are too few pulses.

    Examples
    --------
    >>> from solitons.exports.pulse_data import PulseSequence
    >>> path = 1e-6 * np.concatenate([np.arange(1, 21), np.arange(19, 0, -1)])
    >>> sign = np.repeat([1, -1], 19)
    >>> data = PulseData(tuple(PulseSequence("1", str(each), sign, path) for each in range(5)), "an ideal device")
    >>> fit = fit_pulses(data)
    >>> fit.shape, (1e6 * fit.synapse.up).round(3).tolist()
    ('constant', [1.0, 1.0])
    """
    parts = parts_of(data)
    low, high = _learned_range(data, parts)
    if high - low < _LEAST_CHANGE * low:
        raise ValueError(
            f"fit_pulses: {data.source} has conductances from {low:.5g} to {high:.5g} S, held-out ones aside, less "
            "than a thousandth apart: its pulses do nothing that could be fitted; use stronger or longer ones"
        )
    readings = Readings.of(data.sequences, low, high - low)
    part = np.full(readings.sign.shape, -1)
    for row, each in enumerate(parts):
        part[row, : each.size] = each
    part[np.isnan(readings.value[:, 1:])] = LOST
    still = fit_steps(readings, part == FITTED, 1, still=True)
    nothing, *_ = log_likelihoods(still, readings)
    gains: dict[str, Floats] = {}
    fitted: dict[str, float] = {}
    for name, nodes in SHAPES.items():
        fit = fit_steps(readings, part == FITTED, nodes)
        gain = log_likelihoods(fit, readings)[0] - nothing
        gains[name], fitted[name] = gain[part == CHOOSING], float(gain[part == FITTED].sum())
    signs = sum(bool((readings.sign[part >= 0] == sign).any()) for sign in (1, -1))
    name = _chosen(gains, fitted, signs)
    used = (part == FITTED) | (part == CHOOSING)
    best, readings = _in_range_of_states(data, parts, readings, used, SHAPES[name], learned=True)
    trains = data.trains()
    held_out = [each for each in trains if _held_out(each, parts).any()]
    learned = [each for each in trains if not _held_out(each, parts).all()]
    synapse = _synapse(best, readings, SHAPES[name])
    errors = _errors(synapse, held_out, learned, parts)
    likely, missed, deviation = log_likelihoods(best, readings)
    unmoved, *_ = log_likelihoods(fit_steps(readings, used, 1, still=True), readings)
    by_chance = _by_chance((likely - unmoved)[used].sum(), SHAPES[name] * signs)
    # Devices that merely differ remember nothing: each has its own gain up and down.
    if len(data.devices) > 1:
        missed, deviation = errors_of_devices(best, readings, data.sequences)
    free = (SHAPES[name] + len(data.devices) - 1) * signs
    repeats = Repeats.of(data, missed, deviation, readings.span, free)
    if data.range != (low, high):
        # The errors belong to a model that has not seen the range of held-out readings; the used model may go there.
        low, high = data.range
        readings = Readings.of(data.sequences, low, high - low)
        best, readings = _in_range_of_states(data, parts, readings, used, SHAPES[name], learned=False)
        synapse = _synapse(best, readings, SHAPES[name])
    spread = _between_devices(data)
    known = spread is not None and spread.gain is not None
    scaled = (missed / deviation)[part == HELD_OUT]
    verdict = judge(
        about_pulses(data, synapse, errors, gains[name], scaled, parts, by_chance, repeats, spread_known=known)
    )
    provenance = PulseProvenance(
        source=data.source,
        sha256=data.sha256,
        pulse=data.pulse,
        model=name,
        devices=len(data.devices),
        cycles=len(data.sequences),
        pulses=data.pulses,
        held_out_rms=errors.rms,
        trivial_rms=errors.trivial.rms,
        verdict=verdict.verdict,
        device_spread_known=known,
    )
    whole = _synapse(best, readings, SHAPES[name], spread, provenance)
    levels = None if verdict.failed else _levels(whole, errors)
    likelihoods = {each: float(np.mean(found)) for each, found in gains.items()}
    return PulseFit(whole, data, verdict, errors, likelihoods, levels, spread, parts)


def _learned_range(data: PulseData, parts: tuple[npt.NDArray[np.int64], ...]) -> tuple[float, float]:
    """Smallest and largest conductance in S of the readings that are not held out."""
    learned = np.concatenate(
        [
            # The reading before the first pulse is of its part.
            each.conductance[np.append(part[0], part) != HELD_OUT]
            for each, part in zip(data.sequences, parts, strict=True)
        ]
    )
    return float(np.nanmin(learned)), float(np.nanmax(learned))


def _in_range_of_states(
    data: PulseData,
    parts: tuple[npt.NDArray[np.int64], ...],
    readings: Readings,
    used: npt.NDArray[np.bool_],
    nodes: int,
    *,
    learned: bool,
) -> tuple[StepFit, Readings]:
    """The fit over the range of the conductance behind the readings, whose noise goes beyond it at both ends.

    Cycles of a device with the same pulses are averaged: of many, one always goes furthest by chance.
    """
    best = fit_steps(readings, used, nodes)
    means = smoothed(best, readings)
    cycles: dict[tuple[str, bytes], list[Floats]] = {}
    for row, (each, part) in enumerate(zip(data.sequences, parts, strict=True)):
        seen = np.append(part[0], part) != HELD_OUT if learned else np.ones(part.size + 1, dtype=bool)
        if seen.any():
            path = np.where(seen, means[row, : each.conductance.size], np.nan)
            cycles.setdefault((each.device, each.sign.tobytes() + seen.tobytes()), []).append(path)
    ends = np.concatenate([np.mean(each, axis=0) for each in cycles.values()])
    ends = ends[np.isfinite(ends)]
    low = readings.low + readings.span * max(float(ends.min()), 0.0)
    high = readings.low + readings.span * min(float(ends.max()), 1.0)
    if not high - low > _LEAST_CHANGE * low:
        return best, readings  # which the verdict refuses: pulses do nothing that is not noise
    readings = Readings.of(data.sequences, low, high - low)
    return fit_steps(readings, used, nodes), readings


def _by_chance(more: float, nodes: int) -> float:
    """Probability that so many nodes more, which mean nothing, make readings by so much more likely (logarithm).

    Twice a log-likelihood of nested models is chi-squared, with as many degrees of freedom as one has more nodes.
    """
    return float(scipy.stats.chi2.sf(2 * max(more, 0.0), nodes))


def _chosen(gains: Mapping[str, Floats], fitted: Mapping[str, float], signs: int) -> str:
    """The simplest shape that no richer one beats and that the readings which were fitted do not reject.

    A richer one beats it where choosing readings say so clearly, reading by reading, and beats all between.
    """
    names = list(gains)
    best, highest = names[0], float(gains[names[0]].mean())
    for name in names[1:]:
        better = gains[name] - gains[best]
        error = float(better.std(ddof=1) / np.sqrt(better.size)) if better.size > 1 else np.inf
        clear = max(scipy.stats.t.ppf(0.975, max(better.size - 1, 1)) * error, _NOTICED)
        more = (SHAPES[name] - SHAPES[best]) * signs
        rejected = better.mean() > _NOTICED and _by_chance(fitted[name] - fitted[best], more) < MOVES
        if (better.mean() > clear or rejected) and gains[name].mean() > highest:
            best = name
        highest = max(highest, float(gains[name].mean()))
    return best


def _synapse(
    fit: StepFit,
    readings: Readings,
    nodes: int,
    spread: DeviceSpread | None = None,
    provenance: PulseProvenance | None = None,
) -> TabulatedSynapse:
    every = (FINE - 1) // max(nodes - 1, 1)
    # For an unmeasured sign the fit has only a start: such pulses do nothing.
    up, down = (float((readings.sign == sign).any()) for sign in (1, -1))
    return TabulatedSynapse(
        lowest=readings.low,
        highest=readings.low + readings.span,
        up=up * readings.span * np.maximum(fit.up[::every], 0.0),
        down=down * readings.span * np.minimum(fit.down[::every], 0.0),
        cycle_up=up * readings.span * fit.cycle_up,
        cycle_down=down * readings.span * fit.cycle_down,
        read_noise=readings.span * fit.read,
        gain=spread.gain if spread is not None and spread.gain is not None else 0.0,
        provenance=provenance,
    )


def _held_out(train: PulseTrain, parts: tuple[npt.NDArray[np.int64], ...]) -> npt.NDArray[np.bool_]:
    """Mask of a train's held-out pulses."""
    last = train.first + train.conductance.size - 1
    return np.asarray(parts[train.sequence][train.first : last] == HELD_OUT)


def _errors(
    synapse: TabulatedSynapse,
    held_out: Sequence[PulseTrain],
    learned: Sequence[PulseTrain],
    parts: tuple[npt.NDArray[np.int64], ...],
) -> Errors:
    """Errors after counted pulses in held-out trains, from their first reading alone."""
    found, stays, mean = [], [], []
    known = float(np.nanmean(np.concatenate([each.conductance for each in learned]))) if learned else np.nan
    for each in held_out:
        read = np.isfinite(each.conductance)
        first = int(np.argmax(read))
        path = each.conductance[first:]
        which = (_held_out(each, parts) & read[1:])[first:]
        if not which.any():
            continue
        predicted = synapse.train(path[0], np.full(path.size - 1, each.sign))
        found.append((path - predicted)[1:][which])
        stays.append((path - path[0])[1:][which])
        mean.append((path - known)[1:][which])
    trivial = {"the conductance stays where a train begins": stays}
    if learned:
        trivial["the conductance is always the mean reading"] = mean
    return Errors(tuple(found), best_first(trivial)[0])


def _levels(synapse: TabulatedSynapse, errors: Errors) -> LevelCount | None:
    """Levels over what pulses up reach from the lowest, blurred by all that is off after counted pulses."""
    try:
        reached = synapse.reached_by_counting()
    except ValueError:
        return None
    floor = 1e-12 * float(synapse.highest)
    return count_levels([np.append(each, floor) for each in errors.trains], float(np.ptp(reached)))


def _between_devices(data: PulseData) -> DeviceSpread | None:
    """How devices differ under the same pulses up, in the mean over their cycles."""
    by_device: dict[str, list[Floats]] = {}
    for each in data.trains():
        if each.sign > 0:
            by_device.setdefault(each.device, []).append(each.conductance)
    if len(by_device) < FEWEST_DEVICES:
        return None
    shortest = min(len(path) for paths in by_device.values() for path in paths)
    if shortest < 3:
        return None
    means = np.stack([np.nanmean([path[:shortest] for path in paths], axis=0) for paths in by_device.values()])
    whole = means[:, np.isfinite(means).all(axis=0)]
    return device_spread(whole) if whole.shape[1] > 2 else None
