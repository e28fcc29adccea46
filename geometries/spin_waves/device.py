"""Waveguides for spin waves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, final

import numpy as np
import numpy.typing as npt

from geometries.description import PositiveLength
from geometries.device import AbstractDevice
from geometries.directions import Direction, direction_text
from geometries.drawing import MAGNET, draw_cells
from geometries.materials import Material
from geometries.outlines.checks import check_cell
from geometries.quantities import format_quantity
from geometries.spin_waves.absorbing_ends import AbsorbingEnds

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

__all__ = ["Waveguide"]

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]


@final
class Waveguide(AbstractDevice):
    """A stripe of film along which spin waves travel between antennas.

    The corner is at the origin; x runs along it and z out of the film. Strip lines are its antennas. With `repeats` "y"
    it is a film without edges along y, of which the cells are one period: waves along x are those of a film. The
    static field of the protocol holds the magnetisation along `start`: along x the waves are backward volume waves,
    along y surface waves (Damon and Eshbach), along z forward volume waves. Exactly along x its edges are on a ridge of
    the energy, from which they fall in the middle of a run: tilt `start`, as by (1, 0.05, 0).

    Parameters
    ----------
    length, width, thickness : float
        Extent along x, y and z, in m.
    cell : tuple of three floats
        Size of a cell along x, y and z, in m; each divides the waveguide.
    start : tuple of three floats
        Direction of the initial magnetisation.
    absorbing_ends : AbsorbingEnds, optional
        Damping that rises towards both ends.
    repeats : {"", "y"}
        Whether the film goes on along y without end.
    parts : tuple of Part
        As in `AbstractDevice`.
    terminals : tuple of terminals
        As in `AbstractDevice`.

    Raises
    ------
    pydantic.ValidationError
        If a size is not above 0, a cell does not divide the waveguide, the absorbing ends leave nothing between
        them, or a key is unknown.

    Examples
    --------
    >>> guide = Waveguide(
    ...     length="2 um", width="200 nm", thickness="20 nm", cell=("5 nm", "20 nm", "20 nm"), start=(0, 1, 0),
    ...     absorbing_ends={"length": "400 nm"},
    ...     terminals=[{"kind": "strip_line", "name": "in", "centre": "1 um", "width": "50 nm", "height": "30 nm"}],
    ... )
    >>> guide.shape
    (400, 10, 1)
    """

    kind: Literal["waveguide"] = "waveguide"
    length: PositiveLength
    width: PositiveLength
    thickness: PositiveLength
    start: Direction = (1.0, 0.0, 0.0)
    absorbing_ends: AbsorbingEnds | None = None
    repeats: Literal["", "y"] = ""

    @classmethod
    def example(cls) -> Waveguide:
        """Give a small waveguide with absorbing ends."""
        ends = AbsorbingEnds(length=40e-9)
        return cls(length=200e-9, width=40e-9, thickness=5e-9, cell=(5e-9, 10e-9, 5e-9), absorbing_ends=ends)

    def check(self) -> None:
        """Refuse cells that do not divide the waveguide, and ends that meet."""
        check_cell((self.length, self.width, self.thickness), self.cell)
        ends = self.absorbing_ends
        if ends is not None and 2 * ends.length >= self.length:
            raise ValueError(
                f"absorbing_ends.length = {format_quantity(ends.length, 'm')} at each end leaves nothing of length = "
                f"{format_quantity(self.length, 'm')} between them; make the waveguide longer, or the ends shorter"
            )

    @property
    def shape(self) -> tuple[int, int, int]:
        """Number of cells along x, y and z."""
        x, y, z = self.cell
        return round(self.length / x), round(self.width / y), round(self.thickness / z)

    def mask(self) -> BoolArray:
        """Tell which cells are magnet: all, shape (nx, ny, nz)."""
        return np.ones(self.shape, dtype=bool)

    def initial_magnetisation(self, material: Material) -> FloatArray:  # noqa: ARG002 - it is uniform
        """Build the magnetisation that a simulation starts from: uniform along `start`, shape (nx, ny, nz, 3)."""
        return np.broadcast_to(np.array(self.start), (*self.shape, 3)).copy()

    def periodic_axes(self) -> str:
        """Give the axes along which the film goes on without end: `repeats`."""
        return self.repeats

    def local_damping(self, material: Material) -> FloatArray | None:
        """Give the damping of every cell, shape (nx, ny, nz); None without absorbing ends."""
        if self.absorbing_ends is None:
            return None
        alpha = np.zeros(self.shape)
        for part in self.placed_parts(material):
            alpha[part.cells] = part.material.alpha
        share = self.absorbing_ends.share(self.cell_centres()[0], self.length)[:, None, None]
        return alpha + np.maximum(self.absorbing_ends.alpha - alpha, 0.0) * share

    def draw(self, ax: Axes) -> list[Artist]:
        """Draw the waveguide and its absorbing ends; see `AbstractDevice`."""
        x, ends = self.cell_centres()[0], self.absorbing_ends
        absorbs = np.zeros(x.size, dtype=bool) if ends is None else ends.share(x, self.length) > 0
        classes = np.repeat(1 + absorbs.astype(np.int64)[:, None], self.shape[1], axis=1)
        return draw_cells(ax, classes, {"magnet": MAGNET, "absorbing end": "#7b8794"}, self.extent)

    def family_rows(self) -> list[tuple[str, str]]:
        """List what there is to report about the waveguide; see `AbstractDevice`."""
        rows = [*super().family_rows()[:2], ("start", direction_text(self.start))]
        if self.repeats:
            rows.append(("repeats", f"along {self.repeats} without end"))
        if self.absorbing_ends is not None:
            ends = self.absorbing_ends
            rows.append(("absorbing ends", f"{format_quantity(ends.length, 'm')} long, alpha up to {ends.alpha:g}"))
        return rows
