"""Two-state junctions under a periodic drive, flip by flip, and what a read-out sees of them."""

from __future__ import annotations

import itertools

import numpy as np
import numpy.typing as npt
import xarray as xr

from solitons.junctions.drive_response import STEPS, drive_response, rates_in_a_period
from solitons.junctions.driven_rates import PeriodicDrive, TwoStates

__all__ = ["MOST_FLIPS", "count_half_periods", "follow_rates", "mean_states", "residence_share", "states_at"]

Floats = npt.NDArray[np.float64]

MOST_FLIPS = 50_000_000
"""Expected flips of one call: 0.5 GB."""
_DRAWS = 4096
_MOST_SAMPLES = 50_000_000


def follow_rates(
    rates: TwoStates, drive: PeriodicDrive, periods: int, members: int, *, seed: int, steps: int = STEPS
) -> xr.Dataset:
    """Follow junctions with rates that a drive changes, from flip to flip.

    Parameters
    ----------
    rates : object with rates
        As of `drive_response`.
    drive : PeriodicDrive
        The same for all members.
    periods : int
        Whole periods of the drive.
    members : int
        Junctions that are followed, alike and independent. They begin as they are long after the drive's start.
    seed : int
        Seed of the random numbers.
    steps : int
        Steps of constant rates in a period, as in `drive_response`; the flips are exact for these.

    Returns
    -------
    xarray.Dataset
        Over `flip`, member by member in order of time: `member`, `time` (s), `upper` (the state after it); over
        `members`: `first` (the state at 0). attrs: `frequency` (Hz), `periods`.

    Raises
    ------
    ValueError
        If a count is below 1, or more flips are to be expected than fit memory; the error gives how many.

    Examples
    --------
    >>> from solitons.junctions import SwitchingRates
    >>> junction = SwitchingRates(attempt_rate=1e9, stability=6.0, critical_current=1e10)
    >>> flips = follow_rates(junction, PeriodicDrive(1e9, 1e5), periods=50, members=2, seed=1)
    >>> bool(flips.time.max() < 50 / 1e5), sorted(set(flips.member.values.tolist()))
    (True, [0, 1])
    """
    if periods < 1 or members < 1:
        raise ValueError(f"follow_rates: periods = {periods} and members = {members} must be 1 or more")
    response = drive_response(rates, drive, steps=steps)
    expected = 2 * response.mean_frequency / drive.frequency * periods * members
    if expected > MOST_FLIPS:
        raise ValueError(
            f"follow_rates: {expected:.3g} flips are to be expected in {periods} periods of {members} members, and at "
            f"most {MOST_FLIPS:.3g} are followed; give fewer periods or members, a higher barrier or a faster drive"
        )
    up, down = rates_in_a_period(rates, drive, steps)
    hazard = np.zeros((2, steps + 1))
    hazard[:, 1:] = np.cumsum([up, down], axis=1) / (steps * drive.frequency)
    generator = np.random.default_rng(seed)
    first = (generator.random(members) < response.probability[0]).astype(np.int64)
    times, member = _followed(generator, hazard, first, float(periods))
    # The first flip takes a member out of its first state, the next one back.
    before = np.searchsorted(member, np.arange(members))
    upper = (first[member] + np.arange(len(times)) - before[member] + 1) % 2
    return xr.Dataset(
        {
            "member": ("flip", member),
            "time": ("flip", times / drive.frequency, {"units": "s"}),
            "upper": ("flip", upper.astype(bool)),
            "first": ("members", first.astype(bool)),
        },
        attrs={"frequency": drive.frequency, "periods": periods},
    )


def _followed(
    generator: np.random.Generator, hazard: Floats, first: npt.NDArray[np.int64], end: float
) -> tuple[Floats, npt.NDArray[np.int64]]:
    """Times in periods and members of all flips."""
    # It takes a second to import.
    from solitons.junctions.compiled.telegraph import flip

    now, state, blocks = np.zeros(len(first)), first.copy(), []
    left = np.arange(len(first))
    while left.size:
        found = np.full((left.size, _DRAWS), np.nan)
        moments, states = now[left], state[left]
        flip(generator.standard_exponential((left.size, _DRAWS)), moments, states, hazard, end, found)
        now[left], state[left] = moments, states
        rows, columns = np.nonzero(np.isfinite(found))
        blocks.append((found[rows, columns], left[rows]))
        left = left[moments < end]
    times, member = (np.concatenate(each) for each in zip(*blocks, strict=True))
    order = np.argsort(member, kind="stable")
    return times[order], member[order]


def mean_states(flips: xr.Dataset, interval: float) -> xr.DataArray:
    """Give what a read-out that integrates shows: the mean state, 1 or -1, over each sampling interval.

    Parameters
    ----------
    flips : xarray.Dataset
        From `follow_rates`.
    interval : float
        In s; a record is cut to whole intervals.

    Returns
    -------
    xarray.DataArray
        Over member and t, the middles of the intervals in s.

    Examples
    --------
    >>> from solitons.junctions import PeriodicDrive, SwitchingRates
    >>> junction = SwitchingRates(attempt_rate=1e9, stability=6.0, critical_current=1e10)
    >>> flips = follow_rates(junction, PeriodicDrive(3e9, 1e6, "square"), periods=200, members=4, seed=1)
    >>> shown = mean_states(flips, 0.25e-6)  # four a period: the current is positive in the first two
    >>> shown.values.reshape(-1, 4).mean(axis=0).round(1).tolist()
    [0.8, 1.0, -0.8, -1.0]
    """
    edges, members = _edges(flips, interval), flips.sizes["members"]
    values = np.empty((members, edges.size - 1))
    for index, (times, states) in enumerate(_records(flips)):
        ends = np.concatenate([[0.0], times, [max(edges[-1], times[-1] if times.size else 0.0)]])
        integral = np.concatenate([[0.0], np.cumsum((2.0 * states - 1) * np.diff(ends))])
        values[index] = np.diff(np.interp(edges, ends, integral)) / interval
    return _trace(values, edges[1:] - interval / 2)


def states_at(flips: xr.Dataset, interval: float) -> xr.DataArray:
    """Give the states, 1 or -1, at even moments from 0, over member and t; two flips between two of them are not seen.

    Arguments are as of `mean_states`.
    """
    edges = _edges(flips, interval)
    values = [2.0 * states[np.searchsorted(times, edges, side="right")] - 1 for times, states in _records(flips)]
    return _trace(np.array(values), edges)


def count_half_periods(flips: xr.Dataset) -> tuple[Floats, Floats]:
    """Count the half periods that a junction follows, from the drive's changes of sign.

    Parameters
    ----------
    flips : xarray.Dataset
        From `follow_rates`.

    Returns
    -------
    following, locked : array (members,)
        Share of the half periods at whose end the state is the favoured one, and of those with one flip alone, into
        it. A `DriveResponse` has their expectations.

    Examples
    --------
    >>> from solitons.junctions import PeriodicDrive, SwitchingRates
    >>> junction = SwitchingRates(attempt_rate=1e9, stability=6.0, critical_current=1e10)
    >>> flips = follow_rates(junction, PeriodicDrive(3e9, 1e6, "square"), periods=200, members=4, seed=1)
    >>> following, locked = count_half_periods(flips)
    >>> float(following.mean().round(2)), float(locked.mean().round(2))
    (1.0, 0.98)
    """
    halves = 2 * int(flips.attrs["periods"])
    following, locked = np.empty((2, flips.sizes["members"]))
    favoured = np.arange(halves) % 2 == 0
    for index, (times, states) in enumerate(_records(flips)):
        half = np.minimum((2 * flips.attrs["frequency"] * times).astype(np.int64), halves - 1)
        number = np.bincount(half, minlength=halves)
        at_end = states[np.cumsum(number)].astype(bool)
        following[index] = np.mean(at_end == favoured)
        locked[index] = np.mean((number == 1) & (at_end == favoured))
    return following, locked


def residence_share(flips: xr.Dataset) -> Floats:
    """Share of each member's dwells that last between a quarter and three quarters of a period, (members,).

    NaN where no dwell is whole; the first and last dwell of a record, which it cuts, are left out.
    """
    found = np.full(flips.sizes["members"], np.nan)
    for index, (times, _) in enumerate(_records(flips)):
        dwells = np.diff(times) * flips.attrs["frequency"]
        if dwells.size:
            found[index] = np.mean((dwells > 0.25) & (dwells < 0.75))
    return found


def _records(flips: xr.Dataset) -> list[tuple[Floats, npt.NDArray[np.int64]]]:
    """Times of each member's flips, and its states: before the first and after each."""
    member, times, upper = (flips[name].values for name in ("member", "time", "upper"))
    first = flips["first"].values
    places = np.searchsorted(member, np.arange(len(first) + 1))
    return [
        (times[a:b], np.concatenate([[first[index]], upper[a:b]]).astype(np.int64))
        for index, (a, b) in enumerate(itertools.pairwise(places))
    ]


def _edges(flips: xr.Dataset, interval: float) -> Floats:
    duration = flips.attrs["periods"] / flips.attrs["frequency"]
    if not 0 < interval <= duration:
        raise ValueError(f"interval = {interval} s must be above 0 s and at most the record's {duration:.4g} s")
    count = int(np.floor(duration / interval * (1 + 1e-9)))
    if count * flips.sizes["members"] > _MOST_SAMPLES:
        raise ValueError(
            f"interval = {interval} s makes {count} samples of {flips.sizes['members']} members, more than "
            f"{_MOST_SAMPLES}; sample less often"
        )
    return np.asarray(np.arange(count + 1) * interval, dtype=np.float64)


def _trace(values: Floats, times: Floats) -> xr.DataArray:
    coords = {"member": np.arange(len(values)), "t": ("t", times, {"units": "s"})}
    return xr.DataArray(values, coords=coords, dims=("member", "t"), attrs={"units": "1"}, name="state")
