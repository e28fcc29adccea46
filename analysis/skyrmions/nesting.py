"""Nesting of outlines, and the cells inside: NumPy arrays in and out."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import scipy

from analysis.skyrmions.outlines import Outline

__all__ = ["families_of", "gaps_between", "owners_of", "region_inside", "regions_of"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

# Cells between the circles about two textures, within which their gap is measured.
_NEAR = 6.0


def regions_of(m_z: FloatArray, mean: FloatArray) -> tuple[IntArray, FloatArray]:
    """Number the regions of one sign of m_z from 1; 0 is no magnet.

    Give how far the mean of m_z over a cell and its neighbours goes to that sign in each: heat turns single cells.
    """
    up, ups = scipy.ndimage.label(m_z > 0)
    down, downs = scipy.ndimage.label(m_z < 0)
    regions = np.where(up > 0, up, np.where(down > 0, down + ups, 0)).astype(np.int64)
    reach = np.zeros(ups + downs + 1)
    np.maximum.at(reach, regions, np.nan_to_num(np.sign(m_z) * mean))
    reach[0] = 0.0
    return regions, reach


def region_inside(line: Outline, regions: IntArray, m: FloatArray) -> int:
    """The region of most cells just inside a closed line; 0 if there is none.

    Heat cuts single cells off along the line, which touch the region by a corner only.
    """
    beside = np.concatenate([np.floor(line.points), np.ceil(line.points)]).astype(np.int64)
    here = tuple(beside[m[beside[:, 0], beside[:, 1], 2] * line.inside > 0].T)
    return int(np.bincount(regions[here]).argmax()) if here[0].size else 0


def families_of(closed: list[Outline]) -> list[list[Outline]]:
    """Closed lines, each with those inside it, from the largest to the smallest."""
    families: list[list[Outline]] = []
    for line in closed:  # the largest first
        family = next((each for each in families if _holds(each[0], line.points[0])), None)
        if family is None:
            families.append([line])
        else:
            family.append(line)
    return families


def _holds(outline: Outline, point: FloatArray) -> bool:
    """Whether a point is inside: a ray from it crosses the line an odd number of times."""
    here = outline.points
    after = np.roll(here, -1, axis=0)
    crossed = (here[:, 1] > point[1]) != (after[:, 1] > point[1])
    if not crossed.any():
        return False
    here, after = here[crossed], after[crossed]
    at = here[:, 0] + (point[1] - here[:, 1]) / (after[:, 1] - here[:, 1]) * (after[:, 0] - here[:, 0])
    return bool((at > point[0]).sum() % 2)


def owners_of(families: list[list[int]], regions: IntArray) -> IntArray:
    """Give the number of the family, from 1, to which each cell belongs by its region; 0 of none."""
    owner_of = np.zeros(int(regions.max()) + 1, dtype=np.int64)
    for index, family in enumerate(families):
        owner_of[family] = index + 1
    owner_of[0] = 0
    owner: IntArray = owner_of[regions]
    return owner


def gaps_between(outer: list[Outline], size: FloatArray) -> FloatArray:
    """Distance in m from each texture's outline to the nearest other; infinite where there is none near."""
    gaps = np.full(len(outer), np.inf)
    centre = np.array([line.centre for line in outer])
    reach = np.array([np.hypot(*(line.points - line.centre).T).max() for line in outer])
    apart = np.hypot(*(centre[:, None] - centre[None]).transpose(2, 0, 1)) - reach[:, None] - reach[None]
    for one, other in np.argwhere(np.triu(apart < _NEAR, 1)):
        between = (outer[one].points[:, None] - outer[other].points[None]) * size
        gap = float(np.sqrt((between**2).sum(axis=-1).min()))
        gaps[one], gaps[other] = min(gaps[one], gap), min(gaps[other], gap)
    return gaps
