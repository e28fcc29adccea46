"""How skyrmions move: mean velocity and Hall angle, diffusion; each with its error."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import xarray as xr

from analysis.skyrmions.schema import check_skyrmions

__all__ = ["diffusion", "drift"]

FloatArray = npt.NDArray[np.float64]

# Share of the mean time between frames.
_EVEN = 1e-3


def drift(
    skyrmions: xr.Dataset, *, between: tuple[float, float] | None = None, along: float = 0.0, centre: str = "charge"
) -> xr.Dataset:
    r"""Give the mean velocity and the Hall angle of each skyrmion.

    The velocity is the way from the first to the last frame over the time. Its variance follows
    from the scatter of the N single steps, v_k their velocities, and of neighbouring ones, because
    an error of one position enters two steps with opposite signs [1]_:

    .. math:: \sigma^2 = \frac{N c_0 + 2 (N - 1) c_1}{N^2},\quad
              c_j = \langle (v_k - \bar v)(v_{k+j} - \bar v)\rangle .

    It is at least c_0 / N^2. For a steady motion it is the error of the numbers; if the velocity changes slowly, as of
    a skyrmion which meets an edge, it is too small.

    Parameters
    ----------
    skyrmions : xarray.Dataset
        Result of `analysis.find_skyrmions` for a run in time.
    between : tuple of two floats, optional
        Time in s at which the first frame may be, and the last; all if absent.
    along : float
        Direction of the drive in the plane, in rad from +x.
    centre : {"charge", "area"}
        The moving point: the centre of the charge density, as in Thiele's equation, or of
        the area inside m_z = 0. A skyrmion without charge has the latter only.

    Returns
    -------
    xarray.Dataset
        Over skyrmion: `velocity_x`, `velocity_y`, `speed` (m/s) and `hall_angle` (rad), from the
        direction of the drive anticlockwise to the direction of motion, in (-pi, pi], each with
        `..._error` (one standard deviation); `steps`, how many there were. NaN where a skyrmion is
        in less than two frames, the errors in less than five; unresolved frames are left out.

    Raises
    ------
    TypeError, ValueError
        If `skyrmions` is not what it should be, or frames are not evenly spaced.

    References
    ----------
    .. [1] C. L. Vestergaard, P. C. Blainey and H. Flyvbjerg, Phys. Rev. E 89, 022726 (2014).

    Examples
    --------
    >>> from analysis import artificial
    >>> from analysis import find_skyrmions
    >>> places = [[[60e-9 + 4e-9 * frame, 64e-9 + 3e-9 * frame]] for frame in range(8)]
    >>> moved = drift(find_skyrmions(artificial.skyrmions(places)))
    >>> round(float(moved.speed[0]), 1), round(float(moved.hall_angle[0]), 3)
    (50.0, 0.644)
    """
    t, places = _places(skyrmions, between, centre)
    found = {name: np.full(places.shape[1], np.nan) for name in _DRIFT}
    count = np.zeros(places.shape[1], dtype=np.int64)
    for each in range(places.shape[1]):
        seen = np.flatnonzero(np.isfinite(places[:, each, 0]))
        if seen.size < 2:
            continue
        velocity, variance = _mean_velocity(t[seen], places[seen, each])
        count[each] = seen.size - 1
        speed = float(np.hypot(*velocity))
        values = [velocity[0], velocity[1], speed, float(np.angle(np.exp(1j * (np.arctan2(*velocity[::-1]) - along))))]
        unit = velocity / speed if speed else np.zeros(2)
        errors = [
            np.sqrt(variance[0]),
            np.sqrt(variance[1]),
            np.sqrt((unit**2 * variance).sum()),
            np.sqrt((unit[::-1] ** 2 * variance).sum()) / speed if speed else np.nan,
        ]
        for name, number in zip(_DRIFT, [*values, *errors], strict=True):
            found[name][each] = number
    units = {name: "rad" if name.startswith("hall") else "m/s" for name in _DRIFT}
    variables = {name: ("skyrmion", value, {"units": units[name]}) for name, value in found.items()}
    return xr.Dataset(variables | {"steps": ("skyrmion", count)}, coords={"skyrmion": skyrmions["skyrmion"]})


_DRIFT = [*(names := ("velocity_x", "velocity_y", "speed", "hall_angle")), *(f"{name}_error" for name in names)]


def diffusion(
    skyrmions: xr.Dataset, *, between: tuple[float, float] | None = None, centre: str = "charge"
) -> xr.Dataset:
    r"""Give the diffusion constant of each skyrmion, and of all, from the covariance of its steps.

    With d_k the steps in one direction, without the mean, at times dt apart [1]_

    .. math:: D = \frac{\langle d_k^2\rangle}{2\,\Delta t} + \frac{\langle d_k d_{k+1}\rangle}{\Delta t},

    which an error of the positions does not change. Its variance is

    .. math:: \mathrm{var} D = D^2\left[\frac{6 + 4\epsilon + 2\epsilon^2}{N} +
              \frac{4(1 + \epsilon)^2}{N^2}\right],\quad \epsilon = \frac{\sigma^2}{D \Delta t},

    sigma^2 = -<d_k d_{k+1}> the variance of a position, for frames that are instants. The
    steps have to be longer than the time for which a skyrmion's velocity persists.

    Parameters
    ----------
    skyrmions, between, centre
        As in `drift`.

    Returns
    -------
    xarray.Dataset
        Over skyrmion: `diffusion` and `diffusion_error` (m2/s), the mean of x and y, NaN with less
        than four steps; and for all, weighted by their steps, `mean_diffusion` and
        `mean_diffusion_error`.

    Raises
    ------
    TypeError, ValueError
        As `drift`.

    References
    ----------
    .. [1] C. L. Vestergaard, P. C. Blainey and H. Flyvbjerg, Phys. Rev. E 89, 022726 (2014).

    Examples
    --------
    >>> from analysis import artificial, find_skyrmions
    >>> steps = np.random.default_rng(3).normal(0, 1e-9, (20, 1, 2))  # 1 nm along x and y in 0.1 ns: D = 5e-9 m^2/s
    >>> film = {"extent": (128e-9, 128e-9), "cell": (4e-9, 4e-9, 1e-9)}
    >>> found = diffusion(find_skyrmions(artificial.skyrmions(64e-9 + np.cumsum(steps, axis=0), **film)))
    >>> print(f"{float(found.mean_diffusion):.1e} +- {float(found.mean_diffusion_error):.1e} m^2/s")
    5.8e-09 +- 2.4e-09 m^2/s
    """
    t, places = _places(skyrmions, between, centre)
    count = places.shape[1]
    constant, error, weight = np.full(count, np.nan), np.full(count, np.nan), np.zeros(count)
    step = float(np.diff(t).mean()) if t.size > 1 else np.nan
    for each in range(count):
        steps = np.diff(places[:, each], axis=0)
        there = np.isfinite(steps[:, 0])
        if there.sum() < 4:
            continue
        number = int(there.sum())
        free = steps - steps[there].mean(axis=0)
        square, product = np.nanmean(free**2, axis=0), np.nanmean(free[1:] * free[:-1], axis=0)
        # The subtracted mean is of the same steps, 2 D dt / N of variance in each of three terms.
        both = (square / 2 + product) / step / (1 - 3 / number)
        value = float(both.mean())
        noise = max(float(-product.mean()), 0.0)
        epsilon = noise / (abs(value) * step) if value else 0.0
        relative = (6 + 4 * epsilon + 2 * epsilon**2) / number + 4 * (1 + epsilon) ** 2 / number**2
        # x and y are two measurements.
        constant[each], error[each], weight[each] = value, abs(value) * np.sqrt(relative / 2), number
    known = weight > 0
    total = weight.sum()
    mean = float((weight * constant)[known].sum() / total) if total else np.nan
    mean_error = float(np.sqrt(((weight * error)[known] ** 2).sum()) / total) if total else np.nan
    per_second = {"units": "m^2/s"}
    return xr.Dataset(
        {
            "diffusion": ("skyrmion", constant, per_second),
            "diffusion_error": ("skyrmion", error, per_second),
            "mean_diffusion": ((), mean, per_second),
            "mean_diffusion_error": ((), mean_error, per_second),
        },
        coords={"skyrmion": skyrmions["skyrmion"]},
    )


def _places(skyrmions: xr.Dataset, between: tuple[float, float] | None, centre: str) -> tuple[FloatArray, FloatArray]:
    """Times, and places (t, skyrmion, 2), NaN where a skyrmion is not there or cannot be distinguished from others."""
    check_skyrmions(skyrmions, in_time=True)
    if centre not in ("charge", "area"):
        raise ValueError(f"centre is {centre!r}; it must be 'charge' or 'area'")
    t = skyrmions["t"].values
    chosen = np.ones(t.size, dtype=bool)
    if between is not None:
        slack = 1e-9 * max(float(np.ptp(t)), 1e-15)
        chosen = (t >= between[0] - slack) & (t <= between[1] + slack)
        if chosen.sum() < 2:
            raise ValueError(
                f"between = {between} s holds {chosen.sum()} frames of t = {t[0]:g} to {t[-1]:g} s; give a time in "
                "which there are at least two"
            )
    t = t[chosen]
    steps = np.diff(t)
    if steps.size and np.ptp(steps) > _EVEN * steps.mean():
        raise ValueError(
            f"skyrmions.t has steps from {steps.min():g} to {steps.max():g} s; a drift and its error need even frames: "
            "choose a part with `between`, or sel(t=...)"
        )
    prefix = "charge_" if centre == "charge" else ""
    places = np.stack([skyrmions[f"{prefix}{axis}"].values[chosen] for axis in "xy"], axis=-1)
    return t, np.where(skyrmions["resolved"].values[chosen, :, None], places, np.nan)


def _mean_velocity(t: FloatArray, place: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Mean velocity from the first to the last place, and its variance along x and y."""
    velocity = (place[-1] - place[0]) / (t[-1] - t[0])
    single = np.diff(place, axis=0) / np.diff(t)[:, None]
    number = len(single)
    if number < 4:
        return velocity, np.full(2, np.nan)
    free = single - velocity
    own, neighbours = (free**2).mean(axis=0), (free[1:] * free[:-1]).mean(axis=0)
    variance = (number * own + 2 * (number - 1) * neighbours) / number**2
    # Both are too small by the variance itself, because the mean is of the same steps.
    variance /= 1 - (3 * number - 2) / number**2
    least: FloatArray = np.maximum(variance, own / number**2)
    return velocity, least
