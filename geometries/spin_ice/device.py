"""Artificial spin ice: a lattice of nanomagnets with two states each."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, Literal, final

import numpy as np
import numpy.typing as npt
from pydantic import Field

from geometries.description import Description, PositiveLength
from geometries.device import AbstractDevice
from geometries.drawing import draw_cells
from geometries.materials import Material
from geometries.outlines.convex import paint
from geometries.quantities import Length
from geometries.sizes import check_mesh
from geometries.spin_ice import checks as spin_ice_checks
from geometries.spin_ice import drawing
from geometries.spin_ice.dataset import island_dataset
from geometries.spin_ice.disorder import Disorder, MissingIslands
from geometries.spin_ice.islands import Island, IslandOfKind
from geometries.spin_ice.lattices import SquareLattice
from geometries.spin_ice.placement import AnyLattice, Layout, PlacedIslands, place_islands
from geometries.spin_ice.ports import Port, SiteRule, port_sites
from geometries.spin_ice.raster import BRIDGE, bridge_arms
from geometries.spin_ice.spin_states import AnySpins, RandomSpins, SaturatedSpins

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

__all__ = ["Bridge", "SpinIce"]

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int64]


class Bridge(Description):
    """Strips of magnet that join the islands of a connected lattice.

    One goes from each end of an island to its vertex.

    Parameters
    ----------
    width : float
        Width of a strip, in m.

    Examples
    --------
    >>> Bridge(width="20 nm").width
    2e-08
    """

    width: PositiveLength


@final
class SpinIce(AbstractDevice):
    """Artificial spin ice: nanomagnets on a lattice, coupled by their stray fields.

    The corner of the box around the lattice is at the origin; x and y are in the plane
    of the film. A site is a place of the lattice and has the same label whatever is
    missing; islands are numbered without gaps. The material is no part of the device.

    Parameters
    ----------
    lattice : SquareLattice, PinwheelLattice, KagomeLattice, BrickworkLattice, TridentLattice or IslandTable
        Lattice of the islands.
    island : Island, optional
        Their outline; left out with a table, which has it.
    other_islands : tuple of IslandOfKind
        Outlines of those kinds of islands that differ.
    thickness : float
        Thickness of the film, in m.
    cell : tuple of three floats
        Size of a cell along x, y and z, in m; the last divides the thickness.
    margin : float, optional
        Empty space around the ideal lattice, in m; half of the widest island's width if
        left out. The box is rounded up to whole cells.
    bridge : Bridge, optional
        Bridges that join the islands.
    disorder : Disorder, optional
        Deviations of the islands from the ideal ones, from a seed.
    missing : MissingIslands, optional
        Sites that are empty.
    ports : tuple of Port
        Islands that are written and read.
    initial_spins : SaturatedSpins, RandomSpins or GivenSpins
        The state to start from; saturated along x if left out.
    parts, terminals
        As in `AbstractDevice`; no current flows through islands that are apart.

    Raises
    ------
    pydantic.ValidationError
        If a size is not above 0 or no length, the cell does not divide the thickness,
        islands overlap or are less than a cell apart, one is thinner than two cells or
        outside the box, a kind or a site is unknown, a port names an island that is
        missing or in another port, or a key is unknown.

    Examples
    --------
    >>> ice = SpinIce(
    ...     lattice={"kind": "square", "columns": 3, "rows": 3, "lattice_constant": "180 nm"},
    ...     island={"length": "120 nm", "width": "40 nm"},
    ...     thickness="10 nm", cell=("5 nm", "5 nm", "10 nm"), margin="70 nm",
    ... )
    >>> ice.shape
    (144, 144, 1)
    >>> print(ice)
    square spin ice, 24 islands, 120 nm x 40 nm x 10 nm,
    144 x 144 x 1 cells of 5 nm x 5 nm x 10 nm, lattice: 3 x 3, 180 nm, closed edges
    """

    kind: Literal["spin_ice"] = "spin_ice"
    lattice: AnyLattice
    island: Island | None = None
    other_islands: tuple[IslandOfKind, ...] = ()
    thickness: PositiveLength
    margin: Annotated[Length, Field(ge=0)] | None = None
    bridge: Bridge | None = None
    disorder: Disorder | None = None
    missing: MissingIslands | None = None
    ports: tuple[Port, ...] = ()
    initial_spins: AnySpins = SaturatedSpins()

    @classmethod
    def example(cls) -> SpinIce:
        """Give a small square ice with bridges, disorder, a missing island and ports."""
        return cls(
            lattice=SquareLattice(columns=2, rows=2, lattice_constant=180e-9),
            island=Island(length=120e-9, width=40e-9),
            thickness=10e-9,
            cell=(5e-9, 5e-9, 10e-9),
            bridge=Bridge(width=20e-9),
            disorder=Disorder(angle=0.02, length=0.02, saturation_magnetisation=0.02, seed=1),
            missing=MissingIslands(sites=(3,)),
            ports=(
                Port(name="in", role="held", sites=(0, 1), field=2e5),
                Port(name="out", role="readout", sites=SiteRule(of="vertical", first=1, every=2)),
            ),
            initial_spins=RandomSpins(seed=1),
        )

    def check(self) -> None:
        """Refuse a spin ice that cannot be made, or cannot be meshed; see `geometries.spin_ice.checks`."""
        spin_ice_checks.check_layout(self._layout)
        spin_ice_checks.check_cell(self.thickness, self.cell[2])
        placed = self.placed_islands()
        spin_ice_checks.check_islands(self._layout, placed, self.cell[:2])
        spin_ice_checks.check_ports(port_sites(self.ports, placed), placed)
        self.initial_spins.spins(placed.outlines.angle)

    @property
    def _layout(self) -> Layout:
        return Layout(
            self.lattice,
            self.island,
            self.other_islands,
            self.margin,
            self.bridge.width if self.bridge is not None else None,
            self.disorder,
            self.missing,
        )

    def placed_islands(self) -> PlacedIslands:
        """Give the islands that are there, on the sites of the lattice, disorder included."""
        return place_islands(self._layout)

    def port_sites(self) -> dict[str, tuple[int, ...]]:
        """Give the labels of the sites of each port by its name, those by a rule included."""
        return port_sites(self.ports, self.placed_islands())

    @property
    def shape(self) -> tuple[int, int, int]:
        """Number of cells along x, y and z."""
        return self._shape(self.placed_islands().box)

    def _shape(self, box: tuple[float, float]) -> tuple[int, int, int]:
        nx, ny = (max(1, math.ceil(size / cell - 1e-6)) for size, cell in zip(box, self.cell[:2], strict=True))
        return nx, ny, round(self.thickness / self.cell[2])

    def islands(self, material: Material) -> xr.Dataset:
        """Give the islands, their vertices and their adjacency, without a mesh.

        Parameters
        ----------
        material : Material
            Its Ms, together with the disorder, is the islands'; an island in a part
            has the mean over its cells.

        Returns
        -------
        xarray.Dataset
            See `geometries.spin_ice.dataset`.
        """
        placed = self.placed_islands()
        magnetisation = material.Ms * placed.magnetisation
        if self.parts:
            labels, values = self.cell_labels(), self.saturation_magnetisation(material)
            inside = labels > 0
            cells = np.bincount(labels[inside] - 1, minlength=placed.site.size)
            magnetisation = np.bincount(labels[inside] - 1, values[inside], placed.site.size) / cells
        return island_dataset(placed, self.lattice, self.thickness, magnetisation, port_sites(self.ports, placed))

    def cell_labels(self) -> IntArray:
        """Number the islands.

        Returns
        -------
        numpy.ndarray of int, shape (nx, ny, nz)
            0 outside the magnet, i + 1 in island i, -1 in a bridge.
        """
        return np.repeat(self._plane()[:, :, None], round(self.thickness / self.cell[2]), axis=2)

    def _plane(self, arms: bool = False) -> IntArray:
        """Label the cells of one layer; with `arms`, a bridge's by -(i + 1) of the island whose arm it is."""
        placed = self.placed_islands()
        cell, shape = (self.cell[0], self.cell[1]), self._shape(placed.box)
        check_mesh(shape, self.cell)
        labels = np.zeros(shape[:2], dtype=np.int64)
        if self.bridge is not None:
            outlines, island = bridge_arms(placed, self.bridge.width)
            paint(labels, outlines, -(island + 1) if arms else np.full_like(island, BRIDGE), cell)
        paint(labels, placed.outlines, np.arange(1, placed.site.size + 1), cell)
        return labels

    def mask(self) -> BoolArray:
        """Tell which cells are magnet.

        Returns
        -------
        numpy.ndarray of bool, shape (nx, ny, nz)
            True where the centre of the cell is inside an island or a bridge.
        """
        magnet: BoolArray = self.cell_labels() != 0
        return magnet

    def relative_magnetisation(self) -> FloatArray:
        """Give the saturation magnetisation over the material's: 1 for bridges, islands have disorder.

        Returns
        -------
        numpy.ndarray, shape (nx, ny, nz)
            0 outside the magnet.
        """
        # Label -1 takes the last entry, the bridges'.
        table = np.concatenate([[0.0], self.placed_islands().magnetisation, [1.0]])
        values: FloatArray = table[self.cell_labels()]
        return values

    def initial_magnetisation(self, material: Material) -> FloatArray:  # noqa: ARG002 - every device takes it
        """Build the magnetisation that a simulation starts from.

        Each island along its easy axis, as `initial_spins` has it, and with it its arms
        of the bridges.

        Parameters
        ----------
        material : Material
            Material, without influence here.

        Returns
        -------
        numpy.ndarray, shape (nx, ny, nz, 3)
            Unit vectors; NaN outside the magnet.
        """
        placed = self.placed_islands()
        directions = np.full((placed.site.size + 1, 3), np.nan)
        directions[1:, :2] = placed.axis * self.initial_spins.spins(placed.outlines.angle)[:, None]
        directions[1:, 2] = 0.0
        return np.repeat(directions[np.abs(self._plane(arms=True))][:, :, None], self.shape[2], axis=2)

    def bias_field(self) -> FloatArray | None:
        """Give the static field that holds the held ports.

        Returns
        -------
        numpy.ndarray, shape (nx, ny, nz, 3), or None
            In A/m, along the initial magnetisation in held islands and zero elsewhere;
            None without held ports.
        """
        placed = self.placed_islands()
        bias = np.zeros((placed.site.size + 2, 3))
        spins, sites = self.initial_spins.spins(placed.outlines.angle), port_sites(self.ports, placed)
        for port in self.ports:
            if port.field is not None:
                held = np.flatnonzero(np.isin(placed.site, sites[port.name]))
                bias[held + 1, :2] = port.field * spins[held, None] * placed.axis[held]
        return bias[self.cell_labels()] if bias.any() else None

    def family_rows(self) -> list[tuple[str, str]]:
        """List what there is to report about the spin ice; see `AbstractDevice`."""
        placed = self.placed_islands()
        rows = drawing.island_rows(placed, self.thickness)
        rows += [("mesh", self.mesh_text), ("lattice", drawing.lattice_text(self.lattice))]
        rows += drawing.layout_rows(self._layout, placed)
        if self.ports:
            numbers = port_sites(self.ports, placed)
            texts = (f"{port.name}: {len(numbers[port.name])} {port.role}" for port in self.ports)
            rows.append(("ports", "; ".join(texts)))
        return rows

    def draw(self, ax: Axes) -> list[Artist]:
        """Draw the islands with their spins, the vertices and the ports; see `AbstractDevice`."""
        placed = self.placed_islands()
        sites = port_sites(self.ports, placed)
        roles = np.full(placed.site.size, "magnet", dtype="<U7")
        for port in self.ports:
            roles[np.isin(placed.site, sites[port.name])] = port.role
        handles = draw_cells(ax, drawing.classes(self._plane(), roles), drawing.COLOURS, self.extent)
        return handles + drawing.draw_islands(ax, placed, self.initial_spins.spins(placed.outlines.angle))

    def __str__(self) -> str:
        """Say in a line what the spin ice is."""
        (_, islands), (_, size), (_, mesh), *others = self.rows()
        texts = (f"{name}: {text}" for name, text in others)
        return ", ".join([f"{self.lattice.kind} spin ice", islands, size, mesh, *texts])
