r"""Anisotropy and couplings of an array's macrospins, fitted to the torques of micromagnetics.

At rest no torque acts on a magnet. In the plane that is one equation a magnet and state,

.. math::

   \hat z \cdot m_i \times \Big(H_i - a\, G_{ii} m_i - \sum_j c_{ij} G_{ij} m_j\Big) = 0,
   \qquad c_{ij} = b \sin^2 \varphi_{ij} + e \cos^2 \varphi_{ij},

linear in three factors on the unfitted response G of `array_macrospins`: a on the anisotropy in the plane, b and e on
the coupling of two magnets beside each other and of two end to end (phi is the angle between the line that joins them
and their axes). All are 1 for magnets that are magnetised the same everywhere. Ends that curl lower them: there is
less charge on the ends than the model has. Directions m are along the mean magnetisation in each state.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import equinox as eqx
import numpy as np
import numpy.typing as npt

from geometries import MagnetArray, Material
from solitons.fits.leave_one_out import covariance_by_runs
from solitons.fits.trivial_model import root_mean_square
from solitons.magnet_logic.arrays import array_macrospins
from solitons.magnet_logic.coupled_macrospins import CoupledMacrospins
from solitons.magnet_logic.rest_states import RestStates
from solitons.numerics.parameters import real

__all__ = ["ResponseFactors", "ResponseFit", "fit_response"]

Floats = npt.NDArray[np.float64]

FACTORS = ("anisotropy", "beside", "end_to_end")
_RANK = 1e-6


class ResponseFactors(eqx.Module):
    """Factors on the unfitted response of an array's macrospins, above 0.

    On each magnet's anisotropy in the plane, and on couplings of magnets beside each other and end to end.
    """

    anisotropy: Any = eqx.field(converter=real, default=1.0)
    beside: Any = eqx.field(converter=real, default=1.0)
    end_to_end: Any = eqx.field(converter=real, default=1.0)

    def __check_init__(self) -> None:
        for name in FACTORS:
            value = getattr(self, name)
            if value.shape != () or not 0 < value < np.inf:
                raise ValueError(f"ResponseFactors.{name} = {value} must be one number above 0; unfitted it is 1")

    def macrospins(self, array: MagnetArray, material: Material, temperature: float = 0.0) -> CoupledMacrospins:
        """Make of each magnet of an array a macrospin, with these factors; parameters as of `array_macrospins`."""
        return self.applied(array_macrospins(array, material, temperature), array)

    def applied(self, plain: CoupledMacrospins, array: MagnetArray) -> CoupledMacrospins:
        """Apply these factors to unfitted macrospins of an array, from `array_macrospins`."""
        share = _end_to_end_share(array)[:, :, None, None]
        response = plain.response * (self.beside * (1 - share) + self.end_to_end * share)
        every = range(plain.magnets)
        own = plain.response[every, every].copy()
        mean = np.trace(own[:, :2, :2], axis1=1, axis2=2)[:, None, None] / 2 * np.eye(2)
        own[:, :2, :2] = mean + self.anisotropy * (own[:, :2, :2] - mean)
        response[every, every] = own
        changed: CoupledMacrospins = eqx.tree_at(lambda tree: tree.response, plain, response)
        return changed


@dataclass(frozen=True)
class ResponseFit:
    """Fitted factors with 95 % intervals from leaving out each run (None for a single run), and what they leave.

    Residuals are the root mean square of the torque over the anisotropy field: with these factors, with all 1, and with
    the couplings left out and the anisotropy fitted. `left_out_residuals` are the same with couplings and without,
    where each run is predicted by a fit to the others; None where the others do not determine all factors. `uncoupled`
    is the anisotropy that fits best where magnets do not feel each other (its couplings are 1e-9); `shortest` is the
    smallest |mean m| of a free magnet in all states.
    """

    factors: ResponseFactors
    intervals: dict[str, tuple[float, float]] | None
    residual: float
    unfitted_residual: float
    uncoupled_residual: float
    left_out_residuals: tuple[float, float] | None
    uncoupled: ResponseFactors
    shortest: float
    equations: int
    runs: tuple[str, ...]


def fit_response(runs: Sequence[RestStates], material: Material) -> ResponseFit:
    """Fit the factors to arrays at rest, by least squares of the torques over the anisotropy field.

    Parameters
    ----------
    runs : sequence of RestStates
        Pairs beside each other and end to end, in fields that turn them away from their axes.
    material : Material
        Material of all of them.

    Raises
    ------
    ValueError
        If there is no run, bits are along the normal, or the states do not determine all factors.

    Examples
    --------
    >>> from geometries.magnet_logic import wire
    >>> from solitons.magnet_logic.rest_states import rest_path
    >>> permalloy, weak = Material(name="permalloy", Ms=8e5, A=1.3e-11, alpha=0.1), ResponseFactors(0.93, 0.85, 0.8)
    >>> fields = np.array([[5e4, 0.0, 0.0], [8e4, 2e4, 0.0], [2e4, -4e4, 0.0]])
    >>> runs = []
    >>> for along in "xy":
    ...     pair = wire(2, along=along)
    ...     start = [[0.01, magnet.state, 0.0] for magnet in pair.magnets]
    ...     m = rest_path(weak.macrospins(pair, permalloy), start, fields[:, None] + pair.held_fields())
    ...     runs.append(RestStates(pair, m, fields, along))
    >>> fit = fit_response(runs, permalloy)
    >>> [round(float(getattr(fit.factors, name)), 3) for name in ("anisotropy", "beside", "end_to_end")]
    [0.93, 0.85, 0.8]
    """
    if not runs:
        raise ValueError("fit_response: no runs; give pairs of magnets in field steps")
    upright = [seen.name for seen in runs if seen.array.perpendicular]
    if upright:
        raise ValueError(
            f"fit_response: bits of the array of run {upright[0]!r} are along the film's normal, and the factors are "
            "of torques in the plane; give arrays with bits in the plane"
        )
    parts = [_equations(seen, material) for seen in runs]
    slopes, wanted = (np.concatenate([part[k] for part in parts]) for k in range(2))
    place = np.repeat(np.arange(len(runs)), [len(part[1]) for part in parts])
    if not _told_apart(slopes):
        raise ValueError(
            f"fit_response: {len(wanted)} torques of {len(runs)} runs do not tell anisotropy and couplings apart; give "
            "pairs beside each other and pairs end to end, one magnet held, in fields that turn the other"
        )
    best = np.linalg.lstsq(slopes, wanted, rcond=None)[0]
    alone = float(slopes[:, 0] @ wanted / (slopes[:, 0] @ slopes[:, 0]))
    left = wanted - slopes @ best
    found = covariance_by_runs(slopes, slopes, left, place)
    intervals = None
    if found is not None:
        reach = found[1] * np.sqrt(np.diag(found[0]))
        intervals = {
            name: (float(value - half), float(value + half))
            for name, value, half in zip(FACTORS, best, reach, strict=True)
        }
    free = [seen.lengths[:, seen.free] for seen in runs]
    return ResponseFit(
        factors=_within(*best),
        intervals=intervals,
        residual=root_mean_square(left),
        unfitted_residual=root_mean_square(wanted - slopes.sum(axis=1)),
        uncoupled_residual=root_mean_square(wanted - alone * slopes[:, 0]),
        left_out_residuals=_left_out(slopes, wanted, place),
        uncoupled=_within(alone, 0.0, 0.0),
        shortest=float(min(each.min() for each in free)),
        equations=len(wanted),
        runs=tuple(seen.name for seen in runs),
    )


def _told_apart(slopes: Floats) -> bool:
    """Whether torques determine all factors."""
    singular = np.linalg.svd(slopes, compute_uv=False)
    return bool(len(slopes) >= len(FACTORS) and singular[-1] >= _RANK * max(singular[0], 1e-300))


def _left_out(slopes: Floats, wanted: Floats, place: npt.NDArray[np.intp]) -> tuple[float, float] | None:
    """Root mean square torque left in each run by fits to all others, with couplings and without."""
    coupled, alone = np.empty_like(wanted), np.empty_like(wanted)
    for run in np.unique(place):
        out = place == run
        if not _told_apart(slopes[~out]):
            return None
        for left, used in ((coupled, slopes), (alone, slopes[:, :1])):
            left[out] = wanted[out] - used[out] @ np.linalg.lstsq(used[~out], wanted[~out], rcond=None)[0]
    return root_mean_square(coupled), root_mean_square(alone)


def _within(*values: float) -> ResponseFactors:
    """Factors that a model can have: torques without sense may fit best with one below 0."""
    return ResponseFactors(*(max(float(value), 1e-9) for value in values))


def _equations(seen: RestStates, material: Material) -> tuple[Floats, Floats]:
    """Torques that each factor stands before, (equations, factors), and of the field, over the anisotropy field."""
    plain, share = array_macrospins(seen.array, material), _end_to_end_share(seen.array)
    m, fields = seen.directions, seen.local_fields
    rows, wanted = [], []
    for i in np.flatnonzero(seen.free):
        pulls = np.einsum("jab,sjb->sja", plain.response[i], m)
        torques = m[:, None, i, 0] * pulls[..., 1] - m[:, None, i, 1] * pulls[..., 0]
        others = np.arange(plain.magnets) != i
        beside = torques[:, others] @ (1 - share[i, others])
        along = torques[:, others] @ share[i, others]
        unit = plain.anisotropy_field(int(i))
        rows.append(np.stack([torques[:, i], beside, along], axis=1) / unit)
        wanted.append((m[:, i, 0] * fields[:, i, 1] - m[:, i, 1] * fields[:, i, 0]) / unit)
    return np.concatenate(rows), np.concatenate(wanted)


def _end_to_end_share(array: MagnetArray) -> Floats:
    """cos^2 of the angle between two magnets' line and their axes, the mean of both axes'; 0 of one with itself."""
    at = np.array([(magnet.x, magnet.y) for magnet in array.magnets])
    axes = array.axes[:, :2]
    lines = at[:, None] - at[None]
    squared = np.maximum(np.sum(lines**2, axis=-1), 1e-300)
    own = np.einsum("ijk,ik->ij", lines, axes) ** 2 / squared
    other = np.einsum("ijk,jk->ij", lines, axes) ** 2 / squared
    return np.asarray((own + other) / 2)
