r"""A racetrack register: bits as skyrmions in cells of a track, which pulses of current shift.

A cell of one pitch holds a skyrmion for a 1 and none for a 0; a pulse shifts all by one cell. A skyrmion that is not in
its cell afterwards is wrong because it has moved too little (`behind`) or too far (`ahead`), because it has `left` by
an edge or an end, or because neighbours `pushed` it: alone, under the same heat, it would have come right.

Without a place that holds it, and away from edges, a skyrmion that is shifted by whole cells in a time t is out of its
cell with the probability

.. math:: \operatorname{erfc}\frac{p / 2}{\sqrt{4 D t}},

p being the pitch and D its diffusion constant. Places that pin, one in each cell, bring back what is nearly right and
make up for a pulse that is not quite one cell; heat then errs by carrying a skyrmion over from one to the next.

Sources: A. Fert, V. Cros and J. Sampaio, Nat. Nanotechnol. 8, 152 (2013), for skyrmions in a track as a memory's bits
(its summary was read); D. Suess, C. Vogler, F. Bruckner, F. Slanovc and C. Abert, arXiv:1704.08164 (2017), for pinning
sites, the currents that they need, and errors.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import equinox as eqx
import numpy as np
import numpy.typing as npt
import xarray as xr
from scipy import special

from analysis.statistics.proportions import wilson_interval
from solitons.numerics.parameters import real
from solitons.skyrmions.forces import AbstractForce, ForceSum, PairForce
from solitons.skyrmions.shifting import ShiftPulse, width_for, widths_tried
from solitons.skyrmions.simulation import follow_skyrmions, follow_tracks
from solitons.skyrmions.thiele import ThieleDynamics

__all__ = ["Register", "ShiftErrors", "free_shift_error", "shift_error_map", "shift_errors", "shift_pulse"]

Floats = npt.NDArray[np.float64]

_NOWHERE = -(1 << 40)
KINDS = ("behind", "ahead", "left", "pushed")


class Register(eqx.Module):
    """A track along x with a row of cells.

    Parameters
    ----------
    skyrmion : ThieleDynamics
        With the forces of the track's edges, pairs and places that pin.
    pitch : float
        Length of a cell in m.
    first : float
        x in m of the middle of the first cell.
    middle : float
        y in m where skyrmions are written.

    Raises
    ------
    ValueError
        If the pitch is not above 0.

    Examples
    --------
    >>> from solitons.skyrmions.examples import example_skyrmion
    >>> skyrmion = example_skyrmion()
    >>> from solitons.skyrmions import Register
    >>> float(Register(skyrmion=skyrmion, pitch=60e-9, middle=30e-9).pitch)
    6e-08
    """

    skyrmion: ThieleDynamics
    pitch: Any = eqx.field(converter=real)
    first: Any = eqx.field(converter=real, default=0.0)
    middle: Any = eqx.field(converter=real, default=0.0)

    def __check_init__(self) -> None:
        if isinstance(self.pitch, np.ndarray) and not self.pitch > 0:
            raise ValueError(f"Register.pitch = {self.pitch} m must be above 0")

    def write(self, bits: Sequence[int]) -> Floats:
        """Centres (skyrmions, 2) in m of a pattern, a skyrmion for each 1."""
        cells = np.flatnonzero(np.asarray(bits, dtype=bool))
        x = float(self.first) + float(self.pitch) * cells
        return np.stack([x, np.full(x.shape, float(self.middle))], axis=-1)

    def cells_of(self, places: npt.ArrayLike) -> npt.NDArray[np.int64]:
        """Index of each skyrmion's cell, places (..., 2); one that has left (NaN) is in none, far to the left."""
        x = np.asarray(places, dtype=np.float64)[..., 0]
        cell = np.floor((x - float(self.first)) / float(self.pitch) + 0.5)
        return np.where(np.isfinite(cell), cell, _NOWHERE).astype(np.int64)

    def read(self, places: npt.ArrayLike, cells: int) -> npt.NDArray[np.bool_]:
        """Bits (..., cells) that windows over the first cells see in skyrmions (..., skyrmions, 2)."""
        there = self.cells_of(places)
        return np.asarray((there[..., None] == np.arange(cells)).any(axis=-2))


@dataclass(frozen=True)
class ShiftErrors:
    """How a pattern came out of its shifts, in many tracks.

    How many tracks and skyrmions there were, in how many tracks a window reads something else than it should, and how
    many skyrmions are out of their cell, by why.
    """

    tracks: int
    skyrmions: int
    wrong_tracks: int
    behind: int
    ahead: int
    left: int
    pushed: int

    @property
    def error(self) -> float:
        """Share of the tracks that are read wrong."""
        return self.wrong_tracks / self.tracks

    @property
    def ci95(self) -> tuple[float, float]:
        """Its 95 % Wilson interval."""
        return wilson_interval(self.wrong_tracks, self.tracks)


def free_shift_error(pitch: float, diffusion: float, time: float) -> float:
    """Probability that a free skyrmion is out of its cell after a shift by whole cells.

    Pitch in m, diffusion in m2/s, time in s; the module has the equation.
    """
    return float(special.erfc(pitch / 2 / np.sqrt(4 * diffusion * time)))


def shift_pulse(register: Register, amplitude: float, *, rise: float, period: float) -> ShiftPulse:
    """Find the pulse that shifts a lone skyrmion by one cell at 0 K.

    Parameters
    ----------
    register : Register
    amplitude : float
        In A/m2, with its sign.
    rise, period : float
        In s.

    Raises
    ------
    ValueError
        If no pulse within a period does.

    Examples
    --------
    >>> from solitons.skyrmions.examples import example_skyrmion
    >>> skyrmion = example_skyrmion()
    >>> track = Register(skyrmion=skyrmion, pitch=60e-9, middle=30e-9)
    >>> pulse = shift_pulse(track, 3e11, rise=0.0, period=2e-9)
    >>> f"{pulse.width * 1e9:.2f} ns"
    '1.37 ns'
    """
    widths = widths_tried(rise, period)
    waves = [ShiftPulse(amplitude, float(width), rise, period).train(1) for width in widths]
    start = np.array([float(register.first), float(register.middle)])
    paths = follow_tracks(register.skyrmion, [0.0, period], waves, positions=start)
    moved = paths[:, -1, 0, 0] - start[0]
    sign = np.sign(np.nansum(moved))
    width = width_for(float(register.pitch), widths, sign * moved, "shift_pulse")
    return ShiftPulse(amplitude, width, rise, period)


def shift_errors(
    register: Register,
    bits: Sequence[int],
    pulse: ShiftPulse,
    shifts: int,
    *,
    temperature: float,
    tracks: int = 1000,
    seed: int = 0,
) -> ShiftErrors:
    """Shift a pattern in many tracks, each with heat of its own, and count what is wrong.

    Parameters
    ----------
    register : Register
    bits : sequence of {0, 1}
        The pattern, from the first cell on.
    pulse : ShiftPulse
        Shifts by one cell.
    shifts : int
        How many are sent, 1 or more.
    temperature : float
        In K.
    tracks : int
    seed : int
        Seed of the heat.

    Returns
    -------
    ShiftErrors

    Raises
    ------
    ValueError
        If no bit is 1, or there is no shift or no track.

    Examples
    --------
    A skyrmion that nothing pins, at room temperature: one shift, and heat has carried a few out of their cell.

    >>> from solitons.skyrmions.examples import example_skyrmion
    >>> skyrmion = example_skyrmion()
    >>> track, pulse = Register(skyrmion=skyrmion, pitch=60e-9, middle=30e-9), ShiftPulse(3e11, 1.365e-9, 0.0, 2e-9)
    >>> found = shift_errors(track, [1], pulse, 1, temperature=300.0, tracks=20)
    >>> found.skyrmions, found.wrong_tracks == found.behind + found.ahead + found.left
    (20, True)
    """
    if not any(bits) or shifts < 1 or tracks < 1:
        raise ValueError(
            f"shift_errors: bits = {list(bits)}, shifts = {shifts}, tracks = {tracks}; give a pattern with a 1, and at "
            "least one shift and one track"
        )
    start, wave = register.write(bits), pulse.train(shifts)
    times = [0.0, shifts * pulse.period]
    heat: dict[str, Any] = {"temperature": temperature, "seed": seed}
    cold = follow_skyrmions(register.skyrmion, [0.0, pulse.period], pulse.train(1), positions=start[:1])[-1, 0, 0]
    onwards = -1 if cold < start[0, 0] else 1
    end = follow_tracks(register.skyrmion, times, [wave] * tracks, positions=start, **heat)[:, -1]
    wanted = register.cells_of(start) + onwards * shifts
    off = onwards * (register.cells_of(end) - wanted)
    gone = ~np.isfinite(end[..., 0])
    pushed = np.zeros(off.shape, dtype=bool)
    alone = _without_pairs(register.skyrmion.force)
    if alone is not None and np.any((off != 0) & ~gone):
        single = replace(register.skyrmion, force=alone)
        apart = follow_tracks(single, times, [wave] * tracks, positions=start, **heat)[:, -1]
        pushed = (register.cells_of(apart) == wanted) & (off != 0) & ~gone
    # Two that have changed places are read right.
    wrong = (np.sort(register.cells_of(end), axis=-1) != np.sort(wanted)).any(axis=-1)
    by_itself = ~gone & ~pushed
    return ShiftErrors(
        tracks=tracks,
        skyrmions=off.size,
        wrong_tracks=int(wrong.sum()),
        behind=int((by_itself & (off < 0)).sum()),
        ahead=int((by_itself & (off > 0)).sum()),
        left=int(gone.sum()),
        pushed=int(pushed.sum()),
    )


def shift_error_map(
    register: Register,
    bits: Sequence[int],
    amplitudes: Sequence[float],
    temperatures: Sequence[float],
    shifts: int,
    *,
    rise: float,
    period: float,
    tracks: int = 1000,
    seed: int = 0,
) -> xr.Dataset:
    """Count errors over current and temperature, with the pulse that each current needs for one cell.

    Parameters
    ----------
    register, bits, shifts, tracks, seed
        As of `shift_errors`.
    amplitudes : sequence of float
        In A/m2.
    temperatures : sequence of float
        In K.
    rise, period : float
        Times of the pulses in s.

    Returns
    -------
    xarray.Dataset
        Over `amplitude` and `temperature`: `error` of tracks with `error_low` and `error_high`, and counts of
        skyrmions `behind`, `ahead`, `left` and `pushed`; NaN and -1 at currents that cannot shift by a cell.

    Examples
    --------
    >>> from solitons.skyrmions.examples import example_skyrmion
    >>> skyrmion = example_skyrmion()
    >>> track = Register(skyrmion=skyrmion, pitch=60e-9, middle=30e-9)
    >>> found = shift_error_map(track, [1], [1e11, 3e11], [3.0], 1, rise=0.0, period=2e-9, tracks=20)
    >>> found.error.values.ravel().tolist()  # the weaker current does not shift by a cell within a period
    [nan, 0.0]
    """
    shape = (len(amplitudes), len(temperatures))
    shares = {name: np.full(shape, np.nan) for name in ("error", "error_low", "error_high")}
    counts = {name: np.full(shape, -1) for name in KINDS}
    for row, amplitude in enumerate(amplitudes):
        try:
            pulse = shift_pulse(register, amplitude, rise=rise, period=period)
        except ValueError:
            continue
        for column, temperature in enumerate(temperatures):
            found = shift_errors(register, bits, pulse, shifts, temperature=temperature, tracks=tracks, seed=seed)
            for name, value in zip(shares, (found.error, *found.ci95), strict=True):
                shares[name][row, column] = value
            for name in KINDS:
                counts[name][row, column] = getattr(found, name)
    dims = ("amplitude", "temperature")
    return xr.Dataset(
        {name: (dims, values) for name, values in (shares | counts).items()},
        {
            "amplitude": ("amplitude", np.asarray(amplitudes, dtype=float), {"units": "A/m2"}),
            "temperature": ("temperature", np.asarray(temperatures, dtype=float), {"units": "K"}),
        },
        {"tracks": tracks, "shifts": shifts},
    )


def _without_pairs(force: AbstractForce) -> AbstractForce | None:
    """The force without what skyrmions do to each other; None if that is all as it was."""
    if isinstance(force, PairForce):
        return ForceSum(())
    if not isinstance(force, ForceSum):
        return None
    kept = tuple(part for part in force.parts if not isinstance(part, PairForce))
    return ForceSum(kept) if len(kept) < len(force.parts) else None
