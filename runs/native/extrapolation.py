"""Where the next state of a field loop is expected, from the last ones on the same branch."""

from collections.abc import Sequence

import numpy as np

STATES = 3
"""A parabola through so many: near the field in which something falls, states turn ever faster, and it stays behind."""
JUMP = 0.02
"""rad; where the last state is further than that from the line through the two before, a moment may have jumped into
another minimum. Three states with such a jump would lead twice as far beyond it, and others over their edges."""
LONGEST = 1.5
"""Of a step to the next field over the last one, beyond which nothing is expected."""
FURTHEST = 0.2
"""rad; where a moment would turn by more in one step, as where a wall moves, a parabola through m means nothing."""
ALIGNED = 1e-6
"""Sine of the angle between two steps of one line."""


def expected(fields: Sequence[np.ndarray], states: Sequence[np.ndarray], field: np.ndarray) -> np.ndarray | None:
    """Extrapolate m to a field.

    Parameters
    ----------
    fields, states : sequence of numpy.ndarray
        The last applied fields in A/m, (3,), between which nothing fell over, and m at rest in each, (3, nz, ny, nx).
    field : numpy.ndarray
        The next.

    Returns
    -------
    numpy.ndarray or None
        Unit vectors, zero outside the magnet; None where less than three fields lie on the line to this one, or it is
        too far, or where a moment has jumped or would turn far.

    Examples
    --------
    >>> turning = [np.array([np.cos(a), np.sin(a), 0]).reshape(3, 1, 1, 1) for a in (0.0, 0.1, 0.2)]
    >>> m = expected([np.array([0.0, h, 0]) for h in (0.0, 1e3, 2e3)], turning, np.array([0.0, 3e3, 0]))
    >>> round(float(np.arctan2(m[1], m[0]).item()), 2)
    0.3
    """
    last = np.array([*fields, field])[-STATES - 1 :]
    steps = np.diff(last, axis=0)
    lengths = np.linalg.norm(steps, axis=1)
    if len(steps) < STATES or not lengths.all() or lengths[-1] > LONGEST * lengths[-2]:
        return None
    along = steps @ steps[-1] / (lengths * lengths[-1])
    if not np.all(along > np.sqrt(1 - ALIGNED**2)):
        return None
    place = np.cumsum(np.concatenate([[0.0], lengths]))
    known = states[-STATES:]
    if np.linalg.norm(known[-1] - _through(place[:2], known[:2], place[2]), axis=0).max() > JUMP:
        return None
    m = _through(place[:-1], known, place[-1])
    turned = (m * states[-1]).sum(axis=0)
    return None if np.any(turned < np.cos(FURTHEST), where=m.any(axis=0)) else m


def _through(places: np.ndarray, states: Sequence[np.ndarray], place: float) -> np.ndarray:
    """Go on with the polynomial through so many states, and make it unit vectors."""
    shares = [np.prod([(place - b) / (a - b) for b in places if b != a]) for a in places]
    m = np.asarray(sum(share * state for share, state in zip(shares, states, strict=True)))
    length = np.sqrt((m**2).sum(axis=0))
    return np.divide(m, length, out=np.zeros_like(m), where=length > 0)
