"""Coupled macrospins followed through ramps of field, with the work and the heat of each."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import xarray as xr

from solitons.magnet_logic.coupled_macrospins import CoupledMacrospins
from solitons.numerics.threads import in_chunks

__all__ = ["follow_ramps"]

Floats = npt.NDArray[np.float64]

MOST_NUMBERS = 100_000_000
"""Largest count of recorded components: 0.8 GB."""


def follow_ramps(
    macrospins: CoupledMacrospins,
    start: npt.ArrayLike,
    durations: npt.ArrayLike,
    fields: npt.ArrayLike,
    *,
    seed: int,
    spin_fields: npt.ArrayLike | None = None,
    time_step: float | None = None,
    threads: int | None = None,
) -> xr.Dataset:
    r"""Follow an ensemble through ramps of the applied field and of a spin-orbit torque, with heat.

    The field's work on a member is :math:`W = -\sum_i M_i \int m_i \cdot dH_i`, as on a closed loop -mu0 V times the
    integral of M . dH. The heat that it gives away is W less its change of energy, and has the mean of

    .. math::

       Q = \int \sum_i \left[\frac{\gamma_0 \alpha M_i}{1 + \alpha^2} |m_i \times H^{eff}_i|^2
           - D_i \nabla_i^2 E\right] dt, \qquad D_i = \frac{\gamma_0 \alpha k_B T}{(1 + \alpha^2) M_i},

    the damping term less what the random field gives back on average (Ito's formula for the energy). The two differ by
    a martingale: they have one mean, and Q scatters more. That they agree is the fluctuation-dissipation theorem.

    A damping-like torque is the field :math:`m_i \times p_i` with :math:`p = H_{DL} \sigma`, H_DL as of a `HeavyMetal`.
    It follows from no energy: what it does is not in the work, so that W less the change of energy is no heat while it
    acts, and Q, which leaves it out, is NaN in those ramps.

    Parameters
    ----------
    macrospins : CoupledMacrospins
        The magnets.
    start : array (members, magnets, 3)
        Initial moments; normalised.
    durations : array (ramps,)
        In s.
    fields : array (ramps + 1, 3) or (ramps + 1, magnets, 3)
        Applied field in A/m at the beginning and at the end of each ramp, the same everywhere or for each magnet;
        straight between.
    seed : int
        Seed of the random numbers, from 0 to 2^64 - 1. Member i has the same numbers whatever the others do.
    spin_fields : array (ramps + 1, 3) or (ramps + 1, magnets, 3), optional
        p in A/m, as `fields`; none if left out. A field-like torque is a part of `fields`.
    time_step : float, optional
        Longest step in s; `CoupledMacrospins.time_step` if left out.
    threads : int, optional
        As many as there are cores if left out; the numbers do not depend on it.

    Returns
    -------
    xarray.Dataset
        `m (member, ramp, magnet, vdims)` after each ramp, and in J `work (member, ramp)`, `energy_change (member,
        ramp)` and `damping_heat (member, ramp)`; `t (ramp)` in s is when each ends.

    Raises
    ------
    ValueError
        If a shape does not fit, a number is out of range, or the states kept need too much memory.

    Examples
    --------
    >>> from solitons.magnet_logic import biaxial_magnet
    >>> bit = biaxial_magnet(3e-24, 8e5, (0.08, 0.14, 0.78), damping=0.1, temperature=300.0)
    >>> run = follow_ramps(bit, np.tile([[[1.0, 0, 0]]], (4, 1, 1)), [1e-10], [[0, 0, 0], [0, 5e4, 0]], seed=1)
    >>> run.m.shape, bool((run.work < 0).all())
    ((4, 1, 1, 3), True)
    """
    from solitons.magnet_logic.compiled.driven_llg import follow

    owner, count = "follow_ramps", macrospins.magnets
    m = np.array(start, dtype=np.float64)
    if m.ndim != 3 or m.shape[1:] != (count, 3) or not len(m):
        raise ValueError(f"{owner}: start has the shape {m.shape}; {count} magnets need (members, {count}, 3)")
    lengths = np.linalg.norm(m, axis=2, keepdims=True)
    if not (np.isfinite(m).all() and np.all(lengths > 0)):
        raise ValueError(f"{owner}: start has a moment that is 0 or not finite; give directions")
    times = np.asarray(durations, dtype=np.float64)
    if times.ndim != 1 or not times.size or not (np.isfinite(times).all() and np.all(times > 0)):
        raise ValueError(f"{owner}: durations = {times} must be a list of times above 0, in s")
    given = _for_each(fields, "fields", len(times), count)
    spins = np.zeros((0, count, 3)) if spin_fields is None else _for_each(spin_fields, "spin_fields", len(times), count)
    if not 0 <= seed < 2**64:
        raise ValueError(f"{owner}: seed = {seed} must be between 0 and 2^64 - 1")
    if m.size * len(times) > MOST_NUMBERS:
        raise ValueError(
            f"{owner}: {len(m)} members, {len(times)} ramps and {count} magnets are {8e-9 * m.size * len(times):.3g} "
            f"GB, above {8e-9 * MOST_NUMBERS:.3g} GB; follow fewer at once"
        )
    largest = sum(float(np.linalg.norm(each, axis=2).max(initial=0.0)) for each in (given, spins))
    longest = macrospins.time_step(largest) if time_step is None else float(time_step)
    if not 0 < longest < np.inf:
        raise ValueError(f"{owner}: time_step = {time_step} s must be above 0")
    steps = np.maximum(1, np.ceil(times / longest * (1 - 1e-12))).astype(np.int64)
    flat = np.ascontiguousarray((m / lengths).reshape(len(m), -1))
    out = np.empty((len(m), len(times), flat.shape[1]))
    work, heat = np.zeros((2, len(m), len(times)))
    arguments = (
        flat, macrospins.moment, macrospins.response.reshape(count, count, 9), given.reshape(len(given), -1),
        spins.reshape(len(spins), 3 * count), times, steps, float(macrospins.damping),
        float(macrospins.gyromagnetic_ratio), macrospins.thermal_energy,
        np.uint64(seed), out, work, heat,
    )  # fmt: skip
    first = macrospins.energy(m / lengths, given[0])
    in_chunks(follow, len(m), arguments, threads)
    if len(spins):
        heat[:, (spins[:-1] != 0).any(axis=(1, 2)) | (spins[1:] != 0).any(axis=(1, 2))] = np.nan
    after = out.reshape(len(m), len(times), count, 3)
    energies = np.concatenate([first[:, None], macrospins.energy(after, given[1:])], axis=1)
    dims, joules = ("member", "ramp"), {"units": "J"}
    return xr.Dataset(
        {
            "m": ((*dims, "magnet", "vdims"), after),
            "work": (dims, work, joules),
            "energy_change": (dims, np.diff(energies, axis=1), joules),
            "damping_heat": (dims, heat, joules),
        },
        coords={"t": ("ramp", np.cumsum(times), {"units": "s"}), "vdims": list("xyz")},
        attrs={"time_step": float((times / steps).max()), "seed": seed},
    )


def _for_each(values: npt.ArrayLike, name: str, ramps: int, count: int) -> Floats:
    """Vectors at the ends of ramps, one for each magnet where they are the same everywhere: (ramps + 1, magnets, 3)."""
    given = np.asarray(values, dtype=np.float64)
    if given.shape == (ramps + 1, 3):
        given = np.repeat(given[:, None, :], count, axis=1)
    if given.shape != (ramps + 1, count, 3) or not np.isfinite(given).all():
        raise ValueError(
            f"follow_ramps: {name} has the shape {given.shape}; {ramps} ramps of {count} magnets need finite numbers "
            f"over ({ramps + 1}, 3) or ({ramps + 1}, {count}, 3)"
        )
    return given
