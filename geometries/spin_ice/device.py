"""Artificial spin ice: a lattice of nanomagnets, each of which has two states."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
import numpy.typing as npt
import xarray as xr
from pydantic import Field, model_validator

from geometries.cell_size import warn_if_coarse
from geometries.description import Description, PositiveLength
from geometries.materials import Material
from geometries.quantities import Length
from geometries.spin_ice import checks as spin_ice_checks
from geometries.spin_ice.dataset import island_dataset
from geometries.spin_ice.disorder import Disorder, MissingIslands
from geometries.spin_ice.island_table import IslandTable
from geometries.spin_ice.islands import Island, IslandOfKind
from geometries.spin_ice.lattices import BrickworkLattice, KagomeLattice, PinwheelLattice, SquareLattice, TridentLattice
from geometries.spin_ice.placement import place_islands
from geometries.spin_ice.ports import Port
from geometries.spin_ice.raster import BRIDGE, bridge_arms, paint
from geometries.spin_ice.spin_states import AnySpins, SaturatedSpins

if TYPE_CHECKING:
    import discretisedfield as df
    from matplotlib.axes import Axes

__all__ = ["Bridge", "SpinIce"]

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int64]

AnyLattice = Annotated[
    SquareLattice | PinwheelLattice | KagomeLattice | BrickworkLattice | TridentLattice | IslandTable,
    Field(discriminator="kind"),
]


class Bridge(Description):
    """Strips of magnet that join the islands of a connected lattice.

    One goes from each end of an island to its vertex.

    Parameters
    ----------
    width : float
        Of a strip, in m.

    Examples
    --------
    >>> Bridge(width="20 nm").width
    2e-08
    """

    width: PositiveLength


class SpinIce(Description):
    """Artificial spin ice: nanomagnets on a lattice, coupled by their stray fields.

    The corner of the box around the lattice is at the origin; x and y are in the plane
    of the film. A site is a place of the lattice and has the same label whatever is
    missing; islands are numbered without gaps. The material is no part of the device.

    Parameters
    ----------
    lattice : SquareLattice, PinwheelLattice, KagomeLattice, BrickworkLattice, TridentLattice or IslandTable
        Where the islands are.
    island : Island, optional
        Their outline; left out with a table, which has it.
    other_islands : tuple of IslandOfKind
        Outlines of those kinds of islands that differ.
    thickness : float
        Of the film, in m.
    cell : tuple of three floats
        Size of a cell along x, y and z, in m; the last divides the thickness.
    margin : float, optional
        Empty space around the ideal lattice, in m; half of the widest island's width if
        left out. The box is rounded up to whole cells.
    bridge : Bridge, optional
        What joins the islands.
    disorder : Disorder, optional
        Deviations of the islands from the ideal ones, from a seed.
    missing : MissingIslands, optional
        Sites that are empty.
    ports : tuple of Port
        Islands that are written and read.
    initial_spins : SaturatedSpins, RandomSpins or GivenSpins
        The state to start from; saturated along x if left out.

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
    cell: tuple[PositiveLength, PositiveLength, PositiveLength]
    margin: Annotated[Length, Field(ge=0)] | None = None
    bridge: Bridge | None = None
    disorder: Disorder | None = None
    missing: MissingIslands | None = None
    ports: tuple[Port, ...] = ()
    initial_spins: AnySpins = SaturatedSpins()

    @model_validator(mode="after")
    def _can_be_made(self) -> SpinIce:
        spin_ice_checks.check_fields(self)
        spin_ice_checks.check_islands(self, place_islands(self))
        return self

    @property
    def shape(self) -> tuple[int, int, int]:
        """Number of cells along x, y and z."""
        return self._shape(place_islands(self).box)

    def _shape(self, box: tuple[float, float]) -> tuple[int, int, int]:
        nx, ny = (max(1, math.ceil(size / cell - 1e-6)) for size, cell in zip(box, self.cell[:2], strict=True))
        return nx, ny, round(self.thickness / self.cell[2])

    def cell_centres(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Give the coordinates of the cell centres along x, y and z, in m."""
        x, y, z = (
            (np.arange(number) + 0.5).astype(np.float64) * cell
            for number, cell in zip(self.shape, self.cell, strict=True)
        )
        return x, y, z

    def mesh(self) -> df.Mesh:
        """Give the finite-difference mesh of the box around the lattice.

        Returns
        -------
        discretisedfield.Mesh
            With its corner at the origin, in m.
        """
        import discretisedfield as df

        shape = self.shape
        far = tuple(number * cell for number, cell in zip(shape, self.cell, strict=True))
        return df.Mesh(region=df.Region(p1=(0, 0, 0), p2=far), n=shape)

    def islands(self, material: Material) -> xr.Dataset:
        """Give the islands, their vertices and their adjacency, without a mesh.

        Parameters
        ----------
        material : Material
            Its Ms, together with the disorder, is that of the islands.

        Returns
        -------
        xarray.Dataset
            See `geometries.spin_ice.dataset`.
        """
        return island_dataset(self, place_islands(self), material)

    def labels(self) -> xr.DataArray:
        """Label the cells of each island.

        Returns
        -------
        xarray.DataArray of int, dims (x, y, z)
            0 outside the magnet, i + 1 in island i, -1 in a bridge; coordinates are cell
            centres in m.
        """
        array = xr.DataArray(
            np.repeat(self._plane()[:, :, None], self.shape[2], axis=2),
            coords=dict(zip("xyz", self.cell_centres(), strict=True)),
            dims=("x", "y", "z"),
            name="labels",
        )
        for axis in "xyz":
            array[axis].attrs["units"] = "m"
        return array

    def _plane(self, arms: bool = False) -> IntArray:
        """Label the cells of one layer; with `arms`, a bridge's by -(i + 1) of the island whose arm it is."""
        placed = place_islands(self)
        cell = self.cell[0], self.cell[1]
        labels = np.zeros(self._shape(placed.box)[:2], dtype=np.int64)
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
        magnet: BoolArray = self.labels().values != 0
        return magnet

    def saturation_magnetisation(self, material: Material) -> FloatArray:
        """Give the saturation magnetisation of every cell.

        Parameters
        ----------
        material : Material
            The magnet; bridges have its Ms, islands theirs.

        Returns
        -------
        numpy.ndarray, shape (nx, ny, nz)
            In A/m; 0 outside the magnet.
        """
        # Label -1 takes the last entry, the bridges'.
        table = np.concatenate([[0.0], place_islands(self).magnetisation, [1.0]]) * material.Ms
        values: FloatArray = table[self.labels().values]
        return values

    def initial_magnetisation(self, material: Material) -> FloatArray:  # noqa: ARG002 - every device takes it
        """Build the magnetisation that a simulation starts from.

        Each island along its easy axis, as `initial_spins` has it, and with it its arms
        of the bridges.

        Parameters
        ----------
        material : Material
            Of no influence here.

        Returns
        -------
        numpy.ndarray, shape (nx, ny, nz, 3)
            Unit vectors; NaN outside the magnet.
        """
        placed = place_islands(self)
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
        placed = place_islands(self)
        bias = np.zeros((placed.site.size + 2, 3))
        spins = self.initial_spins.spins(placed.outlines.angle)
        for port in self.ports:
            if port.field is not None:
                held = np.flatnonzero(np.isin(placed.site, port.sites))
                bias[held + 1, :2] = port.field * spins[held, None] * placed.axis[held]
        return bias[self.labels().values] if bias.any() else None

    def warn_if_coarse(self, material: Material) -> None:
        """Warn if the cells are too large to resolve a material's textures; see `geometries.cell_size`."""
        warn_if_coarse(self.cell, self.shape, material)

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the islands, vertices and ports from above, in nm, cell by cell.

        Parameters
        ----------
        ax : matplotlib.axes.Axes, optional
            Where to draw; a figure of its own, outside pyplot, if left out.

        Returns
        -------
        matplotlib.axes.Axes
        """
        from geometries.spin_ice import drawing as ice_drawing

        return ice_drawing.plot_ice(self, ax)

    def _repr_html_(self) -> str:
        from geometries.spin_ice import drawing as ice_drawing

        return ice_drawing.ice_html(self)

    def __str__(self) -> str:
        """Say in a line what the spin ice is."""
        from geometries.spin_ice import drawing as ice_drawing

        return ice_drawing.describe_ice(self)
