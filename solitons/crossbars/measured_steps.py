"""The steps of a synapse of any family, measured pulse by pulse, and what their table gets wrong of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import jax
import numpy as np
import numpy.typing as npt

from solitons.crossbars.device_array import DeviceArray
from solitons.crossbars.step_table import StepTable
from solitons.devices.programming import after_pulse
from solitons.devices.pulse_shape import ProgrammingPulse
from solitons.devices.spreads import normal_parts
from solitons.devices.synapse import AbstractSynapse
from solitons.fits.provenance import Provenance, SwitchingProvenance

__all__ = ["measured_table", "table_error"]

Floats = npt.NDArray[np.float64]

_FOLLOWED = 256
"""Number of devices over which a table's error is averaged."""
_MEASURING = 1 << 29
"""Seed of the random numbers with which a table is measured: a writer with the same seed has others."""


def measured_table(
    synapse: AbstractSynapse,
    pulse: ProgrammingPulse,
    *,
    drives: Sequence[float] = (1.0, -1.0),
    devices: int = 8,
    places: int = 33,
    quantiles: int = 16,
    seed: int = 0,
) -> StepTable:
    """Measure what pulses of the longest width do to a synapse and to others of its drawing.

    Parameters
    ----------
    synapse : AbstractSynapse
        The mean device, with its spreads.
    pulse : ProgrammingPulse
        Its amplitude, longest width, rise and period.
    drives : sequence of float
        Amplitudes over the pulse's. Positive ones raise the conductance whatever the sign of the current.
    devices : int
        Number of devices of the table, drawn by the synapse's `drawn_devices`; one if they are alike.
    places : int
        Number of places at which they are measured.
    quantiles : int
        Number of quantiles of chance; one without heat and spreads.
    seed : int
        Seed of the devices and of heat.

    Raises
    ------
    ValueError
        If the pulse does not change the conductance.

    Examples
    --------
    >>> from solitons.devices.synapse import example_synapse
    >>> synapse = example_synapse()
    >>> pulse = ProgrammingPulse(amplitude=1e12, shortest=1e-10, longest=3e-10, rise=5e-11, period=5e-10)
    >>> table = measured_table(synapse, pulse, places=5)
    >>> (1e6 * table.conductance).round().tolist(), round(table.pulses_across, 1)  # uS; from one end to the other
    ([100.0, 200.0, 300.0, 400.0, 500.0], 5.0)
    """
    with jax.enable_x64(True):
        coordinate, conductance, discrete = _places(synapse, places)
        miss = float(np.hypot(synapse.spreads.cycle, synapse.spreads.place))
        hot = synapse.noise(jax.random.key(0), (1,)) is not None
        differ = float(synapse.spreads.gain) > 0 or synapse.drawn_devices(1, seed).synapse is not synapse
        drawn = synapse.drawn_devices(devices if differ else 1, seed)
        # Quantiles of the misses as of the devices' gains: few stand for the whole spread.
        misses = miss * normal_parts(quantiles) if miss > 0 else np.zeros(1)
        draws = quantiles if hot else 1

        def after(amplitude: float, number: int) -> Floats:
            """Coordinates (devices, places, draws) after a pulse."""
            sizes = amplitude * drawn.gains
            known = drawn.synapse.ends_of_pulse(coordinate, sizes, pulse, draws, seed + number) if hot else None
            if known is not None:
                return np.asarray(known)
            shape = (drawn.gains.size, coordinate.size, draws)
            start = synapse.at(synapse.repeated(synapse.reset(), shape), np.broadcast_to(coordinate[:, None], shape))
            key = jax.random.fold_in(jax.random.fold_in(jax.random.key(seed), _MEASURING), number)
            sent = np.broadcast_to(sizes[:, None, None], shape)
            return np.asarray(synapse.coordinate(after_pulse(synapse, start, sent, pulse, key if hot else None)))

        ends = [float(np.mean(after(each * pulse.amplitude, len(drives)))) for each in (1.0, -1.0)]
        sign = 1.0 if np.sign(conductance[-1] - conductance[0]) * (ends[0] - ends[1]) >= 0 else -1.0
        found = np.empty((drawn.gains.size, len(drives), coordinate.size, draws * misses.size))
        for index, drive in enumerate(drives):
            moved = after(sign * drive * pulse.amplitude, index) - coordinate[:, None]
            here = misses if drive else np.zeros(misses.size)
            found[:, index] = np.sort((moved[..., None] + here).reshape(*moved.shape[:2], -1), axis=-1)
    fitted, outside = _fitted(synapse.provenance, pulse, sign * np.outer(drawn.gains, drives))
    table = StepTable(
        coordinate,
        conductance,
        tuple(float(each) for each in drives),
        found,
        discrete=discrete,
        outside=outside,
        fitted=fitted,
        spread_known=synapse.spread_known,
        chance_known=bool(hot or synapse.spreads.between_cycles),
        period=pulse.period,
        current_sign=sign,
        scales=drawn.scales if differ and (drawn.scales != 1).any() else None,
    )
    low, high = table.range
    for drive in (1.0, -1.0):
        if drive in table.drives and not abs(table.mean_step(drive)) > 1e-6 * (high - low):
            raise ValueError(
                f"measured_table: pulses of {drive * pulse.amplitude:.3g} A/m2 and {pulse.longest:.3g} s change the "
                f"conductance by {table.mean_step(drive):.3g} S in the mean, of a range of {high - low:.3g} S; use "
                "stronger or longer ones"
            )
    return table


def _places(synapse: AbstractSynapse, count: int) -> tuple[Floats, Floats, bool]:
    low, high = (float(each) for each in synapse.reach)
    wanted = np.linspace(low, high, count)
    states = synapse.at(synapse.repeated(synapse.reset(), (count,)), wanted)
    reached = np.asarray(synapse.coordinate(states))
    places, first = np.unique(np.round(reached / (high - low), 9), return_index=True)
    conductance = np.asarray(synapse.conductance(states))[first]
    # Rounding of a saturated end must not look like a fall.
    slope = np.sign(conductance[-1] - conductance[0])
    conductance = slope * np.maximum.accumulate(slope * conductance)
    return reached[first], conductance, bool(places.size < count)


def _fitted(origin: Any, pulse: ProgrammingPulse, sizes: Floats) -> tuple[tuple[float, float], npt.NDArray[np.bool_]]:
    """Coordinates that a model was fitted on, and which of the drives (devices, drives) lie outside of its range.

    Drives have the sign of their current. Walls and skyrmions are fitted on sizes of currents; a junction that flips by
    chance on currents with their sign, since one sign of it flips only one way, unless both ways were fitted.
    """
    position, amplitudes, widths = (-np.inf, np.inf), (0.0, np.inf), (0.0, np.inf)
    drive = np.abs(sizes) * pulse.amplitude
    if isinstance(origin, Provenance):
        position, amplitudes, widths = (
            origin.fitted_range.position, origin.fitted_range.amplitude, origin.fitted_range.width,
        )  # fmt: skip
    elif isinstance(origin, SwitchingProvenance):
        amplitudes, widths = origin.current_density, origin.time
        drive = drive if origin.both_ways else sizes * pulse.amplitude
    margin = 1e-9 * pulse.amplitude
    beyond = (drive < amplitudes[0] - margin) | (drive > amplitudes[1] + margin)
    wide = not widths[0] * (1 - 1e-9) <= pulse.longest <= widths[1] * (1 + 1e-9)
    return position, (sizes != 0) & (beyond | wide)


def table_error(
    synapse: AbstractSynapse, pulse: ProgrammingPulse, table: StepTable, pulses: int = 40, seed: int = 0
) -> float:
    """Error of the table against the device that it was measured on, over the range of conductance.

    The mean device and the table are driven by the same pulses of random signs, each from the middle of its range, 256
    of either with chances of their own. Where a device consists of parts that differ, such as junctions, devices of
    such parts are followed: the table does not know which of them are switched. Returned is the root mean square over
    the pulses of the difference of their mean conductances, less the part that chance makes, over the range; 0 where
    chance makes all of it.
    """
    generator = np.random.default_rng(seed)
    signs = generator.choice([1, -1], pulses)
    low, high = table.range
    cells = DeviceArray.of(table.without_spread(), np.full((_FOLLOWED,), (low + high) / 2), seed=seed)
    drawn = synapse.drawn_devices(_FOLLOWED, seed + 1).synapse
    with jax.enable_x64(True):
        state = synapse.at(synapse.repeated(synapse.reset(), (_FOLLOWED,)), cells.coordinate)
        hot = synapse.noise(jax.random.key(0), (1,)) is not None
        key = jax.random.fold_in(jax.random.key(seed), _MEASURING + 1)
        squares = []
        left, right = synapse.reach
        for index, each in enumerate(signs):
            noise = jax.random.fold_in(key, index) if hot else None
            amplitude = np.full(_FOLLOWED, table.current_sign * each * pulse.amplitude)
            state = after_pulse(drawn, state, amplitude, pulse, noise)
            missed = np.asarray(synapse.spreads.misses(jax.random.fold_in(key, 10_000 + index), (_FOLLOWED,)))
            moved = np.clip(np.asarray(synapse.coordinate(state) + missed), float(left), float(right))
            state = synapse.at(state, moved)
            cells.send(np.full(_FOLLOWED, each))
            ours, its = cells.conductance, np.asarray(synapse.conductance(state))
            chance = (np.var(ours, ddof=1) + np.var(its, ddof=1)) / _FOLLOWED
            squares.append((float(its.mean()) - float(ours.mean())) ** 2 - chance)
    return float(np.sqrt(max(np.mean(squares), 0.0)) / (high - low))
