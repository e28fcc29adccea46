"""An array under the clock of a protocol, as coupled macrospins in the fields and currents of micromagnetics."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import xarray as xr

from analysis.magnet_logic.values import decided
from geometries import MagnetArray, Material
from geometries.wires import AbstractWire
from runs import FieldSteps, Protocol
from runs.protocols.magnet_logic.clearing import check_one_torque
from runs.waveforms.waveform import PiecewiseLinear
from solitons.magnet_logic.arrays import array_macrospins
from solitons.magnet_logic.coupled_macrospins import CoupledMacrospins
from solitons.magnet_logic.driven import follow_ramps

__all__ = ["Ramps", "follow_protocol", "protocol_ramps"]

Floats = npt.NDArray[np.float64]

_LEAN = 0.02
"""rad by which each magnet starts off its axis: exactly along it a field across exerts no torque that has a side."""


class Ramps(NamedTuple):
    """Fields on the magnets of an array, straight between corners.

    Durations (ramps,) in s; fields (ramps + 1, magnets, 3) in A/m, biases and the field-like part of spin-orbit torques
    among them; and `spin_fields`, H_DL sigma in A/m, 0 where no current flows in a heavy metal (`follow_ramps`).
    """

    durations: Floats
    fields: Floats
    spin_fields: Floats


def protocol_ramps(
    array: MagnetArray,
    protocol: Protocol | FieldSteps,
    material: Material | None = None,
    *,
    step_duration: float = 1e-9,
) -> Ramps:
    """Give what acts on each magnet: the mean over its cells, its bias among it.

    The array has the lines and heavy metals that the protocol drives, in time without oscillations or in field steps of
    `step_duration` (s): the magnets come to rest if that is long beside their response. The material has the torque of
    a current in a heavy metal. ValueError if the protocol drives a current through the magnets, or one in a heavy metal
    without a material or under parts of another spin-Hall angle, or a waveform oscillates or jumps.
    """
    labels, count = array.cell_labels(), len(array.magnets)
    steady = array.held_fields() + np.asarray(protocol.static_field if isinstance(protocol, Protocol) else np.zeros(3))
    if isinstance(protocol, FieldSteps):
        fields = steady + protocol.rest_fields[:, None, :]
        for local in protocol.local_fields(array):
            fields = fields + local.share[:, None, None] * _means(local.field, labels, count)
        return Ramps(np.full(len(fields) - 1, step_duration), fields, np.zeros_like(fields))
    owner = "protocol_ramps: the protocol"
    parts: list[tuple[PiecewiseLinear, Floats, Floats]] = [
        (wave.straight_lines(f"{owner}'s field"), np.tile(np.eye(3)[axis], (count, 1)), np.zeros((count, 3)))
        for axis, wave in enumerate(protocol.field_waveforms())
    ]
    for terminal, wave in protocol.channels(array):
        lines = wave.straight_lines(f"{owner}'s current in {terminal.name!r}")
        if isinstance(terminal, AbstractWire):
            parts.append((lines, _means(terminal.field_in(array), labels, count), np.zeros((count, 3))))
        elif terminal.kind == "heavy_metal":
            if material is None:
                raise ValueError(
                    f"{owner} drives the heavy metal {terminal.name!r}, whose torque is the material's; give it"
                )
            check_one_torque(array, material, terminal)
            along = terminal.cells(array)[..., None] * np.asarray(terminal.spin_direction)
            spins = _means(along, labels, count)
            damping_like, field_like = terminal.spin_orbit_fields(material, array.thickness)
            parts.append((lines, field_like * spins, damping_like * spins))
        else:
            raise ValueError(
                f"{owner} drives terminal {terminal.name!r} ({terminal.kind}), and macrospins feel fields and heavy "
                "metals alone; drive strip lines, heavy metals or the field"
            )
    times = np.unique(np.concatenate([[0.0, protocol.duration], *(_corners(wave) for wave, _, _ in parts)]))
    fields, spin_fields = np.zeros((2, len(times), count, 3))
    fields += steady
    for wave, shape, spins in parts:
        fields += wave(times)[:, None, None] * shape
        spin_fields += wave(times)[:, None, None] * spins
    return Ramps(np.diff(times), fields, spin_fields)


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
        Seed of the random numbers.
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
    >>> from geometries.magnet_logic.builders import inverter
    >>> from runs.protocols.magnet_logic.clocks import zone_clock
    >>> permalloy = Material(name="permalloy", Ms=8e5, A=1.3e-11, alpha=0.1)
    >>> run = follow_protocol(inverter(), permalloy, zone_clock(inverter(), 1.2e5))
    >>> run.value.isel(member=0, step=-1).values.tolist()
    [1, -1]
    """
    durations, *acting = protocol_ramps(array, protocol, material, step_duration=step_duration)
    if isinstance(protocol, Protocol):
        durations, acting = _divided(durations, acting, longest_ramp)
    fields, spin_fields = acting
    asked = temperature if macrospins is None else float(macrospins.temperature)
    kelvin = _temperature(protocol, asked)
    spins = array_macrospins(array, material, kelvin) if macrospins is None else macrospins
    axes = array.axes
    across = np.cross(axes, [0.0, 0.0, 1.0] if not array.perpendicular else [0.0, 1.0, 0.0])
    start = array.states[:, None] * axes + _LEAN * across
    given = spin_fields if spin_fields.any() else None
    run = follow_ramps(spins, np.tile(start, (members, 1, 1)), durations, fields, spin_fields=given, seed=seed)
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


def _divided(durations: Floats, acting: list[Floats], longest: float) -> tuple[Floats, list[Floats]]:
    """Ramps in parts no longer than `longest`, with a frame at the end of each."""
    parts = np.maximum(1, np.ceil(durations / longest * (1 - 1e-9))).astype(int)
    shares = [np.arange(1, count + 1)[:, None, None] / count for count in parts]
    divided = []
    for values in acting:
        between = [a + share * (b - a) for a, b, share in zip(values[:-1], values[1:], shares, strict=True)]
        divided.append(np.concatenate([values[:1], *between]))
    return np.repeat(durations / parts, parts), divided
