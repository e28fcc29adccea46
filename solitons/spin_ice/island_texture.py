"""How the magnetisation of an island turns: a texture for each angle of its mean, with the ends behind or ahead.

An island does not turn as one: its ends lag behind its middle or run ahead. Before it reverses, every state it
passes through belongs to one family m(p; phi) over its cells p, numbered by the angle phi of its mean to the axis,

    m(p; phi) = sum over n = 1, 3, 5 of A_n(p) cos(n phi) + B_n(p) sin(n phi),

odd under phi -> phi + pi, as reversing all moments is. A ramp of the island alone shows the family: A and B are a
least-squares fit to its states, and the torque h_k t(phi) of its inner energy is what balances the field in each,

    h_k t(phi) = H . d<m>/dphi,    h_k t'(phi) = H . d2<m>/dphi2 where it falls over,

fitted by sines and cosines of 2 phi to 8 phi; the cosines are of islands whose cells are not their own mirror image,
and whose easy axis is turned by that. Between the fall and the reversed state nothing is at rest; there the torque is
bound to let the island go on. A neighbour's field h(p) acts on it by d/dphi of the mean of m(p; phi) . h(p). Near
the fall dm/dphi is the mode that becomes soft, so that the shift of its switching field is exact to first order in h,
however unevenly h acts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from solitons.spin_ice.coherent_rotation import CoherentRotation
from solitons.spin_ice.switching import fold_field

__all__ = ["IslandTexture", "even_texture", "fit_texture", "mode_values", "torque_values"]

Floats = npt.NDArray[np.float64]

# Odd multiples of the angle: with two of them 1e-3 of m is left, with three 5e-5.
_MULTIPLES = (1, 3, 5)
# Multiples of twice the angle in the torque.
_TORQUES = 4
# How much the higher modes cost over what they leave: angles between the fall and the reversed state are never at rest,
# so that nothing else bounds them there.
_RIDGE = 1e-3
# Over h_k, of a torque at rest, of its two conditions where the island falls over, and of the torque of the island as
# drawn, which bounds it at angles that are never at rest.
_AT_REST, _AT_FALL, _AS_DRAWN = 1e-4, 1e-6, 3e-2
# Over the field at the fall, of the torque that is left to an island that falls, half way to the reversed state; and at
# how many angles it is asked for.
_GOES_ON, _ANGLES = 0.1, 90
# Residual of a unit vector, root mean square over the cells, that the modes may leave before the fall. An island that
# leaves more reverses from its ends, by other states than the modes can describe.
_LEFT = 5e-3
# Over the field at the fall, of what the torque may leave of the balance before it, root mean square. An island that
# passes its hard axis without a jump meets no conditions of a fall: it leaves 4 % to three times that field, others
# 0.03 %.
_UNBALANCED = 1e-2
# Bound of the dual problem's last residual, which is 0 where no numbers meet the bounds.
_FEASIBLE = 1e-12
# rad; an island whose moment has not turned as far before it reverses has no texture.
_LEANS = 0.05


@dataclass(frozen=True, eq=False)
class IslandTexture:
    """A texture and the torque against it.

    `outline` (x, y) are the island's cells and `axis` is the unit vector from which the angle is counted. `modes`
    (modes, cells, 2) are A_1, B_1, A_3, B_3, ... in these cells, in the order of `numpy.argwhere`, along x and y;
    `torque` are the factors in A/m of sin(2 phi), cos(2 phi), sin(4 phi), cos(4 phi), ...
    """

    outline: npt.NDArray[np.bool_]
    axis: Floats
    modes: Floats
    torque: Floats


def mode_values(turn: npt.ArrayLike, derivative: int = 0) -> Floats:
    """cos(phi), sin(phi), cos(3 phi), sin(3 phi), ... of angles in rad, or a derivative by the angle, (..., modes)."""
    angle = np.asarray(turn, dtype=np.float64)[..., np.newaxis]
    multiples = np.repeat(_MULTIPLES, 2)
    phase = np.tile([0.0, -np.pi / 2], len(_MULTIPLES)) + derivative * np.pi / 2
    return np.asarray(multiples**derivative * np.cos(multiples * angle + phase))


def torque_values(turn: npt.ArrayLike, derivative: int = 0) -> Floats:
    """sin(2 phi), cos(2 phi), sin(4 phi), ... of angles in rad, or a derivative by the angle, (..., parts)."""
    angle = np.asarray(turn, dtype=np.float64)[..., np.newaxis]
    multiples = np.repeat(2 * np.arange(1, _TORQUES + 1), 2)
    phase = np.tile([-np.pi / 2, 0.0], _TORQUES) + derivative * np.pi / 2
    return np.asarray(multiples**derivative * np.cos(multiples * angle + phase))


def fit_texture(
    outline: npt.NDArray[np.bool_],
    magnetisation: npt.ArrayLike,
    field: npt.ArrayLike,
    axis: npt.ArrayLike,
    rotation: CoherentRotation,
) -> IslandTexture | None:
    """Fit the texture of an island to a ramp that turns it over.

    `magnetisation` (steps, cells, 2) are unit vectors in its cells, in the order of `numpy.argwhere`; `field` (steps,
    2) in A/m rises along one direction; `rotation` is the shape of the torque of the island as drawn. None for an
    island that does not lean before it reverses, or never does, for one in which the modes leave more than 0.5 % of m
    in a state before, and for one whose states before no torque balances within 1 % of the field at the fall.
    """
    m, applied, along = (np.asarray(each, dtype=np.float64) for each in (magnetisation, field, axis))
    mean = m.mean(axis=1)
    turn = np.unwrap(np.arctan2(mean @ [-along[1], along[0]], mean @ along))
    reversed_ = np.cos(turn) * np.cos(turn[0]) < 0
    fall = int(np.argmax(reversed_))
    before = turn[:fall]
    if fall < 4 or np.ptp(before) < _LEANS:
        return None
    values, weight = mode_values(turn), np.ones(turn.size)
    # All states after the fall are nearly one.
    weight[fall:] = 1 / np.sqrt(turn.size - fall)
    cost = np.diag(_RIDGE * np.where(np.arange(values.shape[1]) < 2, 0.0, np.repeat(_MULTIPLES, 2)))
    wanted = np.concatenate([m.reshape(turn.size, -1) * weight[:, np.newaxis], np.zeros((len(cost), m[0].size))])
    found = np.linalg.lstsq(np.concatenate([values * weight[:, np.newaxis], cost]), wanted, rcond=None)[0]
    modes = found.reshape(len(cost), -1, 2)
    left = np.sqrt(np.mean((np.einsum("sm,mcx->scx", values[:fall], modes) - m[:fall]) ** 2, axis=(1, 2)))
    if left.max() > _LEFT:
        return None
    averaged = modes.mean(axis=1)

    def balance(angle: npt.ArrayLike, at: Floats, order: int) -> Floats:
        return np.asarray(np.sum((mode_values(angle, order) @ averaged) * at, axis=-1))

    direction = applied[-1] / np.linalg.norm(applied[-1])
    strength, at_fall = fold_field(turn, applied @ direction, fall)
    rows = [torque_values(turn) / _AT_REST / np.sqrt(turn.size)]
    right = [balance(turn, applied, 1) / _AT_REST / np.sqrt(turn.size)]
    rows += [torque_values(at_fall, order)[np.newaxis] / _AT_FALL for order in (0, 1)]
    right += [np.atleast_1d(balance(at_fall, strength * direction, order)) / _AT_FALL for order in (1, 2)]
    shape, known = np.zeros(2 * _TORQUES), rotation.harmonics[:_TORQUES]
    shape[: 2 * known.size : 2] = known
    angle = float(np.arccos(np.clip(abs(along @ direction), 0, 1)))
    scale = strength / float(rotation.switching_field(angle, 1.0))
    rows.append(np.eye(2 * _TORQUES) / _AS_DRAWN)
    right.append(shape * scale / _AS_DRAWN)
    # On all of the way to the reversed state.
    way = np.linspace(0, 1, _ANGLES + 2)[1:-1]
    fallen, onward = at_fall + way * (turn[fall] - at_fall), np.sign(turn[fall] - at_fall)
    most = onward * balance(fallen, strength * direction, 1) - _GOES_ON * strength * np.sin(np.pi * way) ** 2
    torque = _bounded_least_squares(
        np.concatenate(rows),
        np.concatenate(right),
        -onward * torque_values(fallen).T,
        -most,
    )
    unbalanced = balance(before, applied[:fall], 1) - torque_values(before) @ torque
    # Where no torque lets it go on, and it is not a number, the states are not of one family either.
    if not np.sqrt(np.mean(unbalanced**2)) <= _UNBALANCED * abs(strength):
        return None
    return IslandTexture(np.asarray(outline, dtype=bool), along, modes, torque)


def even_texture(outline: npt.NDArray[np.bool_], axis: npt.ArrayLike, harmonics: npt.ArrayLike) -> IslandTexture:
    """The texture of an island magnetised the same everywhere; harmonics of sin(2 phi), sin(4 phi), ... in A/m."""
    cells, along, known = np.asarray(outline, dtype=bool), np.asarray(axis, dtype=np.float64), np.asarray(harmonics)
    modes = np.zeros((2 * len(_MULTIPLES), int(cells.sum()), 2))
    modes[0], modes[1] = along, [-along[1], along[0]]
    torque = np.zeros(2 * _TORQUES)
    torque[: 2 * known.size : 2] = known[:_TORQUES]
    return IslandTexture(cells, along, modes, torque)


def _bounded_least_squares(rows: Floats, right: Floats, bounds: Floats, least: Floats) -> Floats:
    """Numbers x with the least squares of rows . x - right of all with x . bounds >= least; NaN where there are none.

    Source: C. L. Lawson and R. J. Hanson, Solving Least Squares Problems (1974), chapter 23: as a problem of the least
    distance, whose dual is one of numbers that are not negative.
    """
    from scipy.optimize import nnls

    orthogonal, upper = np.linalg.qr(rows)
    free = orthogonal.T @ right
    inverse = np.linalg.inv(upper)
    of_distance = inverse.T @ bounds
    height = least - of_distance.T @ free
    scale = max(float(np.abs(height).max()), 1e-300)
    dual = np.concatenate([of_distance, height[np.newaxis] / scale])
    wanted = np.zeros(len(dual))
    wanted[-1] = 1.0
    shares, _ = nnls(dual / np.abs(dual).max(), wanted)
    left = dual / np.abs(dual).max() @ shares - wanted
    if not abs(left[-1]) > _FEASIBLE:
        return np.full(len(inverse), np.nan)
    distance = -left[:-1] / left[-1] * scale
    return np.asarray(inverse @ (distance + free))
