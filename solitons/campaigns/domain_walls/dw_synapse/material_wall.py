"""The wall that the material's constants give: where a fit starts, and how well its constants are known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from geometries import Material
from solitons.campaigns.domain_walls.dw_synapse.observation import Observation
from solitons.domain_walls.landscape import Landscape
from solitons.domain_walls.runs import breathing_of, tilting_of, wall_of
from solitons.domain_walls.wall_dynamics import WallDynamics
from solitons.drives.current_torques import material_under_current
from solitons.fits.consider_parameters import Considered
from solitons.fits.material_uncertainty import MaterialUncertainty, consider

__all__ = ["considered_walls", "start_of"]

_ONE_SIGMA = (0.1587, 0.5, 0.8413)


def start_of(observations: Sequence[Observation], landscape: Landscape | None) -> WallDynamics:
    """The wall of the material's constants, in the measured landscape, as wide as it is in the frames."""
    start = wall_of(observations[0].spec, observations[0].trajectory.polarity, _widths(observations)[1])
    return replace(start, pinning=landscape.pinning) if landscape is not None else start


def considered_walls(
    observations: Sequence[Observation], landscape: Landscape | None, uncertainty: MaterialUncertainty
) -> dict[str, Considered[WallDynamics]]:
    """The same wall with each constant smaller and larger by its standard uncertainty, and with another width.

    The width is seen, and so no matter of the material: its uncertainty is half of what holds two thirds of all frames.
    Each tilts and breathes, if it is asked to. A measured landscape stays as it is.
    """
    first = observations[0]
    narrow, width, wide = _widths(observations)
    material, start = material_under_current(first.spec), start_of(observations, landscape)

    def build(material: Material, width: float) -> WallDynamics:
        wall = wall_of(first.spec, first.trajectory.polarity, width, material)
        return replace(
            wall,
            tilting=tilting_of(first.spec, width, material),
            breathing=breathing_of(first.spec, width, material) or wall.breathing,
            pinning=wall.pinning if landscape is None else landscape.pinning,
        )

    found = consider(partial(build, width=width), material, uncertainty)
    off = (wide - narrow) / 2
    if off and found:
        # The domains' push hardly depends on the width, and its table has as many places as the width asks for.
        lower, upper = (replace(build(material, width + sign * off), pinning=start.pinning) for sign in (-1, 1))
        found["width"] = Considered(lower, upper)
    return found


def _widths(observations: Sequence[Observation]) -> tuple[float, float, float]:
    """Median of the widths in all frames, and between what two thirds of them are."""
    # The width is seen in every frame; fitted, it would trade places with beta and the hard-axis field.
    low, middle, high = np.nanquantile(np.concatenate([each.widths for each in observations]), _ONE_SIGMA)
    return float(low), float(middle), float(high)
