"""Linear memory and nonlinear memory: which functions of its past inputs a system's state holds.

Inputs u(t), independent and uniform between -1 and 1, have an orthogonal set of functions of
their past: products of normalised Legendre polynomials,

    z(t) = prod_k sqrt(2 d_k + 1) P_{d_k}(u(t - k)),

of total degree sum d_k. The capacity for z is the share of its variance that a linear
read-out of the state x(t), with an offset, reproduces,

    C[z] = 1 - min_w <(z - w . x)^2> / <z^2>.

The capacities of degree 1 sum up to Jaeger's memory capacity; all together are at most
the number of linearly independent state variables.

From T samples and p state variables, a target that has nothing to do with the state gets
C > 0 all the same: its in-sample C follows the beta distribution B(p / 2, (T - 1 - p) / 2),
with the mean p / (T - 1). So what stays below that distribution's quantile is set to 0, as
Dambre and others do, and what is above is freed from its bias,
1 - (1 - C)(T - 1) / (T - 1 - p). The quantile's level is divided by the number of targets.

Sources: H. Jaeger, GMD Report 152 (2001); J. Dambre, D. Verstraeten, B. Schrauwen and S.
Massar, Sci. Rep. 2, 514 (2012), for the capacities, their bound, and the threshold.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import xarray as xr
from scipy import special, stats

__all__ = ["memory_capacities"]

Floats = npt.NDArray[np.float64]


def memory_capacities(
    states: npt.ArrayLike,
    inputs: npt.ArrayLike,
    *,
    longest_delay: Sequence[int],
    washout: int = 0,
    level: float = 0.01,
) -> xr.Dataset:
    """Capacities of a system's states for functions of its past inputs.

    Parameters
    ----------
    states : array (times, read-outs)
        After each input.
    inputs : array (times)
        Independent and uniform between -1 and 1.
    longest_delay : sequence of int
        For degree 1, 2, ... the longest delay of an input in a target; the target with
        delay 0 is the input that was just given. All products up to these are taken.
    washout : int
        How many of the first times are left out; at least the longest delay are.
    level : float
        Probability that any target without a share in the state gets a capacity.

    Returns
    -------
    xarray.Dataset
        Over `target`: `capacity`, corrected as above; `measured`, the in-sample value;
        `degree`, and `oldest`, the longest delay of an input in it. The coordinate `target`
        describes it, as "2@0 1@3" for P_2(u(t)) P_1(u(t - 3)). attrs: `rank`,
        the number of independent state variables p beside the offset, which bounds their sum;
        `samples`, T; and `threshold`, the C below which a capacity is 0.

    Raises
    ------
    ValueError
        If shapes do not fit, an input is outside -1 to 1, a delay is negative, or there are
        not at least twice as many times as state variables.

    Examples
    --------
    >>> import numpy as np
    >>> from solitons.reservoirs import memory_capacities
    >>> inputs = np.random.default_rng(1).uniform(-1, 1, 2000)
    >>> states = np.stack([np.roll(inputs, delay) for delay in range(3)], axis=1)  # a shift register of three
    >>> found = memory_capacities(states, inputs, longest_delay=[5], washout=10)
    >>> found["capacity"].values.round(2).tolist()
    [1.0, 1.0, 1.0, 0.0, 0.0, 0.0]
    """
    state, given = np.asarray(states, dtype=np.float64), np.asarray(inputs, dtype=np.float64)
    if state.ndim != 2 or given.shape != state.shape[:1] or not np.isfinite(state).all():
        raise ValueError(
            f"memory_capacities: states has the shape {state.shape} and inputs {given.shape}; give finite numbers "
            "(times, read-outs) and (times,)"
        )
    if given.size and not np.abs(given).max() <= 1:
        raise ValueError("memory_capacities: inputs go beyond -1 to 1, where Legendre polynomials are orthogonal")
    if not longest_delay or min(longest_delay) < 0:
        raise ValueError(f"memory_capacities: longest_delay = {list(longest_delay)} must be delays of 0 or more")
    start = max(washout, *longest_delay)
    samples = len(given) - start
    if samples < 2:
        raise ValueError(
            f"memory_capacities: of {len(given)} times the washout and the longest delay take {start}; give more "
            "inputs, or shorten those"
        )
    basis = _orthonormal(state[start:])
    rank = basis.shape[1]
    if samples < 2 * (rank + 1):
        raise ValueError(
            f"memory_capacities: {samples} times after the washout for {rank} independent state variables; give at "
            "least twice as many, or fewer read-outs"
        )
    terms = _terms(longest_delay)
    targets = _targets(given, terms, start)
    centred = targets - targets.mean(axis=0)
    measured = np.sum((basis.T @ centred) ** 2, axis=0) / np.sum(centred**2, axis=0)
    threshold = float(stats.beta.isf(level / len(terms), rank / 2, (samples - 1 - rank) / 2)) if rank else 0.0
    corrected = 1 - (1 - measured) * (samples - 1) / (samples - 1 - rank)
    return xr.Dataset(
        {
            "capacity": ("target", np.where(measured > threshold, corrected, 0.0), {"units": "1"}),
            "measured": ("target", measured, {"units": "1"}),
            "degree": ("target", [sum(degrees) for degrees, _ in terms]),
            "oldest": ("target", [max(delays) for _, delays in terms]),
        },
        coords={"target": [" ".join(f"{d}@{k}" for d, k in zip(*term, strict=True)) for term in terms]},
        attrs={"rank": rank, "samples": samples, "threshold": threshold},
    )


Term = tuple[tuple[int, ...], tuple[int, ...]]


def _terms(longest_delay: Sequence[int]) -> list[Term]:
    """Degrees and delays of all products up to the longest delay of their total degree."""
    terms: list[Term] = []
    for total, longest in enumerate(longest_delay, start=1):
        for parts in range(1, total + 1):
            degrees = [each for each in itertools.product(range(1, total + 1), repeat=parts) if sum(each) == total]
            for delays in itertools.combinations(range(longest + 1), parts):
                terms.extend((each, delays) for each in degrees)
    return terms


def _targets(inputs: Floats, terms: Sequence[Term], start: int) -> Floats:
    highest = max(max(degrees) for degrees, _ in terms)
    legendre = [np.sqrt(2 * d + 1) * special.eval_legendre(d, inputs) for d in range(highest + 1)]
    columns = [
        np.prod([legendre[d][start - k : len(inputs) - k] for d, k in zip(*term, strict=True)], axis=0)
        for term in terms
    ]
    return np.stack(columns, axis=1)


def _orthonormal(states: Floats) -> Floats:
    """An orthonormal basis of what the states can be beside constants, (times, rank)."""
    centred = states - states.mean(axis=0)
    left, singular, _ = np.linalg.svd(centred, full_matrices=False)
    floor = max(centred.shape) * np.finfo(np.float64).eps * (singular[0] if singular.size else 0.0)
    # A column that never changes leaves rounding of its mean behind.
    floor = max(floor, np.finfo(np.float64).eps * float(np.abs(states).max(initial=0.0)) * len(states))
    basis: Floats = left[:, singular > floor]
    return basis
