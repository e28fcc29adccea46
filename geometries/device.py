"""Base class of devices: cells, parts with a material each, terminals, and drawing."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar, Self, final

import numpy as np
import numpy.typing as npt
from pydantic import model_validator

from geometries import drawing
from geometries.cell_size import cell_coordinates, warn_if_coarse
from geometries.description import Description, PositiveLength
from geometries.fixed_layer import FixedLayer
from geometries.materials import Material
from geometries.parts import Part, PlacedPart, anisotropy_of_cells, check_parts, part_rows, place_parts
from geometries.responses import Response
from geometries.sizes import check_mesh
from geometries.terminals import AnyTerminal, check_terminals, find_terminal

if TYPE_CHECKING:
    import discretisedfield as df
    import xarray as xr
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

__all__ = ["AbstractDevice"]

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int64]


class AbstractDevice(Description, ABC):
    """A magnetic device on a regular mesh, its corner at the origin.

    A family of devices is one final class. It has to give `kind`, `shape`, `mask`,
    `initial_magnetisation` and `example`; it may replace what is marked "may be replaced" below, and
    nothing else. The material is no part of a device. `geometries.contract` checks that a
    family keeps the promises below.

    Parameters
    ----------
    kind : str
        The name of the family, a `Literal` with a default in each; also the name of its entry point in the group
        ``geometries.devices``.
    cell : tuple of three floats
        Size of a cell along x, y and z, in m.
    parts : tuple of Part
        Regions with a material of their own.
    terminals : tuple of InPlaneCurrent, HeavyMetal, ThroughPlane, StripLine or VoltageGate
        Terminals where currents enter; none if left out. A family through which a current flows
        anyway has another default, as a stripe.

    Attributes
    ----------
    version : int
        Version of the family, 1 at first; may be replaced, as in ``version: ClassVar[int] = 2``.
        Raise it when the same fields mean other cells or another magnetisation than
        before: it goes into a run's id, so that stored runs of the former version are
        not taken for runs of this one.

    Raises
    ------
    pydantic.ValidationError
        If two parts or terminals have one name, a part or terminal reaches out of the
        device or covers no magnet, two parts overlap, or the family's `check` refuses.

    Examples
    --------
    >>> from geometries import AbstractDevice, Stripe
    >>> stripe = Stripe.example()
    >>> isinstance(stripe, AbstractDevice), stripe.mask().shape == stripe.shape
    (True, True)
    """

    version: ClassVar[int] = 1

    kind: str
    cell: tuple[PositiveLength, PositiveLength, PositiveLength]
    parts: tuple[Part, ...] = ()
    terminals: tuple[AnyTerminal, ...] = ()

    @model_validator(mode="after")
    def _can_be_made(self) -> AbstractDevice:
        self.check()
        names = [each.name for each in (*self.parts, *self.terminals)]
        if twice := [name for name in names if names.count(name) > 1]:
            raise ValueError(f"{twice[0]!r} is the name of two parts or terminals; give each a name of its own")
        if self.parts or self.terminals:
            check_mesh(self.shape, self.cell)
        check_parts(self.parts, self)
        check_terminals(self.terminals, self)
        return self

    # What a family gives.

    @property
    @abstractmethod
    def shape(self) -> tuple[int, int, int]:
        """Number of cells along x, y and z."""

    @abstractmethod
    def mask(self) -> BoolArray:
        """Tell which cells are magnet.

        Returns
        -------
        numpy.ndarray of bool, shape (nx, ny, nz)
            True where the centre of the cell is inside the device.
        """

    @abstractmethod
    def initial_magnetisation(self, material: Material) -> FloatArray:
        """Build the magnetisation that a simulation starts from.

        Parameters
        ----------
        material : Material
            Material of the body; may set the width of a wall, for instance.

        Returns
        -------
        numpy.ndarray, shape (nx, ny, nz, 3)
            Unit vectors; NaN outside the magnet.
        """

    @classmethod
    @abstractmethod
    def example(cls) -> Self:
        """Give a small device of the family that has what the family can have, for checks and documentation."""

    # What a family may replace.

    def check(self) -> None:
        """Refuse fields that do not fit each other; may be replaced.

        It is called before parts and terminals are checked, and may raise ValueError,
        naming field, value and remedy.
        """

    @property
    def extent(self) -> tuple[float, float, float]:
        """Size of the box along x, y and z, in m: whole cells; may be replaced."""
        x, y, z = (number * step for number, step in zip(self.shape, self.cell, strict=True))
        return x, y, z

    @property
    def spacing(self) -> tuple[float, float, float]:
        """Distance of cell centres along x, y and z, in m: the cell; may be replaced."""
        return self.cell

    def cell_labels(self) -> IntArray:
        """Number what is in each cell; may be replaced.

        Returns
        -------
        numpy.ndarray of int, shape (nx, ny, nz)
            0 outside the magnet and something else in it: 1 in the body, i + 2 in the i-th part.
        """
        mask = self.mask()
        labels = mask.astype(np.int64)
        for index, part in enumerate(self.parts):
            labels[part.magnet_cells(self, mask)] = index + 2
        return labels

    def relative_magnetisation(self) -> FloatArray:
        """Give the saturation magnetisation over the material's; may be replaced.

        Returns
        -------
        numpy.ndarray, shape (nx, ny, nz)
            1 in the magnet but for disorder, 0 outside.
        """
        return self.mask().astype(np.float64)

    def relative_anisotropy(self) -> FloatArray | None:
        """Give the uniaxial anisotropy constant over the material's, cell by cell; may be replaced.

        Returns
        -------
        numpy.ndarray, shape (nx, ny, nz), or None
            None where it is 1 everywhere.
        """
        return None

    def easy_axes(self, axis: tuple[float, float, float]) -> FloatArray | None:  # noqa: ARG002
        """Give the easy axis of every cell, were it of a material with an axis; may be replaced.

        Parameters
        ----------
        axis : tuple of three floats
            The material's, of unit length.

        Returns
        -------
        numpy.ndarray, shape (nx, ny, nz, 3), or None
            Unit vectors; None where all have the material's.
        """
        return None

    def local_damping(self, material: Material) -> FloatArray | None:  # noqa: ARG002 - for ends that absorb waves
        """Give Gilbert's damping of every cell, shape (nx, ny, nz), where it varies within a part; may be replaced."""
        return None

    def periodic_axes(self) -> str:
        """Give the axes along which copies of the device follow each other without end: "" or "y"; may be replaced."""
        return ""

    def current_paths(self) -> FloatArray | None:
        """Give the way of a current that follows the device; may be replaced.

        Returns
        -------
        numpy.ndarray, shape (nx, ny, 2), or None
            Its direction in the plane times its density over that at the beginning; None where a current
            goes along one direction.
        """
        return None

    def polarising_layer(self) -> FixedLayer | None:
        """Give the fixed layer that polarises a current through the plane, or None; may be replaced."""
        return None

    def ellipse_axes(self) -> tuple[float, float] | None:
        """Give the axes along x and y of an outline that is an ellipse, in m, or None; may be replaced."""
        return None

    def bias_field(self) -> FloatArray | None:
        """Give the static field that is part of the device; may be replaced.

        Returns
        -------
        numpy.ndarray, shape (nx, ny, nz, 3), or None
            In A/m; None where there is none.
        """
        return None

    def response(self, material: Material) -> Response | None:  # noqa: ARG002 - for devices that a clock drives
        """Give how the device's magnets follow a field that clocks them, or None; may be replaced."""
        return None

    def window_mask(self) -> BoolArray:
        """Tell which cells are under the read-out junction; may be replaced.

        Returns
        -------
        numpy.ndarray of bool, shape (nx, ny)

        Raises
        ------
        ValueError
            If the device has no window.
        """
        raise ValueError(
            f"a {self.name_of_kind} has no read-out window, so that no junction's resistance can be given; leave the "
            "read-out by a window out, or take a device that has one, such as a stripe with readout_window"
        )

    def family_rows(self) -> list[tuple[str, str]]:
        """List what there is to report about the device but parts and terminals; may be replaced.

        Returns
        -------
        list of (str, str)
            Quantities and their values as text, the size and the mesh first; then the
            family's own fields that are numbers, quantities or texts.
        """
        own = [name for name in type(self).model_fields if name not in AbstractDevice.model_fields]
        return [("size", drawing.size_text(*self.extent)), ("mesh", self.mesh_text), *drawing.field_rows(self, own)]

    def draw(self, ax: Axes) -> list[Artist]:
        """Draw the device but parts and terminals, from above, in nm; may be replaced.

        Parameters
        ----------
        ax : matplotlib.axes.Axes
            Axes to draw on.

        Returns
        -------
        list of matplotlib.artist.Artist
            What the legend names.
        """
        magnet = self.mask().any(axis=2).astype(np.int64)
        return drawing.draw_cells(ax, magnet, {"magnet": drawing.MAGNET}, self.extent)

    # What is the same for all.

    @property
    def name_of_kind(self) -> str:
        """What a person calls the family: "spin ice"."""
        return self.kind.replace("_", " ")

    @property
    def mesh_text(self) -> str:
        """The mesh in words, such as "128 x 16 x 1 cells of 4 nm x 4 nm x 1 nm"."""
        return f"{' x '.join(map(str, self.shape))} cells of {drawing.size_text(*self.cell)}"

    @final
    def cell_centres(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Give the coordinates of the cell centres along x, y and z, in m."""
        x, y, z = (
            (np.arange(number) + 0.5).astype(np.float64) * step
            for number, step in zip(self.shape, self.spacing, strict=True)
        )
        return x, y, z

    @final
    def coordinates(self) -> dict[str, xr.Variable]:
        """Give the coordinates of arrays over the cells, such as a run's magnetisation.

        Returns
        -------
        dict of xarray.Variable
            Cell centres along x, y and z in m, equal to the last digit to `mesh`: xarray aligns by equal coordinates.
        """
        return cell_coordinates(self.extent, self.shape)

    @final
    def mesh(self) -> df.Mesh:
        """Give the finite-difference mesh of the box around the device.

        Returns
        -------
        discretisedfield.Mesh
            From (0, 0, 0) to `extent`, in m, periodic along `periodic_axes`.
        """
        import discretisedfield as df

        return df.Mesh(region=df.Region(p1=(0, 0, 0), p2=self.extent), n=self.shape, bc=self.periodic_axes())

    @final
    def labels(self) -> xr.DataArray:
        """Label the cells of the device.

        Returns
        -------
        xarray.DataArray of int, dims (x, y, z)
            0 outside the magnet, else as `cell_labels` has it; coordinates are cell centres in m.
        """
        import xarray as xr

        return xr.DataArray(self.cell_labels(), coords=self.coordinates(), dims=("x", "y", "z"), name="labels")

    @final
    def placed_parts(self, material: Material) -> tuple[PlacedPart, ...]:
        """Give the body and the parts with their cells and materials.

        Parameters
        ----------
        material : Material
            Material of the body.

        Returns
        -------
        tuple of PlacedPart
            First the body, which is all magnet that is in no part, then the parts; no two share a cell.
        """
        return place_parts(self.parts, self, material)

    @final
    def saturation_magnetisation(self, material: Material) -> FloatArray:
        """Give the saturation magnetisation of every cell.

        Parameters
        ----------
        material : Material
            Material of the body; parts have theirs.

        Returns
        -------
        numpy.ndarray, shape (nx, ny, nz)
            In A/m; 0 outside the magnet.
        """
        values = self.relative_magnetisation()
        if not self.parts:
            return values * material.Ms
        for part in self.placed_parts(material):
            values[part.cells] *= part.material.Ms
        return values

    @final
    def local_anisotropy(self, material: Material) -> tuple[FloatArray, FloatArray] | None:
        """Give the uniaxial anisotropy of every cell, where it varies within a part.

        Parameters
        ----------
        material : Material
            Material of the body; parts have theirs.

        Returns
        -------
        tuple of two numpy.ndarray, shapes (nx, ny, nz) and (nx, ny, nz, 3), or None
            Ku in J/m3 and easy axes, unit vectors; outside the magnet 0 and +z. None where each part has
            one Ku and one axis.

        Raises
        ------
        ValueError
            If it should vary, but no part has a Ku.
        """
        factor, axes = self.relative_anisotropy(), self.easy_axes((0.0, 0.0, 1.0))
        if factor is None and axes is None:
            return None
        constant, direction = anisotropy_of_cells(self.placed_parts(material), self.easy_axes)
        if not constant.any():
            raise ValueError(
                f"the anisotropy of this {self.name_of_kind} varies from cell to cell, but Ku of material "
                f"{material.name!r} is 0, so that nothing would vary; give it a Ku"
            )
        return constant if factor is None else constant * factor, direction

    @final
    def terminal(self, name: str | None = None) -> AnyTerminal:
        """Find a terminal.

        Parameters
        ----------
        name : str, optional
            Which; not needed where there is only one.

        Returns
        -------
        InPlaneCurrent, HeavyMetal, ThroughPlane, StripLine or VoltageGate

        Raises
        ------
        ValueError
            If there is none of this name, or several and no name is given.
        """
        return find_terminal(self.terminals, name, self.name_of_kind)

    @final
    def warn_if_coarse(self, material: Material) -> None:
        """Warn if the cells are too large to resolve a material's textures.

        They have to be below the exchange length and the wall width parameter, as `geometries.cell_size` has it.

        Parameters
        ----------
        material : Material
            Material of the body; each part is judged by its own.

        Warns
        -----
        UserWarning
            If a cell is larger; the warning has by how much and what to do.
        """
        for each in (material, *(part.material_in(material) for part in self.parts)):
            warn_if_coarse(self.cell, self.shape, each)

    @final
    def rows(self) -> list[tuple[str, str]]:
        """Describe the device in a table.

        Returns
        -------
        list of (str, str)
            Quantities and their values as text; terminals only where they are not those that the family has anyway.
        """
        rows = [*self.family_rows(), *part_rows(self.parts)]
        if self.terminals != type(self).model_fields["terminals"].default:
            rows += [(f"terminal {terminal.name}", terminal.describe()) for terminal in self.terminals]
        return rows

    @final
    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the device from above, in nm, as it will be simulated: cell by cell.

        Parameters
        ----------
        ax : matplotlib.axes.Axes, optional
            Axes to draw on; by default a new figure, outside pyplot.

        Returns
        -------
        matplotlib.axes.Axes
            To scale unless it is very thin, with a legend above the drawing.
        """
        if ax is None:
            _, ax = drawing.figure_for(self.extent)
        handles: list[Artist] = list(self.draw(ax))
        handles += drawing.draw_parts(ax, self.parts, self.extent)
        if self.terminals != type(self).model_fields["terminals"].default:
            handles += drawing.draw_terminals(ax, self.terminals, self.extent)
        drawing.draw_legend(ax, handles)
        return ax

    @final
    def _repr_html_(self) -> str:
        figure, ax = drawing.figure_for(self.extent)
        self.plot(ax)
        return drawing.page(self.name_of_kind.capitalize(), self.rows(), figure, f"plan of the {self.name_of_kind}")

    def __str__(self) -> str:
        """Say in a line what the device is: its sizes, its cells and what it has, with units."""
        (_, size), (_, mesh), *others = self.rows()
        return ", ".join([f"{self.name_of_kind} {size}", mesh, *(f"{name}: {text}" for name, text in others)])
