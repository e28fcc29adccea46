"""Skyrmion tracks: film in which currents move skyrmions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, final

import numpy as np
import numpy.typing as npt

from geometries.anisotropy import AnisotropyGradient, Grains, relative_anisotropy, tilted_axes
from geometries.anisotropy_drawing import anisotropy_rows, draw_grains
from geometries.description import PositiveLength
from geometries.device import AbstractDevice
from geometries.drawing import size_text
from geometries.materials import Material
from geometries.outlines.checks import check_cell
from geometries.outlines.notches import AnyNotch, Notch
from geometries.outlines.roughness import EdgeRoughness
from geometries.outlines.rows import outline_rows
from geometries.sizes import check_mesh
from geometries.skyrmions import drawing
from geometries.skyrmions.paths import AnyPath, ChamberPath, StraightPath
from geometries.skyrmions.placement import Place, Room, check_apart, check_places, places_of
from geometries.skyrmions.profiles import superpose
from geometries.skyrmions.shape import Shape, current_paths_of, magnet_of, middle_coordinates
from geometries.skyrmions.skyrmions import AnySkyrmions, Skyrmion, SkyrmionTrain
from geometries.terminals import AnyTerminal, HeavyMetal

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

__all__ = ["SkyrmionTrack"]

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]


@final
class SkyrmionTrack(AbstractDevice):
    """A track of perpendicular film with skyrmions in it.

    The corner of the box around the track is at the origin; its path begins at the left, along
    x. Cells form a regular mesh, and a cell is magnet if its centre is inside the
    outline. Barriers are notches, or parts with another anisotropy, Dzyaloshinskii-Moriya
    interaction or Ms.

    Parameters
    ----------
    path : StraightPath, CurvedPath, ForkedPath or ChamberPath
        The way that it takes, distinguished by ``kind``: "straight", "curved", "fork" (a Y) or
        "chambers".
    width, thickness : float
        In m; `width` belongs to a chamber, and with rough edges to the box around them.
    cell : tuple of three floats
        Size of a cell along x, y and z, in m; each divides the thickness, and the length and width
        of a path along x.
    notches : tuple of Notch or PeriodicNotches
        Bites out of the edges, at positions along the path; in a fork each arm has them.
    edge_roughness : EdgeRoughness, optional
        Random edges, from a seed.
    anisotropy_gradient : AnisotropyGradient, optional
        A uniaxial anisotropy that changes along the track.
    grains : Grains, optional
        Grains of a polycrystalline film, from a seed.
    skyrmions : tuple of Skyrmion, SkyrmionTrain or PackedSkyrmions
        Skyrmions of the initial magnetisation.
    background : {1, -1}
        Sign of m_z between them.
    parts : tuple of Part
        As in `AbstractDevice`.
    terminals : tuple of terminals
        As in `AbstractDevice`; a heavy metal with a current along +x under everything, named
        "current", if left out. Along a bend or a fork the current goes with
        ``along_path: true``. A point contact is a `ThroughPlane` in a window.

    Raises
    ------
    pydantic.ValidationError
        If a size is not above 0 or no length, a cell does not divide the track, a notch is
        outside it, it is cut in two, a skyrmion is outside, over an edge, on another one,
        smaller than a cell or of another polarity than the background asks for, or a key is
        unknown.

    Examples
    --------
    >>> track = SkyrmionTrack(
    ...     path={"kind": "straight", "length": "256 nm"}, width="96 nm", thickness="1 nm",
    ...     cell=("2 nm", "2 nm", "1 nm"), skyrmions=[{"position": ("64 nm", "48 nm"), "radius": "12 nm"}],
    ... )
    >>> track.shape
    (128, 48, 1)
    >>> print(track)
    skyrmion track 256 nm x 96 nm x 1 nm, 128 x 48 x 1 cells of 2 nm x 2 nm x 1 nm,
    path: straight, 256 nm, width: 96 nm, skyrmions: a skyrmion of radius 12 nm, background: up
    """

    kind: Literal["skyrmion_track"] = "skyrmion_track"
    path: AnyPath
    width: PositiveLength
    thickness: PositiveLength
    notches: tuple[AnyNotch, ...] = ()
    edge_roughness: EdgeRoughness | None = None
    anisotropy_gradient: AnisotropyGradient | None = None
    grains: Grains | None = None
    skyrmions: tuple[AnySkyrmions, ...] = ()
    background: Literal[1, -1] = 1
    terminals: tuple[AnyTerminal, ...] = (HeavyMetal(name="current"),)

    @classmethod
    def example(cls) -> SkyrmionTrack:
        """Give a small track with two kinds of skyrmions, a notch, rough edges, a gradient and grains."""
        return cls(
            path=StraightPath(length=256e-9),
            width=96e-9,
            thickness=1e-9,
            cell=(4e-9, 4e-9, 1e-9),
            notches=(Notch(position=200e-9, depth=12e-9, width=24e-9),),
            edge_roughness=EdgeRoughness(rms=1e-9, correlation_length=15e-9, seed=1),
            anisotropy_gradient=AnisotropyGradient(last=0.95),
            grains=Grains(size=20e-9, anisotropy_spread=0.05, axis_spread=0.05, seed=1),
            skyrmions=(
                Skyrmion(position=(40e-9, 48e-9), radius=16e-9, kind="skyrmionium", width=4e-9),
                SkyrmionTrain(first=(90e-9, 48e-9), spacing=40e-9, count=2, radius=12e-9, width=4e-9),
            ),
        )

    def check(self) -> None:
        """Refuse a track that cannot be made or meshed, or skyrmions that have no place in it."""
        if isinstance(self.path, (StraightPath, ChamberPath)):
            check_cell((self.path.length, self.width, self.thickness), self.cell)
        else:
            # Along x and y a bend is drawn in whole cells.
            check_cell((self.cell[0], self.cell[1], self.thickness), self.cell)
        check_mesh(self.shape, self.cell)
        self._outline.check()
        if self.grains is not None:
            self.grains.check(self.extent[:2])
            if self.grains.biased:
                raise ValueError("a skyrmion_track takes no grains.exchange_bias; leave it out, or give a stripe")
        check_places(self.skyrmions, self._places(), self._room(), self.background, max(self.cell[:2]))

    @property
    def shape(self) -> tuple[int, int, int]:
        """Number of cells along x, y and z."""
        (nx, ny), _ = self._outline.box()
        return nx, ny, round(self.thickness / self.cell[2])

    @property
    def length(self) -> float:
        """Along its middle in m; of a fork, of the stem."""
        last = self.path.chains()[0][-1]
        return last.before + last.length

    @property
    def _outline(self) -> Shape:
        return Shape.model_construct(
            path=self.path,
            width=self.width,
            cell=self.cell[:2],
            notches=self.notches,
            edge_roughness=self.edge_roughness,
        )

    def mask(self) -> BoolArray:
        """Tell which cells are magnet.

        Returns
        -------
        numpy.ndarray of bool, shape (nx, ny, nz)
            True where the centre of the cell is inside the outline.
        """
        return np.repeat(magnet_of(self._outline)[:, :, None], self.shape[2], axis=2)

    def _room(self) -> Room:
        return Room(magnet_of(self._outline), self.cell[:2])

    def _places(self) -> list[Place]:
        return places_of(self.skyrmions, self._room(), self.extent[:2])

    def initial_magnetisation(self, material: Material) -> FloatArray:
        """Build the magnetisation that a simulation starts from.

        Skyrmions with the profile of `geometries.skyrmions.profiles.superpose` in a uniform film; a
        relaxation turns them into the true texture.

        Parameters
        ----------
        material : Material
            Gives the skyrmions the wall width and the helicity that they leave open.

        Returns
        -------
        numpy.ndarray, shape (nx, ny, nz, 3)
            Unit vectors; NaN outside the magnet.

        Raises
        ------
        ValueError
            If the walls of two overlap in this material, or a skyrmion without a width is put into a
            material that magnetises in its plane.
        """
        places = self._places()
        textures = [place.described.texture_in(material, place.centre, self.background) for place in places]
        check_apart(places, textures)
        x, y, _ = self.cell_centres()
        plane = superpose(x, y, textures, self.background)
        return np.where(self.mask()[..., None], plane[:, :, None, :], np.nan)

    def relative_anisotropy(self) -> FloatArray | None:
        """Give Ku over the material's: the gradient's factor times the grains'."""
        return relative_anisotropy(self.anisotropy_gradient, self.grains, self)

    def easy_axes(self, axis: tuple[float, float, float]) -> FloatArray | None:
        """Give the easy axis of every cell of a material with an axis: its grain's."""
        return tilted_axes(self.grains, axis, self)

    def current_paths(self) -> FloatArray | None:
        """Give the way of a current along the track, times its density over that at the beginning.

        In a bend the current goes around its centre with a density proportional to 1 / r, as in
        an even conductor; each branch of a fork has half of the stem's density. What notches and channels do
        to it is left out. None of a straight track and of chambers.
        """
        if isinstance(self.path, (StraightPath, ChamberPath)):
            return None
        return current_paths_of(self._outline)

    def along_middle(self, places: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
        """Give places by the middle of a straight or curved track.

        Parameters
        ----------
        places : array_like, shape (..., 2)
            x and y in m.

        Returns
        -------
        coordinates : numpy.ndarray, shape (..., 2)
            The length along the middle, from the track's beginning, and the distance from the edge on its right, in
            m; x and y themselves of a straight track. Before the beginning and beyond the end they go on straight.
        angle : numpy.ndarray, shape (...,)
            Direction of the track there, in rad from +x.

        Raises
        ------
        ValueError
            If the track is a fork, which has no single middle.
        """
        return middle_coordinates(self._outline, places)

    def grain_numbers(self) -> npt.NDArray[np.int64]:
        """Number the grain of each column of cells, shape (nx, ny).

        Raises
        ------
        ValueError
            If the track has no grains.
        """
        if self.grains is None:
            raise ValueError('this track has no grains; give it some, such as {"size": "15 nm", "seed": 1}')
        x, y, _ = self.cell_centres()
        return self.grains.numbers(x, y, self.extent[:2])

    def family_rows(self) -> list[tuple[str, str]]:
        """List what there is to report about the track; see `AbstractDevice`."""
        rows = [("size", size_text(*self.extent)), ("mesh", self.mesh_text), ("path", self.path.describe())]
        rows.append(("width", size_text(self.width)))
        rows += outline_rows(self._outline.profile(0, self.extent[0]), self.notches)
        rows += anisotropy_rows(self.anisotropy_gradient, self.grains)
        rows += drawing.skyrmion_rows(self.skyrmions, self._places(), self.background)
        return rows

    def draw(self, ax: Axes) -> list[Artist]:
        """Draw the track with its grains and skyrmions; see `AbstractDevice`."""
        handles = super().draw(ax)
        if self.grains is not None:
            draw_grains(ax, self.grain_numbers(), magnet_of(self._outline), self.cell)
        return handles + drawing.draw_skyrmions(ax, self._places())
