r"""Rates of telegraph noise, with intervals, and a test whether the dwells have one rate."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import xarray as xr

from analysis.junctions.dwells import check_dwells
from analysis.statistics.counts import poisson_interval

__all__ = ["dwell_rates", "exponential_dwells"]

FloatArray = npt.NDArray[np.float64]

_RESAMPLES = 999
_FEWEST = 10
# A flip in every other sample: then two states that have nothing to do with each other look alike.
_MOST_FLIPS = 0.5


def dwell_rates(dwells: xr.Dataset, *, confidence: float = 0.95) -> xr.Dataset:
    r"""Give the rate at which a junction leaves each state.

    With a constant rate :math:`\lambda`, n dwells are seen to end in the time T that the state was watched,
    censored dwells included, and the likelihood :math:`\lambda^n e^{-\lambda T}` has its maximum at n / T. The
    interval is for Poisson events (Garwood, from the quantiles of chi-square with 2 n and 2 n + 2 degrees of
    freedom); without any flip its lower end is 0 and its upper one about 3.7 / T.

    Two flips between two samples are not seen. For two states that are sampled every dt, p and q of the samples are
    followed by the other state, and exactly

    .. math:: \lambda_0 = -\frac{\ln(1 - p - q)}{dt} \, \frac{p}{p + q},

    the rate of the seen flips times :math:`-\ln(1 - p - q) / (p + q)`.

    Parameters
    ----------
    dwells : xarray.Dataset
        Result of `dwell_times`.
    confidence : float
        Two-sided, between 0 and 1.

    Returns
    -------
    xarray.Dataset
        Over `state` (0 and 1): `rate`, `low`, `high` (1/s) of leaving it, `flips` out of it and `watched` (s).

    Raises
    ------
    ValueError
        If the junction flips so fast that its samples tell no rate, or `confidence` is no probability.

    References
    ----------
    F. Garwood, Biometrika 28, 437 (1936).

    Examples
    --------
    >>> from analysis import artificial, dwell_times
    >>> rates = dwell_rates(dwell_times(artificial.telegraph_noise(1e6, 2e6, 1e-2, 1e-8, seed=1)))
    >>> [bool(low < truth < high) for low, truth, high in zip(rates.low, (1e6, 2e6), rates.high)]
    [True, True]
    """
    check_dwells(dwells)
    if not 0 < confidence < 1:
        raise ValueError(f"confidence = {confidence!r} must be between 0 and 1")
    state, duration = dwells["state"].values, dwells["duration"].values
    ends = ~_last_of_traces(dwells)
    flips = np.array([int(np.sum(ends & (state == each))) for each in (0, 1)])
    watched = np.array([float(duration[state == each].sum()) for each in (0, 1)])
    interval = float(dwells.attrs["sampling_interval"])
    shares = np.divide(flips * interval, watched, out=np.zeros(2), where=watched > 0)
    total = float(shares.sum())
    if total >= _MOST_FLIPS:
        raise ValueError(
            f"dwells: {int(flips.sum())} flips in {watched.sum() / interval:.4g} samples, so that the junction flips "
            f"about as fast as it is sampled, every {interval:.3g} s; sample it at least ten times in a dwell"
        )
    unseen = -math.log1p(-total) / total if total else 1.0
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = unseen * flips / watched
        low, high = (unseen * end / watched for end in poisson_interval(flips, confidence))
    hertz = {"units": "1/s"}
    return xr.Dataset(
        {
            "rate": ("state", rate, hertz),
            "low": ("state", low, hertz),
            "high": ("state", high, hertz),
            "flips": ("state", flips),
            "watched": ("state", watched, {"units": "s"}),
        },
        coords={"state": [0, 1]},
        attrs={"confidence": confidence, "unseen": unseen},
    )


def _last_of_traces(dwells: xr.Dataset) -> npt.NDArray[np.bool_]:
    """Tell which dwells no flip has ended: the last of each trace."""
    last = np.zeros(dwells.sizes["dwell"], dtype=bool)
    last[-1] = True
    if "member" in dwells:
        member = dwells["member"].values
        last[:-1] = member[1:] != member[:-1]
    return last


def exponential_dwells(dwells: xr.Dataset, *, seed: int = 0) -> xr.Dataset:
    """Test whether the dwells in each state have one constant rate, that is, are exponential.

    The largest distance of the distribution of the complete dwells from an exponential of their mean (Kolmogorov and
    Smirnov) is compared with the distances of 999 samples of this exponential, cut to whole sampling intervals and with
    the mean of each taken anew, as Lilliefors did: neither the fitted mean nor the sampling makes the test wrong. It is
    for dwells much shorter than the trace, so that long ones are not cut off.

    Parameters
    ----------
    dwells : xarray.Dataset
        Result of `dwell_times`.
    seed : int
        Seed of the samples.

    Returns
    -------
    xarray.Dataset
        Over `state`: `dwells` (how many are complete), `mean` (s), `variation` (standard deviation over mean, 1 of an
        exponential), `distance`, and `p_value`: how often a constant rate is as far off. NaN for a state with
        fewer than 10.

    References
    ----------
    H. W. Lilliefors, J. Am. Stat. Assoc. 64, 387 (1969).

    Examples
    --------
    >>> from analysis import artificial, dwell_times
    >>> trace = artificial.telegraph_noise(1e6, 2e6, 1e-3, 1e-8, seed=1)
    >>> tested = exponential_dwells(dwell_times(trace))
    >>> tested.variation.values.round(2).tolist(), bool((tested.p_value > 0.05).all())
    ([0.97, 1.02], True)
    """
    check_dwells(dwells)
    random = np.random.default_rng(seed)
    interval = float(dwells.attrs["sampling_interval"])
    columns: dict[str, list[float]] = {name: [] for name in ("mean", "variation", "distance", "p_value")}
    counts = []
    for state in (0, 1):
        chosen = (dwells["state"].values == state) & ~dwells["censored"].values
        durations = dwells["duration"].values[chosen]
        counts.append(durations.size)
        if durations.size < _FEWEST:
            for values in columns.values():
                values.append(math.nan)
            continue
        mean = float(durations.mean())
        distance = float(_distance(durations[np.newaxis, :])[0])
        made = random.exponential(mean, (_RESAMPLES, durations.size))
        # A dwell is seen as the number of samples in it, which is its length rounded up or down as it happens to lie.
        made = interval * np.maximum(np.floor(made / interval + random.random(made.shape)), 1.0)
        beyond = int(np.sum(_distance(made) >= distance))
        columns["mean"].append(mean)
        columns["variation"].append(float(durations.std(ddof=1) / mean))
        columns["distance"].append(distance)
        columns["p_value"].append((1 + beyond) / (1 + _RESAMPLES))
    units = {"mean": "s", "variation": "1", "distance": "1", "p_value": "1"}
    return xr.Dataset(
        {name: ("state", np.array(values), {"units": units[name]}) for name, values in columns.items()}
        | {"dwells": ("state", np.array(counts))},
        coords={"state": [0, 1]},
    )


def _distance(samples: FloatArray) -> FloatArray:
    """Largest distance of samples (..., n) from exponentials of their means."""
    number = samples.shape[-1]
    ordered = np.sort(samples, axis=-1)
    expected = -np.expm1(-ordered / ordered.mean(axis=-1, keepdims=True))
    places = np.arange(number) / number
    above = np.abs(places + 1 / number - expected).max(axis=-1)
    return np.asarray(np.maximum(above, np.abs(expected - places).max(axis=-1)))
