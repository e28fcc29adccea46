"""Any train of pulses sent to a synapse, as a laboratory sends it: its conductance after each, with what is unsure."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from solitons.fits.consider_parameters import NORMAL_95
from solitons.fits.provenance import OutsideFittedRange, Provenance

if TYPE_CHECKING:
    import xarray as xr

    from solitons.devices.synapse import AbstractSynapse
    from solitons.devices.tabulated_synapse import TabulatedSynapse

__all__ = ["MOST_PULSES", "compare_with_run", "send_pulses"]

Floats = npt.NDArray[np.float64]

MOST_PULSES = 100_000
"""Pulses of one device; beyond them nobody waits."""
_ROUNDING = 1e-6
"""Share of the range by which a given conductance may be beyond an end and counts as this end."""
_MEASURED = 0.01
"""The same of a measured conductance, from which a fitted range is off by as much."""


def send_pulses(
    synapse: AbstractSynapse | TabulatedSynapse,
    amplitudes: npt.ArrayLike,
    *,
    width: float | None = None,
    rise: float = 0.0,
    period: float | None = None,
    start: float | None = None,
    devices: int = 1,
    seed: int = 0,
) -> xr.Dataset:
    """Send pulses one after the other to devices, and read each after every one.

    They begin where they rest after they were set to their lowest conductance, from which an end may push a wall away,
    or at `start`. Devices differ, and pulses miss, as the synapse's spreads have it; heat shakes the device in every
    step where its model has noise.

    Parameters
    ----------
    synapse : AbstractSynapse or TabulatedSynapse
        The device, fitted or not.
    amplitudes : array (pulses,)
        Current density of each pulse in A/m2, with its sign. For a `TabulatedSynapse` only the sign counts: above 0
        is a pulse up, below 0 one down.
    width, rise, period : float
        Times in s of every pulse: its width, with rise and fall within it, and the period from one pulse to the next.
        Not for a `TabulatedSynapse`, for which one pulse was measured.
    start : float, optional
        Conductance in S from which they begin, as they are, at rest or not.
    devices : int
        How many are drawn.
    seed : int
        Seed of what is drawn.

    Returns
    -------
    xarray.Dataset
        `conductance` (device, pulse) in S, before the first pulse (0) and after each; the spread over `device` is that
        of devices and of cycles. `model_error` in S of the same dims: half of the 95 % interval by the model's errors
        on runs that its fit did not use, 0 before the first pulse; it grows where they do
        (`solitons.fits.prediction`). Of a model that was saved without their growth it is 1.96 times their root mean
        square; NaN where nothing is known of them. Coordinate `amplitude` (pulse), NaN before the first.

    Raises
    ------
    ValueError
        If an amplitude is not finite, there are too many pulses or no device, they are no pulses, or no device has
        the conductance to begin with.

    Warns
    -----
    OutsideFittedRange
        If the model was fitted, and the pulses leave the range of the fit, or more of them go one way than in the runs
        from which `model_error` was learned.

    Examples
    --------
    >>> from solitons.devices import TabulatedSynapse
    >>> from solitons.devices.synapse import example_synapse
    >>> sent = send_pulses(example_synapse(), [-1e12, -1e12, 1e12], width=0.4e-9, rise=0.05e-9, period=1e-9)
    >>> (1e6 * sent.conductance.sel(device=0)).round().values.tolist()  # uS
    [100.0, 240.0, 380.0, 240.0]
    >>> synapse = TabulatedSynapse(lowest=1e-6, highest=5e-6, up=[1e-6, 1e-6], down=[-1e-6, -1e-6])
    >>> (1e6 * send_pulses(synapse, [1, 1, -1]).conductance[0]).round(2).values.tolist()
    [1.0, 2.0, 3.0, 2.0]
    """
    import xarray as xr

    from solitons.devices.pulse_following import follow_pulses
    from solitons.devices.tabulated_synapse import TabulatedSynapse

    sent = np.atleast_1d(np.asarray(amplitudes, dtype=np.float64))
    if sent.ndim != 1 or not np.all(np.isfinite(sent)):
        raise ValueError("send_pulses: amplitudes must be a list of finite current densities, one for each pulse")
    if devices < 1 or sent.size > MOST_PULSES:
        raise ValueError(
            f"send_pulses: {sent.size} pulses for {devices} devices; give {MOST_PULSES} pulses or fewer, and 1 device "
            "or more"
        )
    lowest, _ = _range_of(synapse)
    if start is not None:
        start = _in_range(start, synapse, _ROUNDING, "send_pulses: start")
    if isinstance(synapse, TabulatedSynapse):
        if width is not None or period is not None or rise:
            raise ValueError(
                "send_pulses: a TabulatedSynapse knows the pulses alone that it was fitted to; leave width, rise and "
                "period out"
            )
        generator = np.random.default_rng(seed)
        gains = synapse.gains((devices,), generator)
        first = np.full(devices, lowest if start is None else start)
        conductance = synapse.train(first, np.sign(sent), generator, gains)
        origin = synapse.provenance
        held_out = None if origin is None else origin.held_out_rms
        error = np.full(conductance.shape, np.nan if held_out is None else NORMAL_95 * held_out)
        error[:, 0] *= 0.0
    else:
        if width is None or period is None or not (0 <= 2 * rise <= width <= period < np.inf and width > 0):
            raise ValueError(
                f"send_pulses: width = {width}, rise = {rise} and period = {period} are no pulse; give seconds with "
                "0 <= 2 rise <= width <= period"
            )
        if isinstance(synapse.provenance, Provenance) and sent.any():
            used = np.abs(sent[sent != 0])
            for amplitude in sorted({float(used.min()), float(used.max())}):
                synapse.provenance.check_range(amplitude, width, stacklevel=2)
            _warn_of_growth(synapse.provenance, sent)
        conductance, coordinate = follow_pulses(
            synapse, sent, width, rise, period, start=start, devices=devices, seed=seed
        )
        error = _by_model(synapse, coordinate, sent)
    found = xr.Dataset(
        {
            "conductance": (("device", "pulse"), conductance, {"units": "S", "long_name": "conductance"}),
            "model_error": (("device", "pulse"), error, {"units": "S", "long_name": "95 % error of the model"}),
        },
        {
            "pulse": ("pulse", np.arange(sent.size + 1), {"long_name": "pulses sent"}),
            "device": np.arange(devices),
            "amplitude": ("pulse", np.concatenate([[np.nan], sent])),
        },
    )
    if not isinstance(synapse, TabulatedSynapse):
        found["amplitude"].attrs |= {"units": "A/m2", "long_name": "current density"}
    return found


def compare_with_run(synapse: AbstractSynapse, run: xr.Dataset, junction: xr.Dataset) -> xr.Dataset:
    """Send a synapse the pulses of a run, from the conductance at which its device began, beside what that did.

    Parameters
    ----------
    synapse : AbstractSynapse
        The model.
    run : xarray.Dataset
        A run from the store, with trains of current pulses that differ in amplitude alone.
    junction : xarray.Dataset
        The conductance of its junction, from `analysis.tunnel_junction`, as the synapse has it.

    Returns
    -------
    xarray.Dataset
        As of `send_pulses`, of one device, with `measured` (pulse) in S.

    Raises
    ------
    ValueError
        If the run has no current pulses, or of several shapes, or it begins beyond an end of the
        synapse's range by more than 1 % of the range.

    Examples
    --------
    A wall that two pulses push along a small stripe, beside an ideal synapse that goes 10 nm a pulse:

    >>> from analysis import tunnel_junction
    >>> from geometries import Stripe
    >>> from runs import CurrentPulses, Protocol, Relax, RunSpec, simulate
    >>> from solitons.devices import Junction, LinearSynapse
    >>> film = {"name": "film", "Ms": 6e5, "A": 1.2e-11, "Ku": 5e5, "alpha": 0.3, "P": 0.6, "beta": 0.3}
    >>> stripe = Stripe(length="96 nm", width="8 nm", thickness="1 nm", cell=("4 nm", "4 nm", "1 nm"),
    ...                 walls=[{"position": "40 nm"}], readout_window={"x": ("0 nm", "96 nm")})
    >>> train = CurrentPulses(amplitude=1e12, width=0.2e-9, rise=2e-11, period=0.3e-9, count=2, polarity="negative")
    >>> push = Protocol(steps=[Relax(), train])
    >>> run = simulate(RunSpec(device=stripe, material=film, protocol=push, engine="native"))
    >>> junction = tunnel_junction(run, stripe.window_mask(), tmr=1.0, resistance_area=1e-11)
    >>> ends = Junction(left=0.0, right=96e-9, parallel=7.68e-5, antiparallel=3.84e-5)
    >>> synapse = LinearSynapse(mobility=-5.5e-11, junction=ends, polarity=-1, left=0.0, right=96e-9)
    >>> beside = compare_with_run(synapse, run, junction)
    >>> dict(beside.sizes), bool(np.all(np.abs(beside.conductance - beside.measured) < 4e-6))  # of 77 uS
    ({'device': 1, 'pulse': 3}, True)
    """
    from analysis.domain_walls.pulse_trains import pulses
    from runs.protocols.pulses import CurrentPulses
    from runs.spec import read_spec

    protocol = read_spec(run.attrs["spec"], run.attrs["run_id"]).in_time
    trains = [step for step in protocol.steps if isinstance(step, CurrentPulses)]
    shapes = {(train.width, train.rise, train.period) for train in trains}
    if len(shapes) != 1:
        raise ValueError(
            f"compare_with_run: the run has current pulses of {len(shapes)} shapes; give one whose trains have one "
            "width, rise and period"
        )
    seen = pulses(run, junction=junction, pulse_edges=protocol.pulse_edges())
    measured = np.append(seen.attrs["initial_conductance"], seen["conductance"].values)
    width, rise, period = shapes.pop()
    start = _in_range(float(measured[0]), synapse, _MEASURED, "compare_with_run: the run's first conductance")
    sent = send_pulses(synapse, seen["amplitude"].values, width=width, rise=rise, period=period, start=start)
    return sent.assign(measured=("pulse", measured, {"units": "S", "long_name": "conductance in the run"}))


def _range_of(synapse: AbstractSynapse | TabulatedSynapse) -> tuple[float, float]:
    from solitons.devices.tabulated_synapse import TabulatedSynapse

    ends = (synapse.lowest, synapse.highest) if isinstance(synapse, TabulatedSynapse) else synapse.conductances
    return float(ends[0]), float(ends[1])


def _in_range(conductance: float, synapse: AbstractSynapse | TabulatedSynapse, beyond: float, what: str) -> float:
    """The conductance in S, or the end that it is beyond by less than a share of the range."""
    lowest, highest = _range_of(synapse)
    nearest = min(max(conductance, lowest), highest)
    if not abs(conductance - nearest) <= beyond * (highest - lowest):
        raise ValueError(
            f"{what} = {conductance:.12g} S is no conductance of this synapse; give one from {lowest:.12g} to "
            f"{highest:.12g} S"
        )
    return nearest


def _warn_of_growth(origin: Provenance, sent: Floats) -> None:
    most = int(np.abs(np.cumsum(np.sign(sent))).max())
    if origin.prediction is not None and most > origin.prediction.pulses:
        warnings.warn(
            f"{most} pulses go one way, and the model's errors are known after {origin.prediction.pulses} at most: "
            "beyond, model_error is extrapolated; run and fit longer trains",
            OutsideFittedRange,
            stacklevel=3,
        )


def _by_model(synapse: AbstractSynapse, coordinate: Floats, sent: Floats) -> Floats:
    """Half of the conductance between the ends of the interval of the coordinates (devices, pulses + 1)."""
    import jax

    from solitons.devices.synapse import AbstractPositionSynapse

    origin = synapse.provenance
    if not isinstance(origin, Provenance) or not isinstance(synapse, AbstractPositionSynapse):
        return np.full(coordinate.shape, np.nan)
    rms = np.nan if origin.held_out_rms_at_rest is None else origin.held_out_rms_at_rest
    error = NORMAL_95 * rms * (np.arange(sent.size + 1) > 0)
    if origin.prediction is not None:
        error = np.append(0.0, origin.prediction.half_width(sent))
    with jax.enable_x64(True):
        state = synapse.repeated(synapse.reset(), coordinate.shape)
        left, right = (
            np.asarray(synapse.conductance(synapse.at(state, np.clip(coordinate + side * error, *synapse.reach))))
            for side in (-1, 1)
        )
    return np.abs(right - left) / 2
