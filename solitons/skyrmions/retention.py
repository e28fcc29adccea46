r"""For how long a row of skyrmions keeps its level: heat lets it diffuse where nothing pins it.

A skyrmion that starts in the middle of a track whose edges push it back with the stiffness k spreads along x by

.. math::

   \sigma^2(t) = \frac{g^2}{a^2}\, D_f\, \frac{1 - e^{-2\lambda t}}{\lambda} + 2 D_t t
                 - \frac{4 g^2}{a^2} D_f\, \frac{1 - e^{-\lambda t}}{\lambda}, \qquad
   D_f = \frac{k_B T \mu a}{g^2 + a^2}, \quad D_t = \frac{k_B T \mu}{a}, \quad \lambda = \frac{k \mu a}{g^2 + a^2}

with a = alpha D and mu = gamma0 / (mu0 Ms t). It follows from Thiele's equation, which is linear there. In a film, or
before it has met the edges, it is 2 D_f t; afterwards it grows with 2 D_t t, (g^2 + a^2) / a^2 times faster: the edges
take away the Magnus force that turned each push aside.

Skyrmions that do not meet spread independently, and the level is wrong where the number of skyrmions under the junction
is another. It has the probability of a sum of unlike coins, with sharp edges of the junction.
"""

from __future__ import annotations

import math
from typing import Any

import equinox as eqx
import jax
import numpy as np
import numpy.typing as npt
from scipy import constants, optimize, special

from solitons.devices.places import Place
from solitons.skyrmions.escape import pinned_places
from solitons.skyrmions.forces import AbstractForce, LandscapeForce, PinningSites, part_of
from solitons.skyrmions.skyrmion_synapse import SkyrmionSynapse
from solitons.skyrmions.thiele import ThieleDynamics

__all__ = ["edge_stiffness", "level_error", "retention_time", "row_places", "variance_along"]

Floats = npt.NDArray[np.float64]

_LONGEST = 1e9
"""s: 30 years."""
_TRIED = 1000


def edge_stiffness(skyrmion: ThieleDynamics, place: tuple[float, float]) -> float:
    """Stiffness in N/m with which forces hold a lone skyrmion across its track, -dF_y / dy at a place (m)."""
    with jax.enable_x64(True):
        return -float(_slope_across(skyrmion.force, np.asarray(place, dtype=np.float64)))


def variance_along(skyrmion: ThieleDynamics, time: npt.ArrayLike, temperature: float, stiffness: float = 0.0) -> Floats:
    """Variance in m2 of where heat has taken a skyrmion along its track.

    It has an isotropic D; times are in s, the temperature is in K. `stiffness` holds it across the track, in N/m; 0 in
    a film. ValueError if it is negative: there a skyrmion does not stay.
    """
    if stiffness < 0:
        raise ValueError(
            f"variance_along: stiffness = {stiffness:g} N/m is negative, so that the skyrmion leaves this place by "
            "itself; take the middle of the track"
        )
    t = np.asarray(time, dtype=np.float64)
    turn, damped = float(skyrmion.gyration), float(skyrmion.alpha * skyrmion.dissipation[0, 0])
    mobility = float(skyrmion.velocity_per_force)
    whole = turn**2 + damped**2
    film = constants.k * temperature * mobility * damped / whole
    rate = stiffness * mobility * damped / whole
    if rate == 0:
        return np.asarray(2 * film * t)
    along = constants.k * temperature * mobility / damped
    across = film * -np.expm1(-2 * rate * t) / rate
    both = 4 * film * -np.expm1(-rate * t) / rate
    return np.asarray((turn / damped) ** 2 * (across - both) + 2 * along * t)


def level_error(synapse: SkyrmionSynapse, level: int, variance: npt.ArrayLike) -> Floats:
    """Probability that another number of skyrmions than `level` is under the junction of a row at rest at that level.

    `variance` is each skyrmion's along the track in m2, of any shape. ValueError if there is no such level.
    """
    if not 0 <= level <= synapse.count:
        raise ValueError(f"level_error: level = {level}; the row has levels 0 to {synapse.count}")
    spread = np.sqrt(np.asarray(variance, dtype=np.float64))[..., None]
    half, pitch = (synapse.count - 1) / 2, float(synapse.pitch)
    middle = float(synapse.junction.left) + (level - synapse.count / 2) * pitch
    places = middle + (np.arange(synapse.count) - half) * pitch
    with np.errstate(divide="ignore"):
        left, right = (
            special.ndtr((float(end) - places) / spread) for end in (synapse.junction.left, synapse.junction.right)
        )
    under = right - left
    counts = np.zeros((*under.shape[:-1], synapse.count + 1))
    counts[..., 0] = 1.0
    for index in range(synapse.count):
        share = under[..., index, None]
        counts = counts * (1 - share) + np.concatenate([np.zeros_like(share), counts[..., :-1]], axis=-1) * share
    return np.asarray(1 - counts[..., level])


def row_places(synapse: SkyrmionSynapse, temperature: float) -> list[Place]:
    """`pinned_places` of a row's track; none where neither sites nor a landscape pin it."""
    force, ends = synapse.skyrmion.force, (float(synapse.left), float(synapse.right))
    if all(part_of(force, kind) is None for kind in (PinningSites, LandscapeForce)):
        return []
    return pinned_places(synapse.skyrmion, ends, float(synapse.middle), temperature)


def retention_time(synapse: SkyrmionSynapse, level: int, *, temperature: float, error: float = 0.05) -> float:
    """Give the time after which a level is wrong with a probability.

    Where sites or a landscape pin the row, it is the time after which a skyrmion has left its place, with all in the
    one that lasts shortest and none pushed by others; a level may survive that.

    Parameters
    ----------
    synapse : SkyrmionSynapse
        Its skyrmions a few decays of their forces apart, so that they do not push each other.
    level : int
        0 to its count.
    temperature : float
        In K, above 0.
    error : float
        The probability, up to 0.4: later the row is anywhere.

    Returns
    -------
    float
        In s; infinite beyond 30 years.

    Raises
    ------
    ValueError
        If the temperature is not above 0, the error is not in that range, or what pins the row holds it in fewer
        than three places.

    Examples
    --------
    >>> from solitons.skyrmions.examples import example_row
    >>> row = example_row(count=3)
    >>> cold, hot = (retention_time(row, 1, temperature=each) for each in (30.0, 300.0))
    >>> f"{hot * 1e9:.1f} ns, {cold * 1e9:.1f} ns"  # nothing pins them
    '1.1 ns, 5.5 ns'
    """
    if not temperature > 0:
        raise ValueError(
            f"retention_time: temperature = {temperature} K must be above 0; at 0 K a level stays for ever"
        )
    if not 0 < error <= 0.4:
        raise ValueError(f"retention_time: error = {error} must be above 0 and at most 0.4")
    if places := row_places(synapse, temperature):
        shortest = min(each.lasts for each in places if each.lasts is not None)
        time = -math.log1p(-error) * shortest / synapse.count
        return time if time < _LONGEST else math.inf
    stiffness = edge_stiffness(synapse.skyrmion, (float(synapse.junction.left), float(synapse.middle)))

    def excess(log_time: Any) -> Any:
        variance = variance_along(synapse.skyrmion, np.exp(log_time), temperature, stiffness)
        return level_error(synapse, level, variance) - error

    # The first time: much later the row may be anywhere, and the lowest level right again.
    tried = np.linspace(np.log(1e-15), np.log(_LONGEST), _TRIED)
    over = np.flatnonzero(excess(tried) >= 0)
    if not over.size:
        return float("inf")
    after = max(int(over[0]), 1)
    found = optimize.brentq(lambda each: float(excess(each)), tried[after - 1], tried[after], xtol=1e-6)
    return float(np.exp(found))


@eqx.filter_jit
def _slope_across(force: AbstractForce, place: Any) -> Any:
    return jax.jacfwd(lambda each: force.force(each[None])[0, 1])(place)[1]
