"""Many oscillators followed at once, by amplitude and phase: with heat, an injected signal, and unlike frequencies."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import xarray as xr

from solitons.numerics.threads import in_chunks
from solitons.oscillators.auto_oscillator import AutoOscillator

__all__ = ["follow_oscillators"]

Complexes = npt.NDArray[np.complex128]

_TURN, _TURN_DRIVEN = 0.1, 0.02
"""How much the power's rate may change c in a step, relative to it, alone and beside an injected signal."""
_MOST_NUMBERS = 250_000_000


def follow_oscillators(
    oscillators: AutoOscillator | Sequence[AutoOscillator],
    start: npt.ArrayLike,
    current_density: npt.ArrayLike,
    duration: float,
    *,
    seed: int = 0,
    temperature: float = 0.0,
    detuning: npt.ArrayLike = 0.0,
    field: npt.ArrayLike = 0.0,
    field_frequency: npt.ArrayLike = 0.0,
    field_phase: npt.ArrayLike = 0.0,
    torque: npt.ArrayLike = 0.0,
    samples: int = 1,
    time_step: float | None = None,
    threads: int | None = None,
) -> xr.DataArray:
    """Follow a batch of oscillators through a direct current.

    Parameters
    ----------
    oscillators : AutoOscillator or sequence of AutoOscillator
        One for all, or one each, with at most four coefficients.
    start : array (N,)
        Complex amplitudes c at the beginning.
    current_density : array, () or (N,)
        In A/m2.
    duration : float
        In s.
    seed : int
        Seed of the heat's random numbers; oscillator i has the same whatever the others do.
    temperature : float
        In K.
    detuning : array, () or (N,)
        Added to the frequencies, in Hz: how devices differ.
    field, field_frequency, field_phase : array, () or (N,)
        A field that turns about the axis: its size in A/m, frequency in Hz (its sense is that of the moment where
        positive) and phase at the beginning in rad. A field that alternates along a line is one of half its size.
    torque : array, () or (N,)
        Field in A/m of a spin torque that turns with it (`solitons.oscillators.injection.signal_of_current`).
    samples : int
        Into how many equal parts the duration is cut; c is kept after each.
    time_step : float, optional
        Longest step in s; from the rates if left out.
    threads : int, optional
        As many as there are cores if left out; the numbers do not depend on it.

    Returns
    -------
    xarray.DataArray
        Complex `c (oscillator, t)` after each sample, `t` in s; attribute `time_step`.

    Raises
    ------
    ValueError
        If a shape does not fit, a number is out of range, or there are too many samples.

    Examples
    --------
    >>> one = AutoOscillator(frequency=[4e10, -2e10], damping=[4e8, 8e8], pump=2e-3)
    >>> run = follow_oscillators(one, [0.01 + 0j, 0.5], 3e11, 100e-9)
    >>> (abs(run.values[:, -1]) ** 2).round(4).tolist(), round(one.power(3e11), 4)
    ([0.1429, 0.1429], 0.1429)
    """
    owner = "follow_oscillators"
    c: Complexes = np.array(start, dtype=np.complex128)
    if c.ndim != 1 or not c.size or not np.all(np.abs(c) <= 1):
        raise ValueError(f"{owner}: start has the shape {c.shape}; give a complex amplitude of 1 or less for each")
    many = [oscillators] if isinstance(oscillators, AutoOscillator) else list(oscillators)
    if len(many) not in (1, c.size):
        raise ValueError(f"{owner}: {len(many)} oscillators for {c.size} amplitudes; give one for all, or one for each")
    if not (0 < duration < np.inf and samples >= 1 and temperature >= 0 and 0 <= seed < 2**64):
        raise ValueError(
            f"{owner}: duration = {duration} s and samples = {samples} must be above 0, temperature = {temperature} K "
            f"0 or above, and seed = {seed} between 0 and 2^64 - 1"
        )
    if 2 * c.size * samples > _MOST_NUMBERS:
        raise ValueError(
            f"{owner}: {c.size} oscillators with {samples} samples are too many to keep; keep fewer samples"
        )
    given = {
        "current_density": current_density, "detuning": detuning, "field": field, "field_frequency": field_frequency,
        "field_phase": field_phase, "torque": torque,
    }  # fmt: skip
    rows = _rows(owner, many, c.size, temperature, given)
    turn = _TURN_DRIVEN if rows[:, [11, 14]].any() else _TURN
    longest = turn / _fastest(rows) if time_step is None else float(time_step)
    if not 0 < longest < np.inf:
        raise ValueError(f"{owner}: time_step = {time_step} s must be above 0")
    steps = max(1, int(np.ceil(duration / samples / longest * (1 - 1e-12))))
    dt = duration / samples / steps
    from solitons.oscillators.compiled.envelopes import follow

    out = np.empty((c.size, samples), dtype=np.complex128)
    numbers = np.arange(c.size, dtype=np.uint64)
    in_chunks(follow, c.size, (c, rows, samples, steps, dt, numbers, np.uint64(seed), out), threads)
    times = (np.arange(samples) + 1) * (duration / samples)
    return xr.DataArray(
        out,
        coords={"t": ("t", times, {"units": "s"})},
        dims=("oscillator", "t"),
        attrs={"time_step": dt, "units": "1"},
        name="amplitude",
    )


def _rows(
    owner: str,
    many: Sequence[AutoOscillator],
    count: int,
    temperature: float,
    given: dict[str, npt.ArrayLike],
) -> npt.NDArray[np.float64]:
    from solitons.oscillators.compiled.envelopes import COLUMNS, ORDER

    for name, value in given.items():
        array = np.asarray(value, dtype=np.float64)
        if array.shape not in ((), (count,)) or not np.isfinite(array).all():
            raise ValueError(f"{owner}: {name} has the shape {array.shape}; give one finite number, or {count}")
    rows = np.zeros((count, len(COLUMNS)))
    for name, start in (("frequency", 0), ("damping", ORDER)):
        longest = max(getattr(each, name).size for each in many)
        if longest > ORDER:
            raise ValueError(
                f"{owner}: an oscillator has {longest} coefficients of {name}, and at most {ORDER} are taken"
            )
        for at, each in enumerate(many):
            where = slice(None) if len(many) == 1 else at
            rows[where, start : start + getattr(each, name).size] = getattr(each, name)
    pump, shift, heat, gamma = (
        np.array([float(getattr(each, name)) for each in many])
        for name in ("pump", "frequency_per_current", "diffusion", "gyromagnetic_ratio")
    )
    density = np.asarray(given["current_density"], dtype=np.float64)
    rows[:, 8] = pump * density
    rows[:, 9] = shift * density + 2 * np.pi * np.asarray(given["detuning"])
    rows[:, 10] = heat * temperature
    rows[:, 11] = gamma * np.asarray(given["field"])
    rows[:, 12] = 2 * np.pi * np.asarray(given["field_frequency"])
    rows[:, 13] = np.asarray(given["field_phase"])
    rows[:, 14] = gamma * np.asarray(given["torque"])
    return rows


def _fastest(rows: npt.NDArray[np.float64]) -> float:
    """The largest rate in 1/s at which c changes but for turning with its own frequency."""
    p = np.linspace(0, 1, 11)[:, None]
    decay = sum(rows[:, 4 + k] * p**k for k in range(4)) - rows[:, 8] * (1 - p)
    # Under an injected field the phase of one is followed beside that of the other.
    frequency = rows[:, 9] + sum(rows[:, k] * p**k for k in range(4)) - rows[:, 12]
    injected = np.hypot(rows[:, 11], rows[:, 14])
    beside = np.where(injected != 0, np.abs(frequency).min(axis=0), 0.0)
    return float(np.max(np.abs(decay).max(axis=0) + injected + beside))
