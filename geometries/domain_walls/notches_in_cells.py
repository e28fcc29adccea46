"""How deep a notch is in the cells of the mesh, which cut its outline in steps."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from geometries.outlines.profile import single_notches

if TYPE_CHECKING:
    from geometries.domain_walls.device import Stripe

__all__ = ["NotchInCells", "notches_in_cells"]


class NotchInCells(NamedTuple):
    """A notch as it is drawn and as the mesh has it.

    `position` is its middle along the stripe in m; `drawn` and `meshed` are depths in m, the sum of both edges where it
    is cut from both.
    """

    position: float
    drawn: float
    meshed: float


def notches_in_cells(stripe: Stripe) -> list[NotchInCells]:
    """Compare the depth of each notch of a stripe with what its cells leave out.

    A cell is magnet where its centre is: a notch of 10 nm in cells of 4 nm is 8 or 12 nm deep. Roughness of the edges
    is left out.
    """
    smooth = stripe.model_copy(update={"edge_roughness": None})
    x = smooth.cell_centres()[0]
    whole = smooth.model_copy(update={"notches": ()}).mask()[:, :, 0]
    found = []
    for _, notch in single_notches(smooth.profile):
        # Alone, or what others cut beside it would count too.
        mask = smooth.model_copy(update={"notches": (notch,)}).mask()[:, :, 0]
        cut = (whole & ~mask).sum(axis=1) * smooth.cell[1]
        here = np.abs(x - notch.position) < notch.width / 2
        edges = 2 if notch.edge == "both" else 1
        found.append(NotchInCells(notch.position, edges * notch.depth, float(cut[here].max(initial=0.0))))
    return found
