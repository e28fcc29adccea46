"""Waveguides for spin waves: one, two that cross, and several that couple over slots."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, final

import numpy as np
import numpy.typing as npt

from geometries.description import Description, PositiveLength
from geometries.device import AbstractDevice
from geometries.directions import Direction, direction_text
from geometries.drawing import MAGNET, draw_cells
from geometries.materials import Material
from geometries.outlines.checks import check_cell
from geometries.quantities import format_quantity
from geometries.regions import RegionOfMagnet
from geometries.spin_waves.absorbing_ends import AbsorbingEnds

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

__all__ = ["Crossing", "Waveguide"]

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]


class Crossing(Description):
    """A second guide along y, through the middle of the first.

    Parameters
    ----------
    centre, width : float
        Its middle and its extent along x, in m.
    length : float
        Its extent along y, in m; both of its ends absorb as those of the first.

    Examples
    --------
    >>> Crossing(centre="1 um", width="100 nm", length="1 um").width
    1e-07
    """

    centre: PositiveLength
    width: PositiveLength
    length: PositiveLength


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
    crossing : Crossing, optional
        A guide that crosses it: the device is then as wide as that one is long.
    slots : tuple of RegionOfMagnet
        Boxes that are cut out of it. One along all of x makes two guides, which only the stray field couples; another,
        beside it, ends a guide.
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
        them, a crossing guide does not fit, a slot or a port does not lie on the magnet, or a key is unknown.

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
    crossing: Crossing | None = None
    slots: tuple[RegionOfMagnet, ...] = ()
    ports: tuple[RegionOfMagnet, ...] = ()

    @classmethod
    def example(cls) -> Waveguide:
        """Give a small waveguide with absorbing ends."""
        ends = AbsorbingEnds(length=40e-9)
        return cls(length=200e-9, width=40e-9, thickness=5e-9, cell=(5e-9, 10e-9, 5e-9), absorbing_ends=ends)

    def check(self) -> None:
        """Refuse cells that do not divide the waveguide, ends that meet, and a crossing guide that does not fit."""
        check_cell((self.length, self.width, self.thickness), self.cell)
        ends = self.absorbing_ends
        if self.crossing is not None:
            self._check_crossing(self.crossing, 0.0 if ends is None else ends.length)
        if ends is not None and 2 * ends.length >= self.length:
            raise ValueError(
                f"absorbing_ends.length = {format_quantity(ends.length, 'm')} at each end leaves nothing of length = "
                f"{format_quantity(self.length, 'm')} between them; make the waveguide longer, or the ends shorter"
            )
        sides = self.absorbing_sides
        if sides is not None and (self.repeats or self.crossing is not None or 2 * sides.length >= self.width):
            raise ValueError(
                f"absorbing_sides.length = {format_quantity(sides.length, 'm')} at each side needs a width above twice "
                f"that, here {format_quantity(self.width, 'm')}, and neither repeats nor a crossing guide; make it "
                "wider, or leave the sides out"
            )
        whole = self._uncut()
        for index, slot in enumerate(self.slots):
            slot.check_inside(self, f"slots[{index}]")
            slot.magnet_cells(self, whole)
        if not self.mask().any():
            raise ValueError(f"slots: {len(self.slots)} of them leave no magnet; make them smaller")
        for index, port in enumerate(self.ports):
            port.check(self, f"ports[{index}]")

    def _check_crossing(self, crossing: Crossing, ends: float) -> None:
        if self.repeats:
            raise ValueError(
                f"crossing: a guide along y cannot cross a film that repeats = {self.repeats!r}; leave one out"
            )
        check_cell((self.length, crossing.length, self.thickness), self.cell)
        arm = (crossing.length - self.width) / 2
        if not arm > ends or abs(arm / self.cell[1] - round(arm / self.cell[1])) > 1e-6:
            raise ValueError(
                f"crossing.length = {format_quantity(crossing.length, 'm')} leaves {format_quantity(arm, 'm')} at each "
                f"side of width = {format_quantity(self.width, 'm')}; it must be whole cells of "
                f"{format_quantity(self.cell[1], 'm')}, and longer than the absorbing ends"
            )
        low, high = crossing.centre - crossing.width / 2, crossing.centre + crossing.width / 2
        if any(abs(each / self.cell[0] - round(each / self.cell[0])) > 1e-6 for each in (low, high)):
            raise ValueError(
                f"crossing from {format_quantity(low, 'm')} to {format_quantity(high, 'm')} is not whole cells of "
                f"{format_quantity(self.cell[0], 'm')}; choose another centre or width"
            )
        if low < ends or high > self.length - ends:
            raise ValueError(
                f"crossing from {format_quantity(low, 'm')} to {format_quantity(high, 'm')} does not lie between the "
                "absorbing ends; move its centre"
            )

    @property
    def shape(self) -> tuple[int, int, int]:
        """Number of cells along x, y and z."""
        x, y, z = self.cell
        width = self.width if self.crossing is None else self.crossing.length
        return round(self.length / x), round(width / y), round(self.thickness / z)

    def mask(self) -> BoolArray:
        """Tell which cells are magnet, shape (nx, ny, nz): all without slots and a crossing guide."""
        cells = self._uncut()
        for slot in self.slots:
            cells[tuple(slice(*bounds) for bounds in slot.box(self))] = False
        return cells

    def _uncut(self) -> BoolArray:
        crossing = self.crossing
        if crossing is None:
            return np.ones(self.shape, dtype=bool)
        x, y, _ = self.cell_centres()
        along = np.abs(y - crossing.length / 2) < self.width / 2
        across = np.abs(x - crossing.centre) < crossing.width / 2
        plan = along[None, :] | across[:, None]
        return np.broadcast_to(plan[..., None], self.shape).copy()

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
            if self.crossing is not None:
                found.append((ends, np.broadcast_to(ends.share(y, self.crossing.length), self.shape[:2])))
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
        if self.crossing is not None:
            words = (
                f"{format_quantity(self.crossing.length, 'm')} long, {format_quantity(self.crossing.width, 'm')} wide"
            )
            rows.append(("crossing guide", words))
        for name, ramp in (("absorbing ends", self.absorbing_ends), ("absorbing sides", self.absorbing_sides)):
            if ramp is not None:
                rows.append((name, f"{format_quantity(ramp.length, 'm')} long, alpha up to {ramp.alpha:g}"))
        for name, places in (("slot", self.slots), ("port", self.ports)):
            rows += [(f"{name} {each.name}", each.place_text().removeprefix(" at ")) for each in places]
        return rows
