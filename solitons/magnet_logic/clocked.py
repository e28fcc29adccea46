"""An array under the clock of a protocol, as coupled macrospins in the fields that micromagnetics is given."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import xarray as xr

from analysis.logic.values import decided
from geometries import MagnetArray, Material
from runs import FieldSteps, Protocol
from runs.protocols.waveform import PiecewiseLinear
from solitons.magnet_logic.arrays import array_macrospins
from solitons.magnet_logic.coupled_macrospins import CoupledMacrospins
from solitons.magnet_logic.driven import follow_ramps

__all__ = ["follow_protocol", "protocol_ramps"]

Floats = npt.NDArray[np.float64]

_LEAN = 0.02
"""rad by which each magnet starts off its axis: exactly along it a field across exerts no torque that has a side."""


def protocol_ramps(
    array: MagnetArray, protocol: Protocol | FieldSteps, *, step_duration: float = 1e-9
) -> tuple[Floats, Floats]:
    """Give the field on each magnet, straight between corners: the mean over its cells, its bias among it.

    Parameters
    ----------
    array : MagnetArray
        With the lines that the protocol drives.
    protocol : Protocol or FieldSteps
        In time, without oscillations; or in field steps.
    step_duration : float
        Of a field step, in s: the magnets come to rest if it is long beside their response.

    Returns
    -------
    tuple of two numpy.ndarray, shapes (ramps,) and (ramps + 1, magnets, 3)
        Durations in s, and fields in A/m.

    Raises
    ------
    ValueError
        If the protocol drives a current through the magnets, or a waveform oscillates or jumps.

    Examples
    --------
    >>> from geometries.magnet_array import inverter
    >>> from runs import zone_clock
    >>> durations, fields = protocol_ramps(inverter(1), zone_clock(inverter(1), 1.2e5))
    >>> round(float(durations.sum()) * 1e9), fields.shape[1:]  # ns: two steps up and eight down
    (10, (2, 3))
    """
    labels, count = array.cell_labels(), len(array.magnets)
    steady = array.held_fields() + np.asarray(protocol.static_field if isinstance(protocol, Protocol) else np.zeros(3))
    if isinstance(protocol, FieldSteps):
        fields = steady + protocol.rest_fields[:, None, :]
        for local in protocol.local_fields(array):
            fields = fields + local.share[:, None, None] * _means(local.field, labels, count)
        return np.full(len(fields) - 1, step_duration), fields
    owner = "protocol_ramps: the protocol"
    parts: list[tuple[PiecewiseLinear, Floats]] = [
        (wave.straight_lines(f"{owner}'s field"), np.tile(np.eye(3)[axis], (count, 1)))
        for axis, wave in enumerate(protocol.field_waveforms())
    ]
    for terminal, wave in protocol.channels(array):
        if terminal.kind != "strip_line":
            raise ValueError(
                f"{owner} drives terminal {terminal.name!r} ({terminal.kind}), and macrospins feel fields alone; drive "
                "strip lines or the field"
            )
        lines = wave.straight_lines(f"{owner}'s current in {terminal.name!r}")
        parts.append((lines, _means(terminal.field_in(array), labels, count)))
    times = np.unique(np.concatenate([[0.0, protocol.duration], *(_corners(wave) for wave, _ in parts)]))
    fields = np.zeros((len(times), count, 3)) + steady
    for wave, shape in parts:
        fields += wave(times)[:, None, None] * shape
    return np.diff(times), fields


def follow_protocol(
    array: MagnetArray,
    material: Material,
    protocol: Protocol | FieldSteps,
    *,
    temperature: float | None = None,
    members: int = 1,
    seed: int = 0,
    longest_ramp: float = 1e-10,
    step_duration: float = 1e-9,
    macrospins: CoupledMacrospins | None = None,
) -> xr.Dataset:
    """Follow an array through a protocol as coupled macrospins, and read its magnets.

    Parameters
    ----------
    array, protocol, step_duration
        As for `protocol_ramps`.
    material : Material
        As for `array_macrospins`.
    temperature : float, optional
        In K; the protocol's if left out.
    members : int
        How many trajectories.
    seed : int
        Of the random numbers.
    longest_ramp : float
        Longest time between two states that are kept, in s, of a protocol in time.
    macrospins : CoupledMacrospins, optional
        Those of the array, if they are there already; their temperature is taken.

    Returns
    -------
    xarray.Dataset
        `projection` and `value`, as of `analysis.logic_values`, over `member`, `t` (s) or `step`, and `magnet`.

    Raises
    ------
    ValueError
        As for `protocol_ramps`, `array_macrospins` and `follow_ramps`, or if the protocol has another temperature than
        what is asked for, or one that changes.

    Examples
    --------
    >>> from geometries.magnet_array import inverter
    >>> from runs import zone_clock
    >>> permalloy = Material(name="permalloy", Ms=8e5, A=1.3e-11, alpha=0.1)
    >>> run = follow_protocol(inverter(), permalloy, zone_clock(inverter(), 1.2e5))
    >>> run.value.isel(member=0, step=-1).values.tolist()
    [1, -1]
    """
    durations, fields = protocol_ramps(array, protocol, step_duration=step_duration)
    if isinstance(protocol, Protocol):
        durations, fields = _divided(durations, fields, longest_ramp)
    asked = temperature if macrospins is None else float(macrospins.temperature)
    kelvin = _temperature(protocol, asked)
    spins = array_macrospins(array, material, kelvin) if macrospins is None else macrospins
    axes = array.axes
    across = np.cross(axes, [0.0, 0.0, 1.0] if not array.perpendicular else [0.0, 1.0, 0.0])
    start = array.states[:, None] * axes + _LEAN * across
    run = follow_ramps(spins, np.tile(start, (members, 1, 1)), durations, fields, seed=seed)
    first = np.broadcast_to(start / np.linalg.norm(start, axis=1, keepdims=True), (members, 1, *start.shape))
    along = np.einsum("mfia,ia->mfi", np.concatenate([first, run["m"].values], axis=1), axes)
    if isinstance(protocol, Protocol):
        frames, values, units = "t", np.concatenate([[0.0], np.cumsum(durations)]), "s"
    else:
        frames, values, units = "step", np.arange(len(fields)), "1"
    dims = ("member", frames, "magnet")
    return xr.Dataset(
        {
            "projection": (dims, along, {"units": "1", "long_name": "magnetisation along the axis"}),
            "value": (dims, decided(along), {"long_name": "logic value, 0 undecided"}),
        },
        coords={frames: (frames, values, {"units": units}), "magnet": [magnet.name for magnet in array.magnets]},
    )


def _temperature(protocol: Protocol | FieldSteps, asked: float | None) -> float:
    """The temperature in K of a protocol, or what is asked for where the protocol has none."""
    profile = protocol.temperature_profile.values if isinstance(protocol, Protocol) else (0.0,)
    if min(profile) < max(profile):
        raise ValueError(
            f"follow_protocol: the protocol's temperature goes from {min(profile):g} to {max(profile):g} K, and "
            "macrospins are followed at one; leave its ramps out"
        )
    if asked is not None and profile[0] not in (0.0, asked):
        raise ValueError(
            f"follow_protocol: temperature = {asked:g} K, but the protocol has {profile[0]:g} K; give one of the two"
        )
    return float(profile[0] if asked is None else asked)


def _corners(wave: PiecewiseLinear) -> Floats:
    times = np.asarray(wave.times, dtype=np.float64)
    jumps = times[1:][np.diff(times) == 0]
    if jumps.size:
        raise ValueError(
            f"protocol_ramps: a waveform of the protocol jumps at {jumps[0]:g} s, and macrospins are followed through "
            "ramps; give its pulses a rise"
        )
    return times


def _means(field: Floats, labels: npt.NDArray[np.int64], count: int) -> Floats:
    """Means of a field (nx, ny, nz, 3) over the cells of each magnet, (magnets, 3)."""
    flat = labels.ravel()
    cells = np.bincount(flat, minlength=count + 1)[1:]
    sums = [np.bincount(flat, field[..., axis].ravel(), count + 1)[1:] for axis in range(3)]
    return np.stack(sums, axis=1) / cells[:, None]


def _divided(durations: Floats, fields: Floats, longest: float) -> tuple[Floats, Floats]:
    """Ramps in parts no longer than `longest`, with a frame at the end of each."""
    parts = np.maximum(1, np.ceil(durations / longest * (1 - 1e-9))).astype(int)
    shares = [np.arange(1, count + 1)[:, None, None] / count for count in parts]
    between = [a + share * (b - a) for a, b, share in zip(fields[:-1], fields[1:], shares, strict=True)]
    return np.repeat(durations / parts, parts), np.concatenate([fields[:1], *between])
