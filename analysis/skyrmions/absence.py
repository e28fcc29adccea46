"""State of a frame without skyrmions, and why a run has none."""

from __future__ import annotations

import json

import numpy as np
import numpy.typing as npt
import xarray as xr

from analysis.skyrmions.kernels import KINDS
from geometries.quantities import format_quantity

__all__ = ["NoSkyrmions", "skyrmions_at_start", "states_of", "why_none"]

Table = npt.NDArray[np.void]

# Mean of m_z^2: 1/2 for a spiral, 0 for a film that is magnetised in its plane.
_IN_PLANE = 0.2
_SPIRAL = 0.7


class NoSkyrmions(UserWarning):
    """A run has no skyrmion in any frame, though its device starts with some."""


def skyrmions_at_start(run: xr.Dataset) -> bool:
    """Whether the device of a run starts with skyrmions, as far as its spec has it."""
    try:
        return bool(json.loads(run.attrs["spec"])["device"]["skyrmions"])
    except (KeyError, TypeError, ValueError):
        return False


def states_of(whole: Table, textures: Table, open_lines: Table) -> npt.NDArray[np.str_]:
    """Say of each frame what it has: see `analysis.find_skyrmions`."""
    frames = whole.size
    long = np.isin(textures["kind"], [KINDS.index("stripe domain")])
    domains = np.bincount(open_lines["frame"], minlength=frames) + np.bincount(
        textures["frame"][long], minlength=frames
    )
    round_ones = np.bincount(textures["frame"][~long], minlength=frames)
    return np.select(
        [
            whole["m_z_squared"] < _IN_PLANE,
            (round_ones > 0) & (domains[:frames] > 0),
            round_ones > 0,
            domains[:frames] > 0,
        ],
        ["in the plane", "skyrmions and domains", "skyrmions", "domains"],
        "uniform",
    )


def why_none(run: xr.Dataset, whole: Table, background: int, found: xr.Dataset) -> str:
    """Explain why no closed texture was found in a run.

    `whole` has a row of dtype `FOUND` a frame, `background` is 1 or -1, and `found` has the state of each frame.
    """
    last, state = whole[-1], str(found["state"].values[-1])
    up = "> 0" if background > 0 else "< 0"
    if state == "in the plane":
        return (
            f"the mean of m_z^2 is {last['m_z_squared']:.2g} in its last frame: the film is magnetised in its plane; "
            "skyrmions need a perpendicular anisotropy above mu0 Ms^2 / 2, or a field along z"
        )
    if state == "domains":
        area = float(run["x"].size * run["y"].size) * abs(
            float(run["x"][1] - run["x"][0]) * float(run["y"][1] - run["y"][0])
        )
        period = format_quantity(2 * area / float(last["length"]), "m", 2)
        spiral = last["m_z_squared"] < _SPIRAL
        what = "a spiral, or stripes as narrow as their walls" if spiral else "stripes or domains"
        return (
            f"every line m_z = 0 of its last frame ends at an edge: {what}, about {period} from one wall to the next "
            "but one; a weaker Dzyaloshinskii-Moriya interaction, a stronger anisotropy or a field along m_z outside "
            "keeps skyrmions closed"
        )
    begins = str(found["state"].values[0])
    ends = f"its last frame is one domain, m_z {up}"
    if not skyrmions_at_start(run) or begins != "uniform":
        return f"{ends}, and no closed line m_z = 0 is in any frame"
    return (
        f"{ends}, and so is its first: what the device starts with has collapsed in the relaxation, or is smaller than "
        "the mesh can show; give it a larger radius, the material a stronger Dzyaloshinskii-Moriya interaction or a "
        "weaker anisotropy, take finer cells, or leave the step 'relax' out"
    )
