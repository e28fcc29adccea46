r"""Fit of a vortex core's equation to runs.

Each whole turn of a core gives a radius, an angular velocity, an energy and, with the next one, a growth rate. What can
be computed is not fitted: the torque a_J is that of a vortex with its image, which the texture of frames confirms, and
the gyrovector follows from the energy between turns,

.. math:: E_2 - E_1 = \int p\, G(s)\, \dot\psi\, \rho\, d\rho, \qquad G(s) = G_0 + G_1 s^2.

Damping and stiffness then follow linearly from `VortexThiele`:

.. math::
    D(s)\, \dot\psi = -p\, G(s) \cdot growth - J a_J, \qquad
    \kappa(s) - C J \kappa_J(s) = p\, G(s)\, \dot\psi - D(s) \cdot growth.

How many terms each has is learned by leaving each run out in turn: the shortest series whose error is within one
standard error of the best.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import scipy
import xarray as xr

from analysis.oscillators.vortex_core import gyration
from solitons.fits.provenance import OscillatorProvenance
from solitons.oscillators.vortex_thiele import VortexThiele

__all__ = ["CoreRun", "fit_vortex", "predicted", "turns_of_run"]

FloatArray = npt.NDArray[np.float64]
_TERMS = ((2, 1, 2), (3, 2, 2), (3, 2, 3))
"""Terms of stiffness, Oersted stiffness and damping that are tried, the shortest first."""
_AT_END = 3
"""Turns at the end of a run over which its orbit is averaged."""


@dataclass(frozen=True, eq=False)
class CoreRun:
    """What a core did under one direct current in A/m2.

    `time` (turns,) in s, `radius` in m, `angular_velocity` in 1/s, with its sign, and `energy` in J are of whole turns.
    """

    run_id: str
    current: float
    time: FloatArray
    radius: FloatArray
    angular_velocity: FloatArray
    energy: FloatArray

    @property
    def orbit(self) -> tuple[float, float]:
        """Radius in m and frequency in Hz, over the last three turns."""
        frequency = float(np.abs(self.angular_velocity[-_AT_END:]).mean()) / (2 * np.pi)
        return float(self.radius[-_AT_END:].mean()), frequency

    @property
    def rise(self) -> float:
        """Time in s from the first turn to 90 % of the way to the last orbit, between turns; NaN without an orbit."""
        share = (self.radius - self.radius[0]) / (self.orbit[0] - self.radius[0])
        after = int(np.argmax(share >= 0.9))
        if after == 0:
            return math.nan
        part = (0.9 - share[after - 1]) / (share[after] - share[after - 1])
        return float(self.time[after - 1] + part * (self.time[after] - self.time[after - 1]) - self.time[0])

    @property
    def growths(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Growth rates between turns in 1/s, with the radius and the angular velocity there."""
        growth = np.diff(np.log(self.radius)) / np.diff(self.time)
        radius = np.sqrt(self.radius[1:] * self.radius[:-1])
        return growth, radius, (self.angular_velocity[1:] + self.angular_velocity[:-1]) / 2


def turns_of_run(run: xr.Dataset, core: xr.Dataset, current: float, begin: float, run_id: str = "") -> CoreRun:
    """Read the turns of a run's core (`analysis.vortex_core`) from a time in s on, until it leaves or reverses."""
    last = int(core["event_frame"][0]) if core.sizes["event"] else None
    each = gyration(core.isel(t=slice(last)).sel(t=slice(begin, None)))
    middle, period = each["t"].values, 1 / each["frequency"].values
    t = run["t"].values
    area = scipy.integrate.cumulative_trapezoid(run["energy"].values.astype(np.float64), t, initial=0)
    return CoreRun(
        run_id,
        current,
        middle,
        each["radius"].values,
        2 * np.pi / period * each.attrs["sense"],
        (np.interp(middle + period / 2, t, area) - np.interp(middle - period / 2, t, area)) / period,
    )


def predicted(model: VortexThiele, run: CoreRun) -> CoreRun:
    """What the model predicts from the run's first radius and its current; NaN where it loses the core."""
    radius = model.radii(float(run.radius[0]), run.current, run.time)
    return replace(run, radius=radius, angular_velocity=np.asarray(model.rates(radius, run.current)[1]))


def fit_vortex(runs: Sequence[CoreRun], estimate: VortexThiele) -> VortexThiele:
    """Fit the equation to the runs of one disc under three currents at least, with four turns each.

    Of `estimate`, the disc's `estimated_vortex`, radius, polarity, circulation and torque are taken.

    Raises
    ------
    ValueError
        If there are too few runs or turns, or they have no energies.
    """
    usable = [run for run in runs if run.time.size >= 4]
    if len({run.current for run in usable}) < 3:
        raise ValueError(
            f"fit_vortex has {len(usable)} runs with four turns or more, and needs three with different currents: "
            "run them longer, or at other currents"
        )
    if not all(np.isfinite(run.energy).all() for run in usable):
        raise ValueError("fit_vortex has runs without energies, from which the gyrovector follows; compute them again")
    others = [[run for run in usable if run is not left] for left in usable]
    pairs = list(zip(others, usable, strict=True))
    errors = np.array([[_error(_fitted(some, estimate, terms), left) for some, left in pairs] for terms in _TERMS])
    mean = errors.mean(axis=1)
    best = int(np.argmin(mean))
    allowed = mean[best] + errors[best].std(ddof=1) / np.sqrt(len(usable))
    return _fitted(usable, estimate, _TERMS[int(np.flatnonzero(mean <= allowed)[0])])


def _fitted(runs: Sequence[CoreRun], estimate: VortexThiele, terms: tuple[int, int, int]) -> VortexThiele:
    polarity, disc, currents = float(estimate.polarity), float(estimate.disc_radius), [run.current for run in runs]
    unit = float(np.abs(currents).max())
    growth, radius, turning = (np.concatenate(parts) for parts in zip(*(run.growths for run in runs), strict=True))
    s = radius / disc
    current = np.repeat(currents, [run.time.size - 1 for run in runs])
    stiff, oersted, damp = terms

    def powers(number: int) -> FloatArray:
        return np.asarray(s[:, None] ** (2 * np.arange(number)))

    gyrovector = _gyrovector(runs, polarity, disc)
    turn = polarity * powers(2) @ gyrovector
    forces = -turn * growth - current * float(estimate.torque[0])
    damping = np.linalg.lstsq(turning[:, None] * powers(damp), forces, rcond=None)[0]
    design = np.hstack([powers(stiff), -float(estimate.circulation) * current[:, None] / unit * powers(oersted)])
    stiffness = np.linalg.lstsq(design, turn * turning - powers(damp) @ damping * growth, rcond=None)[0]
    farthest = max(float(run.radius.max()) for run in runs)
    return replace(
        estimate,
        gyrovector=gyrovector,
        stiffness=stiffness[:stiff],
        oersted_stiffness=stiffness[stiff:] / unit,
        damping=damping,
        reach=min(1.05 * farthest / disc, 1.0),
        provenance=OscillatorProvenance(
            trained_on=tuple(run.run_id for run in runs), current_density=(min(currents), max(currents))
        ),
    )


def _gyrovector(runs: Sequence[CoreRun], polarity: float, disc: float) -> FloatArray:
    """Series G0, G1 from the energies of turns, each run's counted from its first."""
    rows, values = [], []
    for run in runs:
        slope = polarity * run.angular_velocity * run.radius
        parts = np.stack([slope, slope * (run.radius / disc) ** 2])
        rows.append(scipy.integrate.cumulative_trapezoid(parts, run.radius).T)
        values.append(run.energy[1:] - run.energy[0])
    return np.asarray(np.linalg.lstsq(np.concatenate(rows), np.concatenate(values), rcond=None)[0])


def _error(model: VortexThiele, run: CoreRun) -> float:
    """Root mean square of the growth's and the angular velocity's errors, each over its size in the run."""
    growth, radius, turning = run.growths
    pairs = zip(model.rates(radius, run.current), (growth, turning), strict=True)
    return float(np.sqrt(sum(np.mean((found - true) ** 2) / np.mean(true**2) for found, true in pairs)))
