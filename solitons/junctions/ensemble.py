"""Many thermal macrospins followed at once, each by the same or by its own drive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import xarray as xr
from scipy import constants

from solitons.junctions.macrospin import Macrospin
from solitons.numerics.threads import in_chunks

__all__ = ["MOST_NUMBERS", "AlternatingDrive", "advance", "follow_macrospins", "parameter_rows"]

Floats = npt.NDArray[np.float64]

MOST_NUMBERS = 250_000_000
"""Largest count of recorded components: 2 GB."""


_NO_WAVES = np.empty((0, 10))
_STEP_ANGLE = 0.1
"""rad by which an alternating drive may turn in a step."""


@dataclass(frozen=True)
class AlternatingDrive:
    r"""A field and a current that alternate with one phase :math:`\phi = \phi_0 + 2 \pi (f t + \dot f t^2 / 2)`.

    .. math:: h = h_c \cos\phi + h_s \sin\phi, \qquad J = J_{dc} + j \cos\phi

    Parameters
    ----------
    frequency : float
        f in Hz, at the beginning.
    field, quadrature : three floats
        Amplitudes h_c and h_s in A/m. A linear field has the first alone; (h, 0, 0) and (0, h, 0) turn about z.
    current_density : float
        Amplitude j in A/m2, beside the direct current.
    phase : float
        At the beginning, in rad.
    chirp : float
        Change of the frequency with time, in Hz/s.

    Raises
    ------
    ValueError
        If the frequency is not above 0, or a number is not finite.

    Examples
    --------
    >>> AlternatingDrive(5e9, field=(80.0, 0, 0), quadrature=(0, 80.0, 0)).frequency
    5000000000.0
    """

    frequency: float
    field: tuple[float, float, float] = (0.0, 0.0, 0.0)
    quadrature: tuple[float, float, float] = (0.0, 0.0, 0.0)
    current_density: float = 0.0
    phase: float = 0.0
    chirp: float = 0.0

    def __post_init__(self) -> None:
        if not np.isfinite(self.row).all() or len(self.row) != 10 or not self.frequency > 0:
            raise ValueError(f"{self} needs a frequency above 0, two vectors of three components, and finite numbers")

    @property
    def row(self) -> tuple[float, ...]:
        """Columns of the compiled kernel (`solitons.junctions.compiled.llg.WAVE`)."""
        turns = (self.phase, 2 * np.pi * self.frequency, 2 * np.pi * self.chirp)
        return (*self.field, *self.quadrature, self.current_density, *turns)


def parameter_rows(macrospins: Macrospin | Sequence[Macrospin], dt: float) -> Floats:
    """Write macrospins as rows of the compiled kernel, for steps of `dt` (s)."""
    many = [macrospins] if isinstance(macrospins, Macrospin) else list(macrospins)
    # It takes numba, half a second to import.
    from solitons.junctions.compiled.llg import PARAMETERS

    rows = (_row(each, dt) for each in many)
    return np.array([[row[name] for name in PARAMETERS] for row in rows], dtype=np.float64)


def _row(each: Macrospin, dt: float) -> dict[str, float]:
    matrix, axis = each.anisotropy_matrix, each.easy_axis / np.linalg.norm(each.easy_axis)
    squared, damping = float(each.asymmetry) ** 2, float(each.damping)
    # 2 alpha k T / (gamma0 mu0 Ms V dt) is 2 D (1 + alpha^2) / (gamma0^2 dt).
    variance = 2 * each.diffusion * (1 + damping**2) / (each.gyromagnetic_ratio**2 * dt)
    vectors = {"field": each.field, "axis": axis, "polariser": each.polariser_direction}
    return {
        **{f"{name}_{label}": float(part) for name, v in vectors.items() for label, part in zip("xyz", v, strict=True)},
        **{f"a_{'xyz'[i]}{'xyz'[j]}": float(matrix[i, j]) for i in range(3) for j in range(i, 3)},
        "field_per_volt": float(2 * each.anisotropy_per_voltage / (constants.mu_0 * each.saturation)),
        "torque_field_per_current": float(each.torque_field(1.0)),
        "efficiency": float(each.polarisation) * squared,
        "symmetric": squared + 1,
        "asymmetric": squared - 1,
        "secondary": each.secondary,
        "damping": damping,
        "rate": float(each.gyromagnetic_ratio / (1 + damping**2)),
        "agitation": float(np.sqrt(variance)),
    }


def follow_macrospins(
    macrospins: Macrospin | Sequence[Macrospin],
    start: npt.ArrayLike,
    duration: float,
    *,
    seed: int,
    current_density: npt.ArrayLike = 0.0,
    voltage: npt.ArrayLike = 0.0,
    alternating: AlternatingDrive | Sequence[AlternatingDrive] | None = None,
    samples: int = 1,
    time_step: float | None = None,
    threads: int | None = None,
) -> xr.Dataset:
    """Follow an ensemble of macrospins through a drive, with heat.

    Parameters
    ----------
    macrospins : Macrospin or sequence of Macrospin
        One for all trajectories, or one for each.
    start : array (trajectories, 3)
        Initial moments (`thermal_states`); normalised.
    duration : float
        In s.
    seed : int
        Seed of the random numbers, from 0 to 2^64 - 1. Trajectory i has the same numbers whatever the others do, and
        the same in every call: one that goes on where another ended needs a seed of its own.
    current_density : array, (), (trajectories,) or (trajectories or 1, samples)
        In A/m2, towards the polariser where positive; held during each sample.
    voltage : array, as `current_density`
        In V, which changes the anisotropy.
    alternating : AlternatingDrive or sequence of AlternatingDrive, optional
        Beside these, one for all trajectories or one for each.
    samples : int
        Into how many equal parts the duration is cut; m is kept after each.
    time_step : float, optional
        Longest step in s; `Macrospin.time_step` of the fastest under the strongest drive if left out.
    threads : int, optional
        As many as there are cores if left out; the numbers do not depend on it.

    Returns
    -------
    xarray.Dataset
        `m (trajectory, t, vdims)` after each sample, `t` in s; attributes `time_step` and `seed`.

    Raises
    ------
    ValueError
        If a shape does not fit, a number is out of range, or the states kept need too much memory.

    Examples
    --------
    >>> from solitons.junctions import Macrospin, thermal_states
    >>> disc = Macrospin(volume=1e-25, thickness=1e-9, saturation=1e6, anisotropy=2e5, damping=0.1, temperature=300.0)
    >>> run = follow_macrospins(disc, thermal_states(disc, 8, seed=1, state=-1), 1e-10, seed=2, samples=2)
    >>> run.m.shape
    (8, 2, 3)
    """
    owner = "follow_macrospins"
    m = np.array(start, dtype=np.float64)
    if m.ndim != 2 or m.shape[1] != 3 or not len(m):
        raise ValueError(f"{owner}: start has the shape {m.shape}; give a row of three components for each trajectory")
    lengths = np.linalg.norm(m, axis=1, keepdims=True)
    if not (np.isfinite(m).all() and np.all(lengths > 0)):
        raise ValueError(f"{owner}: start has a row that is 0 or not finite; give directions")
    m /= lengths
    many = [macrospins] if isinstance(macrospins, Macrospin) else list(macrospins)
    if len(many) not in (1, len(m)):
        raise ValueError(
            f"{owner}: {len(many)} macrospins for {len(m)} trajectories; give one for all, or one for each"
        )
    if not 0 < duration < np.inf:
        raise ValueError(f"{owner}: duration = {duration} s must be above 0")
    if samples < 1:
        raise ValueError(f"{owner}: samples = {samples} must be 1 or more")
    if 3 * len(m) * samples > MOST_NUMBERS:
        raise ValueError(
            f"{owner}: {len(m)} trajectories with {samples} samples are {24 * len(m) * samples / 1e9:.3g} GB, above "
            f"{8 * MOST_NUMBERS / 1e9:.3g} GB; keep fewer samples, or follow fewer trajectories at once"
        )
    currents = _drive(owner, "current_density", current_density, len(m), samples)
    voltages = _drive(owner, "voltage", voltage, len(m), samples)
    drives = [alternating] if isinstance(alternating, AlternatingDrive) else list(alternating or ())
    if len(drives) not in (0, 1, len(m)):
        raise ValueError(f"{owner}: {len(drives)} alternating drives for {len(m)} trajectories; give one, or one each")
    waves = np.array([each.row for each in drives], dtype=np.float64).reshape(-1, 10)
    if time_step is None:
        strongest, highest = float(np.abs(currents).max()), float(np.abs(voltages).max())
        strongest += max((abs(each.current_density) for each in drives), default=0.0)
        longest = min(each.time_step(current_density=strongest, voltage=highest) for each in many)
        longest = min([longest, *(_STEP_ANGLE / np.abs(waves[:, 8:9] + waves[:, 9:10] * [0, duration]).max(axis=1))])
    else:
        longest = float(time_step)
    if not 0 < longest < np.inf:
        raise ValueError(f"{owner}: time_step = {time_step} s must be above 0")
    steps = max(1, int(np.ceil(duration / samples / longest * (1 - 1e-12))))
    dt = duration / samples / steps
    out = advance(
        m,
        parameter_rows(many, dt),
        currents,
        voltages,
        dt,
        steps,
        waves=waves,
        seed=seed,
        kept=True,
        threads=threads,
    )
    return xr.Dataset(
        {"m": (("trajectory", "t", "vdims"), out)},
        coords={"t": ("t", (np.arange(samples) + 1) * (duration / samples), {"units": "s"}), "vdims": list("xyz")},
        attrs={"time_step": dt, "seed": seed},
    )


def advance(
    m: Floats,
    rows: Floats,
    currents: Floats,
    voltages: Floats,
    dt: float,
    steps: int,
    *,
    seed: int,
    waves: Floats = _NO_WAVES,
    stream: int = 0,
    first_step: int = 0,
    numbers: npt.ArrayLike | None = None,
    kept: bool = False,
    threads: int | None = None,
) -> Floats:
    """Follow `m` (trajectories, 3) in place, `steps` steps of `dt` (s) for each sample of the drive.

    `rows` are from `parameter_rows`, one or one each; currents and voltages (trajectories or 1, samples) are in A/m2
    and V, `waves` rows of alternating drives. Trajectory i has the random numbers of `numbers[i]` (i if left out) from
    `first_step` on. Returns m after each sample, (trajectories, samples, 3), empty unless `kept`.
    """
    from solitons.junctions.compiled.llg import follow

    if not 0 <= seed < 2**64:
        raise ValueError(f"follow_macrospins: seed = {seed} must be between 0 and 2^64 - 1")
    out = np.empty((len(m), currents.shape[1], 3) if kept else (0, 0, 3))
    labels = np.arange(len(m)) if numbers is None else np.asarray(numbers)
    arguments = (
        m, rows, currents, voltages, waves, float(dt), int(steps), int(first_step), labels.astype(np.uint64),
        np.uint64(stream), np.uint64(seed), kept, out,
    )  # fmt: skip
    in_chunks(follow, len(m), arguments, threads)
    return out


def _drive(owner: str, name: str, value: npt.ArrayLike, trajectories: int, samples: int) -> Floats:
    given = np.asarray(value, dtype=np.float64)
    if not np.isfinite(given).all():
        raise ValueError(f"{owner}: {name} has values that are not finite")
    if given.ndim < 2:
        if given.shape not in ((), (trajectories,)):
            raise ValueError(f"{owner}: {name} has the shape {given.shape}; {trajectories} trajectories need one each")
        given = np.broadcast_to(given.reshape(-1, 1), (given.size, samples))
    if given.shape not in ((1, samples), (trajectories, samples)):
        raise ValueError(
            f"{owner}: {name} has the shape {given.shape}; give (), ({trajectories},), (1, {samples}) or "
            f"({trajectories}, {samples})"
        )
    return np.ascontiguousarray(given)
