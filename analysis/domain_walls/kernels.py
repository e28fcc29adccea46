"""Locate domain walls in magnetisation, and measure them: NumPy arrays in and out.

A wall is found across the whole magnet and measured row by row: where the
row-averaged component changes sign between two domains there is a wall, and
each row then gives to a fraction of a cell where it crosses zero.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from analysis.domain_walls.kinds import SEEN_KIND, classify

__all__ = ["FOUND", "LOCATED", "MEASURED", "find", "locate", "main_component", "measure"]

FloatArray = npt.NDArray[np.floating]

LOCATED = np.dtype(
    [
        ("frame", np.int64),
        ("polarity", np.int8),
        ("column", np.float64),
        ("first", np.int64),
        ("last", np.int64),
        ("leftmost", np.bool_),
        ("rightmost", np.bool_),
    ]
)
"""A row per wall and frame, sorted by frame, then along x: the column (in cells,
a fraction) where the row average crosses zero, and the columns from `first` to
`last` in which the wall's rows are looked for."""

MEASURED = np.dtype([("position", np.float64), ("width", np.float64), ("angle", np.float64), ("tilt", np.float64)])
"""Position (m), width (m), angle (rad) and tilt (rad) of a wall."""

FOUND = np.dtype(
    [("frame", np.int64), ("polarity", np.int8), *(each for table in (MEASURED, SEEN_KIND) for each in table.descr)]
)
"""Frame and polarity of a wall, and what `MEASURED` and `SEEN_KIND` have."""


def find(
    m: FloatArray,
    *,
    x: npt.NDArray[np.float64],
    y: npt.NDArray[np.float64],
    axis: int,
    threshold: float,
) -> npt.NDArray[np.void]:
    """Locate, measure and classify the walls of some frames that cross zero in at least one row.

    Arguments are as for `measure` and `locate`. Gives a row of dtype `FOUND` per wall and frame, sorted by frame, then
    along x.
    """
    located = locate(m[..., axis], threshold)
    measured = measure(m, located, x, y, axis)
    found = np.empty(located.size, dtype=FOUND)
    for table in (located[["frame", "polarity"]], measured, classify(m, located, measured, x, y, axis)):
        for name in table.dtype.names or ():
            found[name] = table[name]
    crossed: npt.NDArray[np.void] = found[np.isfinite(found["position"])]
    return crossed


def main_component(m: FloatArray) -> str:
    """Axis of the domains, "z" or "x": along which the moments (frames, x, y, z, 3) of the first frame are larger."""
    size = np.nanmean(np.abs(m[0]), axis=(0, 1, 2))
    return "z" if size[2] >= size[0] else "x"


def locate(component: FloatArray, threshold: float = 0.2) -> npt.NDArray[np.void]:
    """Find the walls in every frame: a row of dtype `LOCATED` per wall and frame.

    `component` (t, x, y, z) is the one of m that changes sign at a wall, NaN outside the magnet; it is averaged over
    each column's magnet cells. A column belongs to a domain where this average exceeds `threshold`, between 0 and 1; a
    wall lies between two neighbouring domains of opposite sign. A reversed spot that does not take most of the magnet's
    width is not a pair of walls. Columns in which there is no magnet part the stripe: no wall is reported across them.
    """
    if component.ndim != 4:
        raise ValueError(f"component has {component.ndim} dimensions; it must be over (t, x, y, z)")
    frames, columns = component.shape[:2]
    magnet = np.isfinite(component)
    cells = magnet.sum(axis=(2, 3))
    profile = np.where(magnet, component, 0).sum(axis=(2, 3), dtype=np.float64) / np.maximum(cells, 1)
    domain = (profile >= threshold).astype(np.int8) - (profile <= -threshold).astype(np.int8)

    column = np.arange(columns)
    in_domain = np.where(domain != 0, column, -1)
    before = np.full((frames, columns), -1)
    before[:, 1:] = np.maximum.accumulate(in_domain, axis=1)[:, :-1]
    domain_before = np.take_along_axis(domain, np.maximum(before, 0), axis=1)
    voids = np.cumsum(cells == 0, axis=1)
    parted = voids != np.take_along_axis(voids, np.maximum(before, 0), axis=1)
    is_wall = (domain != 0) & (before >= 0) & (domain_before == -domain) & ~parted

    frame, right = np.nonzero(is_wall)
    left = before[frame, right]
    polarity = domain[frame, right]
    crossed = profile[frame] * polarity[:, np.newaxis] > 0
    crossed &= (column > left[:, np.newaxis]) & (column <= right[:, np.newaxis])
    after = np.argmax(crossed, axis=1)
    before_crossing, after_crossing = profile[frame, after - 1], profile[frame, after]

    same_as_previous = np.zeros(frame.size, dtype=bool)
    same_as_previous[1:] = frame[1:] == frame[:-1]
    same_as_next = np.zeros(frame.size, dtype=bool)
    same_as_next[:-1] = same_as_previous[1:]
    located = np.zeros(frame.size, dtype=LOCATED)
    located["frame"] = frame
    located["polarity"] = polarity
    located["column"] = after - 1 + before_crossing / (before_crossing - after_crossing)
    # A tilted wall's rows may lie beside its neighbour's, but never beyond it.
    located["first"] = np.where(same_as_previous, np.roll(left, 1), 0)
    located["last"] = np.where(same_as_next, np.roll(right, -1), columns - 1)
    located["leftmost"] = ~same_as_previous
    located["rightmost"] = ~same_as_next
    return located


def measure(
    m: FloatArray,
    located: npt.NDArray[np.void],
    x: npt.NDArray[np.float64],
    y: npt.NDArray[np.float64],
    axis: int = 2,
) -> npt.NDArray[np.void]:
    r"""Measure position, width, angle and tilt of located walls: a row of dtype `MEASURED` for each of `located`.

    In each row (y, z) the two cells are taken between which m_c changes sign nearest to the located column. Across a
    wall of Walker's profile (Schryer and Walker, J. Appl. Phys. 45, 5406 (1974))

    .. math:: \operatorname{artanh} m_c = \operatorname{arsinh}\frac{m_c}{|m_\perp|} = \pm\frac{x - q}{\Delta}

    is linear in x, so that these two give q and Delta exactly, however narrow the wall is (the second form also keeps
    its digits where m_c is near 1). The wall's position is the mean over its rows; rows from which the first or the
    last wall has already left count with the magnet's end. Its angle is the transverse moment's at the crossing,
    summed over the rows.

    `m` (t, x, y, z, 3) are unit vectors, NaN outside the magnet, `x` and `y` cell centres in m, and `axis` is the
    component c: 2 for z, 0 for x. `width` is the Bloch parameter Delta along the wall's normal, from the mean of
    1/Delta over the rows. `angle` is in (-pi, pi]: atan2(my, mx) for c = z, atan2(mz, my) for c = x. `tilt` is the arc
    tangent of dq/dy, fitted over the rows; 0 where there is one row. NaN where no single row crosses zero.
    """
    walls = located.size
    columns = x.size
    component = m[..., axis].reshape(*m.shape[:2], -1)
    rows = component.shape[2]
    frame = located["frame"]
    column = np.arange(columns - 1)
    measured = np.full(walls, np.nan, dtype=MEASURED)
    if not walls or columns < 2:
        return measured

    values = component[frame] * located["polarity"][:, np.newaxis, np.newaxis]
    inside = (column >= located["first"][:, np.newaxis]) & (column < located["last"][:, np.newaxis])
    crossing = (values[:, :-1] <= 0) & (values[:, 1:] > 0) & inside[..., np.newaxis]
    distance = np.abs(column + 0.5 - located["column"][:, np.newaxis])[..., np.newaxis]
    cell = np.argmin(np.where(crossing, distance, np.inf), axis=1)
    found = np.take_along_axis(crossing, cell[:, np.newaxis], axis=1)[:, 0]

    vectors = m.reshape(*m.shape[:2], rows, 3)
    row = np.arange(rows)
    pair = np.stack([vectors[frame[:, np.newaxis], cell + side, row] for side in (0, 1)]).astype(np.float64)
    transverse = pair[..., [(axis + 1) % 3, (axis + 2) % 3]]
    length = np.maximum(np.hypot(transverse[..., 0], transverse[..., 1]), np.finfo(np.float64).tiny ** 0.5)
    rapidity = np.arcsinh(pair[..., axis] / length)
    rise = np.abs(rapidity[1] - rapidity[0])
    fraction = np.abs(rapidity[0]) / np.where(found, rise, 1.0)
    spacing = x[1] - x[0]
    row_position = x[0] + (cell + fraction) * spacing

    counts = found.sum(axis=1)
    crossed = np.where(counts > 0, counts, np.nan)
    slope = _slope(np.repeat(y, rows // y.size), row_position, found)
    measured["tilt"] = np.where(counts > 0, np.arctan(slope), np.nan)
    inverse_width = np.where(found, rise, 0.0).sum(axis=1) / crossed / spacing
    measured["width"] = np.cos(measured["tilt"]) / inverse_width
    moment = transverse[0] * (1.0 - fraction)[..., np.newaxis] + transverse[1] * fraction[..., np.newaxis]
    moment = np.where(found[..., np.newaxis], moment, 0.0).sum(axis=1)
    measured["angle"] = np.where(counts > 0, np.arctan2(moment[:, 1], moment[:, 0]), np.nan)

    swept_left, swept_right = _swept_rows(values, located)
    counted = found | swept_left | swept_right
    ends = np.where(swept_left, x[0] - spacing / 2, x[-1] + spacing / 2)
    total = np.where(found, row_position, np.where(counted, ends, 0.0)).sum(axis=1)
    measured["position"] = np.where(counts > 0, total / np.maximum(counted.sum(axis=1), 1), np.nan)
    return measured


def _swept_rows(
    values: FloatArray, located: npt.NDArray[np.void]
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Rows that a leaving wall has already swept, up to the left and the right end of the mesh."""
    column = np.arange(values.shape[1])
    inside = (column >= located["first"][:, np.newaxis]) & (column <= located["last"][:, np.newaxis])
    # NaN compares false: cells without magnet belong to neither domain.
    still_before = ((values <= 0) & inside[..., np.newaxis]).any(axis=1)
    still_after = ((values > 0) & inside[..., np.newaxis]).any(axis=1)
    swept_left = located["leftmost"][:, np.newaxis] & (values[:, 0] > 0) & ~still_before
    swept_right = located["rightmost"][:, np.newaxis] & (values[:, -1] <= 0) & ~still_after
    return swept_left, swept_right


def _slope(y: npt.NDArray[np.float64], position: FloatArray, found: npt.NDArray[np.bool_]) -> FloatArray:
    """Least-squares slope of `position` over `y` in the found rows; 0 where y does not vary."""
    count = np.maximum(found.sum(axis=1), 1)[:, np.newaxis]
    y_offset = np.where(found, y - np.where(found, y, 0.0).sum(axis=1)[:, np.newaxis] / count, 0.0)
    variance = (y_offset**2).sum(axis=1)
    covariance = (y_offset * np.where(found, position, 0.0)).sum(axis=1)
    slope: FloatArray = covariance / np.where(variance > 0, variance, np.inf)
    return slope
