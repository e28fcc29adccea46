"""Waveguides for spin waves: one, and several that slots make of it, which cross or couple."""

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
from geometries.regions import RegionOfMagnet
from geometries.sizes import check_mesh
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
    absorbing_sides : AbsorbingEnds, optional
        Damping that rises towards both sides, along y: with ends and sides the waveguide is a piece of a film.
    repeats : {"", "y"}
        Whether the film goes on along y without end.
    slots : tuple of RegionOfMagnet
        Boxes that are cut out of it. One along all of x leaves two guides, which only the stray field couples; another
        ends one of them; four corners leave two guides that cross.
    ports : tuple of RegionOfMagnet
        Where waves are read. Observables of a sweep take the first, and its share of the power at all.
    parts : tuple of Part
        As in `AbstractDevice`.
    terminals : tuple of terminals
        As in `AbstractDevice`.

    Raises
    ------
    pydantic.ValidationError
        If a size is not above 0, a cell does not divide the waveguide, the absorbing ends leave nothing between
        them, a slot or a port does not lie on the magnet, or a key is unknown.

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
    absorbing_sides: AbsorbingEnds | None = None
    repeats: Literal["", "y"] = ""
    slots: tuple[RegionOfMagnet, ...] = ()
    ports: tuple[RegionOfMagnet, ...] = ()

    @classmethod
    def example(cls) -> Waveguide:
        """Give a small waveguide with absorbing ends."""
        ends = AbsorbingEnds(length=40e-9)
        return cls(length=200e-9, width=40e-9, thickness=5e-9, cell=(5e-9, 10e-9, 5e-9), absorbing_ends=ends)

    def check(self) -> None:
        """Refuse cells that do not divide the waveguide, ends that meet, and slots and ports that lie on no magnet."""
        check_cell((self.length, self.width, self.thickness), self.cell)
        ends = self.absorbing_ends
        if ends is not None and 2 * ends.length >= self.length:
            raise ValueError(
                f"absorbing_ends.length = {format_quantity(ends.length, 'm')} at each end leaves nothing of length = "
                f"{format_quantity(self.length, 'm')} between them; make the waveguide longer, or the ends shorter"
            )
        sides = self.absorbing_sides
        if sides is not None and (self.repeats or 2 * sides.length >= self.width):
            raise ValueError(
                f"absorbing_sides.length = {format_quantity(sides.length, 'm')} at each side needs a width above twice "
                f"that, here {format_quantity(self.width, 'm')}, and no repeats; make it wider, or leave the sides out"
            )
        if not (self.slots or self.ports):
            return
        check_mesh(self.shape, self.cell)
        whole = np.ones(self.shape, dtype=bool)
        for index, slot in enumerate(self.slots):
            slot.check_inside(self, f"slots[{index}]")
            self._check_borders(slot, f"slots[{index}]")
            slot.magnet_cells(self, whole)
        if not self.mask().any():
            raise ValueError(f"slots: {len(self.slots)} of them leave no magnet; make them smaller")
        for index, port in enumerate(self.ports):
            port.check(self, f"ports[{index}]")
        names = [each.name for each in (*self.slots, *self.ports, *self.parts, *self.terminals)]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(
                f"{', '.join(map(repr, twice))}: the name of two slots, ports, parts or terminals; give each its own"
            )

    def _check_borders(self, slot: RegionOfMagnet, where: str) -> None:
        for axis, step in zip("xyz", self.cell, strict=True):
            for edge in getattr(slot, axis) or ():
                near = round(edge / step) * step
                if abs(edge - near) > 1e-6 * step:
                    raise ValueError(
                        f"{where}.{axis}: its edge at {format_quantity(edge, 'm')} is no border of cells of "
                        f"{format_quantity(step, 'm')}, so that the slot would have another size; the nearest is "
                        f"{format_quantity(near, 'm')}"
                    )

    @property
    def shape(self) -> tuple[int, int, int]:
        """Number of cells along x, y and z."""
        x, y, z = self.cell
        return round(self.length / x), round(self.width / y), round(self.thickness / z)

    def mask(self) -> BoolArray:
        """Tell which cells are magnet, shape (nx, ny, nz): all but the slots."""
        cells = np.ones(self.shape, dtype=bool)
        for slot in self.slots:
            cells[tuple(slice(*bounds) for bounds in slot.box(self))] = False
        return cells

    def initial_magnetisation(self, material: Material) -> FloatArray:  # noqa: ARG002 - it is uniform
        """Build the magnetisation that a simulation starts from: uniform along `start`, shape (nx, ny, nz, 3)."""
        return np.where(self.mask()[..., None], np.array(self.start), np.nan)

    def periodic_axes(self) -> str:
        """Give the axes along which the film goes on without end: `repeats`."""
        return self.repeats

    def local_damping(self, material: Material) -> FloatArray | None:
        """Give the damping of every cell, shape (nx, ny, nz); None where nothing absorbs."""
        if self.absorbing_ends is None and self.absorbing_sides is None:
            return None
        alpha = np.zeros(self.shape)
        for part in self.placed_parts(material):
            alpha[part.cells] = part.material.alpha
        risen = [alpha + np.maximum(ramp.alpha - alpha, 0.0) * share[..., None] for ramp, share in self._ramps()]
        return np.where(self.mask(), np.max(risen, axis=0), 0.0)

    def _ramps(self) -> list[tuple[AbsorbingEnds, FloatArray]]:
        """Ramps with their share at every cell from above, shape (nx, ny)."""
        x, y, _ = self.cell_centres()
        found, ends, sides = [], self.absorbing_ends, self.absorbing_sides
        if ends is not None:
            found.append((ends, np.broadcast_to(ends.share(x, self.length)[:, None], self.shape[:2])))
        if sides is not None:
            found.append((sides, np.broadcast_to(sides.share(y, self.width), self.shape[:2])))
        return found

    def draw(self, ax: Axes) -> list[Artist]:
        """Draw the waveguide and its absorbing ends; see `AbstractDevice`."""
        magnet = self.mask()[..., 0].astype(np.int64)
        absorbs = np.any([share > 0 for _, share in self._ramps()], axis=0)
        return draw_cells(ax, magnet * (1 + absorbs), {"magnet": MAGNET, "absorbing end": "#7b8794"}, self.extent)

    def family_rows(self) -> list[tuple[str, str]]:
        """List what there is to report about the waveguide; see `AbstractDevice`."""
        rows = [*super().family_rows()[:2], ("start", direction_text(self.start))]
        if self.repeats:
            rows.append(("repeats", f"along {self.repeats} without end"))
        for name, ramp in (("absorbing ends", self.absorbing_ends), ("absorbing sides", self.absorbing_sides)):
            if ramp is not None:
                rows.append((name, f"{format_quantity(ramp.length, 'm')} long, alpha up to {ramp.alpha:g}"))
        for name, places in (("slot", self.slots), ("port", self.ports)):
            rows += [(f"{name} {each.name}", each.place_text().removeprefix(" at ")) for each in places]
        return rows
