"""Stripes: the tracks of magnetic film along which domain walls move."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, final

import numpy as np
import numpy.typing as npt
from pydantic import AfterValidator, Field

from geometries.anisotropy import AnisotropyGradient, Grains, bias_of_grains, relative_anisotropy, tilted_axes
from geometries.anisotropy_drawing import anisotropy_rows, draw_grains
from geometries.description import PositiveLength
from geometries.device import AbstractDevice
from geometries.domain_walls import checks as stripe_checks
from geometries.domain_walls import drawing
from geometries.domain_walls.lanes import Lanes, check_lanes
from geometries.domain_walls.pinning import PinnedEnds
from geometries.domain_walls.readout import ReadoutWindow
from geometries.domain_walls.textures import PlacedWall, head_to_head, up_down
from geometries.domain_walls.walls import Wall
from geometries.drawing import draw_cells, size_text
from geometries.materials import Material
from geometries.outlines import profile as outline
from geometries.outlines.checks import check_cell, check_outline
from geometries.outlines.notches import AnyNotch, Notch
from geometries.outlines.profile import Profile
from geometries.outlines.roughness import EdgeRoughness
from geometries.outlines.rows import outline_rows
from geometries.outlines.taper import Taper
from geometries.terminals import AnyTerminal, InPlaneCurrent

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

__all__ = ["Stripe"]

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int64]


def _from_left_to_right(walls: tuple[Wall, ...]) -> tuple[Wall, ...]:
    return tuple(sorted(walls, key=lambda wall: wall.position))


def _axis_of_walls(fields: dict[str, Any]) -> Literal["x", "z"]:
    walls: tuple[Wall, ...] = fields.get("walls", ())
    return walls[0].domain_axis if walls else "z"


def _between(centres: FloatArray, interval: tuple[float, float], cell: float) -> BoolArray:
    # A centre on the border is inside, whichever way it rounds.
    slack = 1e-6 * cell
    return (centres >= interval[0] - slack) & (centres <= interval[1] + slack)


@final
class Stripe(AbstractDevice):
    """A stripe of magnetic film with domain walls in it.

    The corner of the stripe is at the origin; x runs along it, y across it and z
    out of the film. Cells form a regular mesh, and a cell is magnet if its
    centre is inside the outline. The material is no part of the stripe.

    Parameters
    ----------
    length, width, thickness : float
        Extent along x, y and z, in m; `width` belongs to the box around the stripe.
    cell : tuple of three floats
        Size of a cell along x, y and z, in m; each divides the stripe.
    taper : Taper, optional
        Linear decrease of the width towards one end.
    notches : tuple of Notch or PeriodicNotches
        Bites out of the edges.
    edge_roughness : EdgeRoughness, optional
        Random edges, from a seed.
    anisotropy_gradient : AnisotropyGradient, optional
        A uniaxial anisotropy that changes along the stripe or across it.
    grains : Grains, optional
        Grains of a polycrystalline film, from a seed.
    lanes : Lanes, optional
        Cuts along the stripe from its left end on.
    pinned_ends : PinnedEnds, optional
        Exchange bias that holds the domains at both ends.
    walls : tuple of Wall
        Domain walls of the initial magnetisation, kept from left to right.
    domain_axis : {"z", "x"}
        "z" for up and down domains, "x" for domains along the stripe; follows from
        the walls, and is "z" without any.
    first_domain : {1, -1}
        Sign of the magnetisation at the left end, along `domain_axis`.
    readout_window : ReadoutWindow, optional
        Place of the tunnel junction.
    parts : tuple of Part
        As in `AbstractDevice`.
    terminals : tuple of terminals
        As in `AbstractDevice`; an in-plane current along +x through everything, named
        "current", if left out.

    Raises
    ------
    pydantic.ValidationError
        If a size is not above 0 or no length, a cell does not divide the stripe, a
        notch is wider or deeper than the stripe or outside it, notches or roughness
        cut the stripe in two, walls are outside, in a pinned end, on each other or
        of both families, the window covers no magnet or lies outside, or a key is
        unknown.

    Examples
    --------
    >>> stripe = Stripe(
    ...     length="512 nm", width="64 nm", thickness="1 nm", cell=("4 nm", "4 nm", "1 nm"),
    ...     walls=[Wall(position="128 nm", kind="bloch")],
    ... )
    >>> stripe.shape
    (128, 16, 1)
    >>> bool(stripe.mask().all())
    True
    >>> print(stripe)
    stripe 512 nm x 64 nm x 1 nm, 128 x 16 x 1 cells of 4 nm x 4 nm x 1 nm,
    domains: up-down, + first, walls: bloch wall at 128 nm
    """

    kind: Literal["stripe"] = "stripe"
    length: PositiveLength
    width: PositiveLength
    thickness: PositiveLength
    taper: Taper | None = None
    notches: tuple[AnyNotch, ...] = ()
    edge_roughness: EdgeRoughness | None = None
    anisotropy_gradient: AnisotropyGradient | None = None
    grains: Grains | None = None
    lanes: Lanes | None = None
    pinned_ends: PinnedEnds | None = None
    walls: Annotated[tuple[Wall, ...], AfterValidator(_from_left_to_right)] = ()
    domain_axis: Literal["z", "x"] = Field(default_factory=_axis_of_walls)
    first_domain: Literal[1, -1] = 1
    readout_window: ReadoutWindow | None = None
    terminals: tuple[AnyTerminal, ...] = (InPlaneCurrent(name="current"),)

    @classmethod
    def example(cls) -> Stripe:
        """Give a small tapered stripe with a wall, a notch, rough edges, grains, pinned ends and a window."""
        return cls(
            length=256e-9,
            width=64e-9,
            thickness=2e-9,
            cell=(4e-9, 4e-9, 1e-9),
            taper=Taper(ratio=0.9),
            notches=(Notch(position=180e-9, depth=12e-9, width=24e-9),),
            edge_roughness=EdgeRoughness(rms=1e-9, correlation_length=15e-9, seed=1),
            anisotropy_gradient=AnisotropyGradient(last=0.95),
            grains=Grains(size=20e-9, anisotropy_spread=0.05, axis_spread=0.05, seed=1),
            pinned_ends=PinnedEnds(length=20e-9, field=1e5),
            walls=(Wall(position=100e-9),),
            readout_window=ReadoutWindow(x=(120e-9, 160e-9)),
        )

    def check(self) -> None:
        """Refuse a stripe that cannot be made, or cannot be meshed; see `geometries.domain_walls.checks`."""
        pinned = self.pinned_ends.length if self.pinned_ends is not None else 0.0
        check_cell(self.extent, self.cell)
        check_outline(self.profile, self.cell, self.shape)
        if self.grains is not None:
            self.grains.check(self.extent[:2])
        stripe_checks.check_pinned_ends(self.pinned_ends, self.length, self.cell[0])
        stripe_checks.check_walls(self.walls, self.domain_axis, self.length, pinned, self.cell[0])
        y = self.cell_centres()[1]
        places = tuple(wall.position for wall in self.walls)
        check_lanes(self.lanes, places, self.domain_axis, self.first_domain, self.extent[:2], y)
        if self.readout_window is not None:
            stripe_checks.check_window(self.readout_window, self.length, self.width)
            if not self.window_mask().any():
                stripe_checks.refuse_empty_window(self.readout_window, self.cell)

    @property
    def shape(self) -> tuple[int, int, int]:
        """Number of cells along x, y and z."""
        nx, ny, nz = (round(size / cell) for size, cell in zip(self.extent, self.cell, strict=True))
        return nx, ny, nz

    @property
    def extent(self) -> tuple[float, float, float]:
        """Length, width and thickness, in m."""
        return self.length, self.width, self.thickness

    @property
    def spacing(self) -> tuple[float, float, float]:
        """Distance of cell centres along x, y and z, in m: the sizes over the numbers of cells."""
        x, y, z = (size / number for size, number in zip(self.extent, self.shape, strict=True))
        return x, y, z

    @property
    def profile(self) -> Profile:
        """What decides the outline."""
        return Profile(self.length, self.width, self.taper, self.notches, self.edge_roughness)

    @property
    def domains(self) -> tuple[int, ...]:
        """Signs of the magnetisation in the domains, from left to right."""
        return tuple(self.first_domain * (-1) ** count for count in range(len(self.walls) + 1))

    def mask(self) -> BoolArray:
        """Tell which cells are magnet.

        Returns
        -------
        numpy.ndarray of bool, shape (nx, ny, nz)
            True where the centre of the cell is inside the outline.
        """
        nx, ny, nz = self.shape
        first, after = outline.column_rows(self.profile, nx, ny)
        row = np.arange(ny)
        inside = (row >= first[:, None]) & (row < after[:, None])
        if self.lanes is not None:
            x, y, _ = self.cell_centres()
            inside &= ~self.lanes.cut(x, y, self.width)
        return np.repeat(inside[:, :, None], nz, axis=2)

    def cell_labels(self) -> IntArray:
        """Number the magnet and the pinned ends.

        Returns
        -------
        numpy.ndarray of int, shape (nx, ny, nz)
            0 outside the magnet, 1 magnet, 2 and 3 the left and the right pinned end.
        """
        labels = self.mask().astype(np.int64)
        x = self.cell_centres()[0]
        if self.pinned_ends is not None:
            # A centre on the border belongs to the end, whichever way it rounds.
            reach = self.pinned_ends.length + 1e-6 * self.cell[0]
            labels[x <= reach] *= 2
            labels[x >= self.length - reach] *= 3
        return labels

    def initial_magnetisation(self, material: Material) -> FloatArray:
        """Build the magnetisation that a simulation starts from.

        Domains of alternating sign along `domain_axis` with the walls between them;
        a relaxation turns it into the true texture.

        Parameters
        ----------
        material : Material
            Gives the walls the width and the sense that they leave open, and a
            vortex core its radius (the exchange length).

        Returns
        -------
        numpy.ndarray, shape (nx, ny, nz, 3)
            Unit vectors; NaN outside the magnet.

        Raises
        ------
        ValueError
            If two walls are closer than their widths in this material, or an up-down
            wall without a width is put into a material that magnetises in its plane.
        """
        placed = self._placed_walls(material)
        stripe_checks.check_walls_apart(placed)
        x, y, _ = self.cell_centres()
        if self.domain_axis == "z":
            plane = np.repeat(up_down(x, placed, self.first_domain)[:, None, :], y.size, axis=1)
            if self.lanes is not None:
                for rows, sign in zip(self.lanes.rows(y, self.width), self.lanes.first_domains, strict=True):
                    if sign != self.first_domain:
                        plane[:, rows] = up_down(x, placed[1:], sign)[:, None, :]
        else:
            plane = head_to_head(x, y, placed, self.first_domain, material.exchange_length)
        return np.where(self.mask()[..., None], plane[:, :, None, :], np.nan)

    def _placed_walls(self, material: Material) -> list[PlacedWall]:
        bottom, top = outline.smooth_edges(self.profile, np.array([wall.position for wall in self.walls]))
        return [
            PlacedWall(
                kind=wall.kind,
                position=wall.position,
                width=wall.width_in(material, upper - lower),
                sign=wall.sign_in(material, left),
                polarity=wall.polarity,
                left_domain=left,
                bottom=lower,
                top=upper,
            )
            for wall, left, lower, upper in zip(self.walls, self.domains, bottom.tolist(), top.tolist(), strict=False)
        ]

    def relative_anisotropy(self) -> FloatArray | None:
        """Give Ku over the material's: the gradient's factor times the grains'."""
        return relative_anisotropy(self.anisotropy_gradient, self.grains, self)

    def easy_axes(self, axis: tuple[float, float, float]) -> FloatArray | None:
        """Give the easy axis of every cell of a material with an axis: its grain's."""
        return tilted_axes(self.grains, axis, self)

    def bias_field(self) -> FloatArray | None:
        """Give the exchange bias of the grains, and of the pinned ends.

        Returns
        -------
        numpy.ndarray, shape (nx, ny, nz, 3), or None
            In A/m: the grains', and along the domain at each end that of the pinned ends; None if it has neither.
        """
        bias = bias_of_grains(self.grains, self)
        if self.pinned_ends is None:
            return bias
        labels = self.cell_labels()
        bias = np.zeros((*labels.shape, 3)) if bias is None else bias
        axis = "xyz".index(self.domain_axis)
        bias[labels == 2, axis] += self.pinned_ends.field * self.domains[0]
        bias[labels == 3, axis] += self.pinned_ends.field * self.domains[-1]
        return bias

    def window_mask(self) -> BoolArray:
        """Tell which cells are under the read-out junction.

        Returns
        -------
        numpy.ndarray of bool, shape (nx, ny)
            True where there is magnet and the cell's centre is in the window.

        Raises
        ------
        ValueError
            If the stripe has no `readout_window`.
        """
        if self.readout_window is None:
            raise ValueError('this stripe has no readout_window; give it one, such as {"x": ("200 nm", "300 nm")}')
        x, y, _ = self.cell_centres()
        across = self.readout_window.y or (0.0, self.width)
        under = _between(x, self.readout_window.x, self.cell[0])[:, None] & _between(y, across, self.cell[1])
        return under & self.mask().any(axis=2)

    def family_rows(self) -> list[tuple[str, str]]:
        """List what there is to report about the stripe; see `AbstractDevice`."""
        rows = [("size", size_text(*self.extent)), ("mesh", self.mesh_text)]
        rows += drawing.wall_rows(self.walls, self.domain_axis, self.first_domain)
        rows += outline_rows(self.profile)
        if self.lanes is not None:
            rows.append(drawing.lanes_row(self.lanes))
        rows += anisotropy_rows(self.anisotropy_gradient, self.grains)
        if self.pinned_ends is not None:
            rows.append(drawing.pinned_ends_row(self.pinned_ends))
        if self.readout_window is not None:
            rows.append(drawing.window_row(self.readout_window))
        return rows

    def draw(self, ax: Axes) -> list[Artist]:
        """Draw the stripe with its pinned ends, walls and window; see `AbstractDevice`."""
        classes = np.minimum(self.cell_labels().max(axis=2), 2)
        handles = draw_cells(ax, classes, drawing.COLOURS, self.extent)
        if self.grains is not None:
            x, y, _ = self.cell_centres()
            draw_grains(ax, self.grains.numbers(x, y, self.extent[:2]), self.mask().any(axis=2), self.cell)
        handles += drawing.draw_walls(ax, self.walls, self.width)
        if self.readout_window is not None:
            handles += drawing.draw_window(ax, self.readout_window, self.width)
        return handles
