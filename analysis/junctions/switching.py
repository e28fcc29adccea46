"""How often a junction has switched after a pulse, with exact intervals."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import xarray as xr

from analysis.statistics.proportions import exact_interval
from runs.spec import RunSpec, read_spec
from runs.waveforms.waveform import PiecewiseLinear

__all__ = ["switching"]


def switching(
    runs: xr.Dataset | Sequence[xr.Dataset],
    *,
    axis: Sequence[float],
    threshold: float = 0.5,
    terminal: str | None = None,
    confidence: float = 0.95,
) -> xr.Dataset:
    """Give the probability that a pulse switches a junction, against its amplitude and width.

    A member has switched if its mean magnetisation along `axis` began beyond one threshold and ends beyond the other.
    One that ends between the two has not: it is counted as `undecided`, and a longer rest after the pulse would decide.
    Runs of equal amplitude and width count together, so that an ensemble may be made in parts with other seeds.
    Ensembles of other drives are independent only if their seeds differ too.

    Parameters
    ----------
    runs : xarray.Dataset or sequence of them
        Ensembles, or single runs, of one device in time, with the attribute `spec`.
    axis : sequence of three floats
        Easy axis of the junction, of any length.
    threshold : float
        Threshold of the mean magnetisation along it, between 0 and 1.
    terminal : str, optional
        Terminal of the pulse; not needed where one is driven.
    confidence : float
        Two-sided.

    Returns
    -------
    xarray.Dataset
        Over `drive`, in order of amplitude and width: `amplitude` (the waveform's, with its sign, in the terminal's
        unit), `width` (s: its area over the amplitude, for a trapezoid its width at half height; for several pulses,
        of all), `members`, `switched`, `undecided`, and `probability` with `low` and `high` by Clopper and Pearson.

    Raises
    ------
    TypeError, ValueError
        If there are no runs, one is not what it should be, has no pulse or pulses of both signs, or is given twice,
        they are of several devices, materials or temperatures, several terminals are driven and none is named, a
        member does not begin in one of the two states, or a number is out of range.

    Examples
    --------
    >>> import analysis
    >>> analysis.switching([], axis=(0, 0, 1))
    Traceback (most recent call last):
    ...
    ValueError: runs is empty; give at least one
    """
    given = [runs] if isinstance(runs, xr.Dataset) else list(runs)
    if not given:
        raise ValueError("runs is empty; give at least one")
    direction = np.asarray(axis, dtype=np.float64)
    if direction.shape != (3,) or not np.isfinite(direction).all() or not direction.any():
        raise ValueError(f"axis is {axis!r}; it must be three numbers, not all zero")
    direction = direction / np.linalg.norm(direction)
    if not 0 < threshold < 1:
        raise ValueError(f"threshold = {threshold!r} must be between 0 and 1")
    counts: dict[tuple[float, float], list[int]] = {}
    units, devices = set(), set()
    seen: dict[str, int] = {}
    for place, run in enumerate(given):
        owner = f"runs[{place}]"
        amplitude, width, unit = _pulse(run, terminal, owner)
        units.add(unit)
        spec = _spec_of(run, owner)
        if spec.run_id in seen:
            raise ValueError(
                f"{owner} is runs[{seen[spec.run_id]}] again, whose members would count twice; give parts of an "
                "ensemble seeds of their own"
            )
        seen[spec.run_id] = place
        # Where a run starts is another state of the same junction.
        device = spec.device.model_dump_json(exclude={"start", "start_tilt", "start_seed"})
        devices.add((device, spec.material, spec.protocol.temperature_profile.peak))
        of_drive = counts.setdefault((amplitude, width), [0, 0, 0])
        for index, number in enumerate(_counted(run, direction, threshold, owner)):
            of_drive[index] += number
    if len(devices) > 1:
        raise ValueError(
            f"runs are of {len(devices)} junctions, which differ in their device, material or temperature: they would "
            "be counted as one; give those of one"
        )
    if len(units) > 1:
        raise ValueError(f"runs have drives in {' and '.join(sorted(units))}; give those of one terminal")
    drives = sorted(counts)
    members, switched, undecided = (np.array([counts[drive][index] for drive in drives]) for index in range(3))
    bounds = np.array([exact_interval(int(k), int(n), confidence) for k, n in zip(switched, members, strict=True)])
    return xr.Dataset(
        {
            "amplitude": ("drive", np.array([one for one, _ in drives]), {"units": units.pop()}),
            "width": ("drive", np.array([one for _, one in drives]), {"units": "s"}),
            "members": ("drive", members),
            "switched": ("drive", switched),
            "undecided": ("drive", undecided),
            "probability": ("drive", switched / members, {"units": "1"}),
            "low": ("drive", bounds[:, 0], {"units": "1"}),
            "high": ("drive", bounds[:, 1], {"units": "1"}),
        },
        attrs={"confidence": confidence, "threshold": threshold, "axis": direction.tolist()},
    )


def _pulse(run: xr.Dataset, terminal: str | None, owner: str) -> tuple[float, float, str]:
    """Amplitude, width in s and unit of the pulse in a run."""
    spec = _spec_of(run, owner)
    channels = [each for each in spec.in_time.channels(spec.device) if each.waveform.peak]
    names = [channel.terminal.name for channel in channels]
    chosen = [channel for channel in channels if terminal in (None, channel.terminal.name)]
    if len(chosen) != 1:
        listed = ", ".join(map(repr, names)) or "none"
        which = "say which" if terminal is None and names else "there must be just one"
        raise ValueError(f"{owner}: terminals that carry a pulse are {listed}; {which}")
    ((of_terminal, waveform),) = chosen
    if not isinstance(waveform, PiecewiseLinear):
        raise ValueError(f"{owner}: what drives terminal {of_terminal.name!r} alternates and is no pulse")
    times, values = np.array(waveform.times), np.array(waveform.values)
    if values.min() < 0 < values.max():
        raise ValueError(
            f"{owner}: what drives terminal {of_terminal.name!r} goes from {values.min():.4g} to {values.max():.4g} "
            f"{of_terminal.unit}, and pulses of both signs have no one amplitude; give runs with one pulse"
        )
    amplitude = float(values[np.argmax(np.abs(values))])
    # Fifteen digits: pulses of one width at different times are of one width.
    return amplitude, float(f"{np.trapezoid(values, times) / amplitude:.12g}"), of_terminal.unit


def _spec_of(run: xr.Dataset, owner: str) -> RunSpec:
    if not isinstance(run, xr.Dataset):
        raise TypeError(f"{owner} is a {type(run).__name__}; give an xarray.Dataset")
    missing = [name for name in ("mx", "my", "mz") if name not in run]
    missing += [f"attrs[{name!r}]" for name in ("spec", "run_id") if name not in run.attrs]
    if missing:
        raise ValueError(f"{owner} lacks {', '.join(missing)}; give an ensemble or a run as the store has them")
    return read_spec(run.attrs["spec"], run.attrs["run_id"])


def _counted(run: xr.Dataset, direction: npt.NDArray[np.float64], threshold: float, owner: str) -> tuple[int, int, int]:
    """Members of a run, how many have switched, and how many end between the states."""
    along = sum(part * run[name] for part, name in zip(direction, ("mx", "my", "mz"), strict=True))
    assert isinstance(along, xr.DataArray)
    first, last = (np.atleast_1d(along.isel(t=frame).values) for frame in (0, -1))
    if np.abs(first).min() < threshold:
        raise ValueError(
            f"{owner} begins at {first[np.argmin(np.abs(first))]:.3g} along the axis, which is neither state at a "
            f"threshold of {threshold:g}; start it along the axis, or give another axis"
        )
    final = last * np.sign(first)
    return final.size, int(np.sum(final <= -threshold)), int(np.sum(np.abs(final) < threshold))
