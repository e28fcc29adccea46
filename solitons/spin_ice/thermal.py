"""Kinetic Monte Carlo: islands turn around by heat, at Arrhenius rates over their barriers.

An island turns at the rate f_0 exp(-E / kT), over the barrier

    E = E_0 (1 + D / 4 E_0)^2    where |D| < 4 E_0
    E = max(D, 0)                beyond

with D = 2 mu0 m s h_par the energy that turning costs. Along the easy axis this is Stoner
and Wohlfarth's barrier, and for any E_0 forth and back differ by D, so that the
rates lead to Boltzmann's distribution. A field across lowers the barrier for both ways as
it lowers the astroid,

    E_0(h_perp) = E_0(0) (1 - (|h_perp| / c h_k)^(2 / beta))^(gamma / 2),

and with E_0(0) = mu0 m b h_k / 2 the barrier vanishes on the astroid: at zero temperature
the islands turn where `drive_field` turns them. At h_par = 0 this is an approximation:
coherent rotation has (1 - h_perp / h_k)^2.

Sources: E. C. Stoner and E. P. Wohlfarth, Phil. Trans. R. Soc. A 240, 599 (1948); for
kinetic Monte Carlo of spin ice A. Farhan et al., Nature Phys. 9, 375 (2013); for the
algorithm A. B. Bortz, M. H. Kalos and J. L. Lebowitz, J. Comput. Phys. 17, 10 (1975).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import xarray as xr
from scipy import constants

from solitons.spin_ice.flips import check_field, check_islands, check_local_field, check_spins, flips_dataset
from solitons.spin_ice.macrospins import MacrospinLattice

__all__ = ["drive_thermally"]

Floats = npt.NDArray[np.float64]


def drive_thermally(
    model: MacrospinLattice,
    spins: npt.ArrayLike,
    field: npt.ArrayLike,
    duration: npt.ArrayLike,
    *,
    temperature: npt.ArrayLike,
    seed: int,
    attempt_frequency: float = 1e9,
    held: Sequence[int] = (),
    local_field: xr.DataArray | None = None,
    most_flips: int = 10_000_000,
) -> xr.Dataset:
    """Let a lattice turn by heat, under applied fields that stay for a time each.

    Parameters
    ----------
    model : MacrospinLattice
        The lattice.
    spins : array (islands)
        Start state, +1 or -1.
    field : array (steps, 2)
        Applied field in A/m, the same everywhere.
    duration : float or array (steps)
        How long each field stays, in s.
    temperature : float or array (steps)
        In K.
    seed : int
        Seed of the random numbers.
    attempt_frequency : float
        f_0 in Hz.
    held, local_field
        As in `drive_field`.
    most_flips : int
        With more flips than this it is an error.

    Returns
    -------
    xarray.Dataset
        As of `drive_field`, with `flip_time (flip)` and `time (step)`, the end of each step,
        in s.

    Raises
    ------
    ValueError
        As `drive_field`; if a duration, temperature or frequency is not positive and
        finite; or if there are more than `most_flips` flips.

    Examples
    --------
    >>> from geometries import Material, SpinIce
    >>> from solitons.spin_ice import dipole_couplings, lattice_model, saturated_spins
    >>> permalloy = Material(name="permalloy", Ms=8e5, A=1.3e-11, alpha=0.02)
    >>> islands = SpinIce.example().islands(permalloy)
    >>> model = lattice_model(islands, dipole_couplings(islands, cut_off=1e-6), anisotropy_field=8e4)
    >>> from dataclasses import replace
    >>> low = replace(model, barrier=np.full(model.islands, 5e-20))  # J, 12 k T at 300 K
    >>> start, still = saturated_spins(model, np.pi / 4), [[0.0, 0.0]]
    >>> drive_thermally(model, start, still, 3e7, temperature=300.0, seed=1).sizes["flip"]  # none in a year
    0
    >>> drive_thermally(low, start, still, 1e-3, temperature=300.0, seed=1).sizes["flip"]  # in 1 ms
    4
    """
    from solitons.spin_ice.compiled import kinetics

    owner = "drive_thermally"
    start, applied = check_spins(owner, model, spins), check_field(owner, field)
    islands, extra = check_local_field(owner, model, local_field, len(applied))
    durations = _each_step("duration", duration, "s", len(applied))
    temperatures = _each_step("temperature", temperature, "K", len(applied))
    _each_step("attempt_frequency", attempt_frequency, "Hz", 1)
    attempts = np.full(model.islands, float(attempt_frequency))
    attempts[check_islands(owner, "held", model, held)] = 0.0

    astroid, coupled = model.astroid, model.couplings
    beta, gamma = float(astroid.beta), float(astroid.gamma)
    limit = astroid.c * model.anisotropy_field
    barrier = model.barrier
    if barrier is None:
        barrier = constants.mu_0 * model.moment * astroid.b * model.anisotropy_field / 2
    neighbour = coupled.neighbour.view(np.uint32)
    current = start.copy()
    along, across = coupled.fields(start)
    tree = np.zeros(2 << max(model.islands - 1, 0).bit_length())
    generator = np.random.default_rng(seed)
    room = min(max(16 * model.islands, 1024), most_flips + 1)
    flips, times = np.empty(room, dtype=np.int32), np.empty(room)
    turned: list[npt.NDArray[np.int32]] = [np.empty(0, dtype=np.int32)]
    when: list[Floats] = [np.empty(0)]
    counts = np.zeros(len(applied), dtype=np.int64)
    ends = np.cumsum(durations)
    now, before = 0.0, (np.zeros(model.islands), np.zeros(model.islands))
    for step, end in enumerate(ends):
        total = model.field_at_islands(applied[step])
        total[islands] += extra[step]
        projected = model.projected(total)
        along += projected[0] - before[0]
        across += projected[1] - before[1]
        before = projected
        thermal = constants.k * temperatures[step]
        energies = 2 * constants.mu_0 * model.moment / thermal, limit, barrier / thermal, beta, gamma, attempts
        kinetics.fill(tree, current, along, across, *energies)
        while now < end:
            count, now = kinetics.wait(
                generator, now, end, tree, current, along, across, *energies,
                coupled.first, neighbour, coupled.along, coupled.across, flips, times,
            )  # fmt: skip
            turned.append(flips[:count].copy())
            when.append(times[:count].copy())
            counts[step] += count
            if counts.sum() > most_flips:
                raise ValueError(
                    f"{owner}: more than most_flips = {most_flips} flips by {now:.3g} s of {ends[-1]:.3g} s; shorten "
                    "the duration, lower the temperature, or allow more"
                )
    run = flips_dataset(
        model, start, current, applied, np.concatenate(turned), np.repeat(np.arange(len(applied)), counts)
    )
    run["flip_time"] = ("flip", np.concatenate(when), {"units": "s"})
    run["time"] = ("step", ends, {"units": "s"})
    return run


def _each_step(name: str, value: npt.ArrayLike, unit: str, steps: int) -> Floats:
    values = np.asarray(value, dtype=np.float64)
    if values.shape not in ((), (steps,)) or not (np.isfinite(values).all() and np.all(values > 0)):
        raise ValueError(
            f"drive_thermally: {name} = {values} {unit} must be positive and finite, one number"
            + (f" or one for each of {steps} steps" if steps > 1 else "")
        )
    return np.array(np.broadcast_to(values, (steps,)))
