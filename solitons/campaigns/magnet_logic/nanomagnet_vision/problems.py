"""Problems of quadratic optimisation, and the arrays of magnets on which they are mapped."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import numpy.typing as npt
from scipy import constants

from geometries import MagnetArray, Material
from geometries.magnet_logic import free_array
from runs import FieldSteps, RampTo
from solitons.campaigns.magnet_logic.nanomagnet_vision.images import SPACING, Segments, affinities, draw, edge_segments
from solitons.campaigns.magnet_logic.nanomagnet_vision.settings import Completion, Image, MaxCut, VisionMagnets
from solitons.magnet_logic import (
    CoupledMacrospins,
    array_ising,
    array_macrospins,
    binary_ising,
    coupling_residual,
    place_magnets,
)
from solitons.magnet_logic.ising import IsingArray
from solitons.magnet_logic.placement import Placement

__all__ = ["Mapped", "Problem", "clock", "contour_problem", "discs", "small_problem"]

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

COST = 0.5
"""What it costs to call a segment salient, in units of the affinity of two that continue each other well."""
_SMALL_BOX, _STARTS = 6.0, 20
_SEED = 1
_OFF_CELLS = 4.34
"""Cells of margin: a disc that is its own mirror image on the mesh can stay in a state that is no minimum."""


@dataclass(frozen=True, eq=False)
class Problem:
    """Problem for an array.

    `kind` is "contour", "max-cut" or "completion"; `ising` the energy over spins, without a unit; `held` (magnets,) 1
    or -1 where a spin is given, 0 where it is to be found. A contour has its picture, its segments, and which of them
    lie along the known contour (`truth`), if one is known; a completion has the stored `patterns` (patterns, magnets).
    """

    name: str
    kind: str
    ising: IsingArray
    held: npt.NDArray[np.int64]
    picture: Floats | None = None
    segments: Segments | None = None
    truth: Bools | None = None
    patterns: npt.NDArray[np.int64] | None = None

    @cached_property
    def answer_ising(self) -> IsingArray:
        """The same energy with fields that hold what is given."""
        hold = 2 * (np.abs(self.ising.couplings).sum(axis=1) + 1)
        return IsingArray(self.ising.couplings, np.broadcast_to(self.ising.fields, len(hold)) + hold * self.held)


def contour_problem(image: Image) -> Problem:
    """Problem of an image's salient segments: least energy sum 0.5 x_i - sum A_ij x_i x_j."""
    picture, contour = draw(image)
    segments = edge_segments(picture, image.segments)
    truth = None
    if contour is not None:
        apart = np.linalg.norm(segments.places[:, None] - contour[None], axis=-1)
        truth = (apart < SPACING / 2).any(axis=1)
    ising = binary_ising(affinities(segments), COST)
    held = np.zeros(image.segments, dtype=np.int64)
    return Problem(image.name, "contour", ising, held, picture=picture, segments=segments, truth=truth)


def small_problem(given: MaxCut | Completion) -> Problem:
    """A cut (J = -w, the first node held) or the completion of patterns (J = sum of xi xi, what is shown held)."""
    if isinstance(given, MaxCut):
        couplings = np.zeros((given.nodes, given.nodes))
        for one, other, weight in given.edges:
            couplings[one, other] = couplings[other, one] = -weight
        held = np.zeros(given.nodes, dtype=np.int64)
        held[0] = 1  # All spins turned over are the same cut.
        return Problem(given.name, "max-cut", IsingArray(couplings), held)
    values = {"#": 1, ".": -1, "?": 0}
    patterns = np.array([[values[each] for each in text.replace("/", "")] for text in given.patterns])
    couplings = (patterns.T @ patterns).astype(np.float64)
    np.fill_diagonal(couplings, 0.0)
    held = np.array([values[each] for each in given.shown.replace("/", "")])
    return Problem(given.name, "completion", IsingArray(couplings), held, patterns=patterns)


@dataclass(frozen=True, eq=False)
class Mapped:
    """A problem with the places of its magnets."""

    problem: Problem
    magnets: VisionMagnets
    material: Material
    placement: Placement

    @classmethod
    def of(cls, problem: Problem, magnets: VisionMagnets, material: Material) -> Mapped:
        """Look for places; contours have all axes along x, small problems any."""
        turned = problem.kind != "contour"
        wanted = problem.ising.couplings
        # Room for half of the segments in a line, and for the rest out of its way.
        box = (_SMALL_BOX, _SMALL_BOX) if turned else (len(wanted) / 2 + 1, len(wanted) / 3)
        if not wanted.any():
            # Nothing continues anything: magnets that hardly feel each other.
            places = np.stack(np.unravel_index(np.arange(len(wanted)), (5, 4)), axis=1) * [2.0, 1.6]
            return cls(problem, magnets, material, Placement(places, np.zeros(len(wanted)), 0.0))
        size = (magnets.length / magnets.pitch, (magnets.width if turned else magnets.length) / magnets.pitch)
        return cls(problem, magnets, material, _placed(wanted.astype(np.float64).tobytes(), box, turned, size))

    @cached_property
    def discs(self) -> MagnetArray:
        """The array of discs."""
        return discs(self.magnets, self.placement.places)

    def _ellipses(self, fields: npt.ArrayLike) -> MagnetArray:
        each = self.magnets
        return free_array(
            self.placement.places * each.pitch,
            length=each.length,
            width=each.width,
            thickness=each.thickness,
            cell=each.cell,
            angles=np.round(self.placement.angles, 6),
            fields=fields,
            margin=_OFF_CELLS * each.cell[0],
        )

    @cached_property
    def ellipses(self) -> MagnetArray:
        """The array of ellipses, each with the bias of its spin."""
        # Three digits: a run's id must not depend on the last digit of a search.
        return self._ellipses([float(f"{field:.3g}") for field in self.biases])

    @cached_property
    def macrospins(self) -> CoupledMacrospins:
        """The ellipses' stray fields, on which biases have no influence; at 0 K."""
        return array_macrospins(self._ellipses(0.0), self.material)

    @cached_property
    def _bare(self) -> IsingArray:
        return array_ising(self._ellipses(0.0), self.material, self.macrospins)

    @cached_property
    def disc_ising(self) -> IsingArray:
        """The Ising model of the discs, in J."""
        return array_ising(self.discs, self.material)

    @cached_property
    def scale(self) -> float:
        """Energy in J of the ellipses for one of the problem's, by least squares over all pairs."""
        wanted = self.problem.ising.couplings
        square = float(np.sum(wanted**2))
        return float(np.sum(self._bare.couplings * wanted)) / square if square else 0.0

    @cached_property
    def biases(self) -> Floats:
        """Field in A/m along each ellipse's axis: the problem's on the scale of the couplings, and what holds."""
        volume = np.pi / 4 * self.magnets.length * self.magnets.width * self.magnets.thickness
        moment = constants.mu_0 * self.material.Ms * volume
        scale = self.scale or 0.25 * moment * 5e3
        fields = np.broadcast_to(self.problem.ising.fields, len(self.problem.held)) * scale / moment
        return np.where(self.problem.held, self.problem.held * self.magnets.hold, fields)

    @cached_property
    def array_ising(self) -> IsingArray:
        """The Ising model of the ellipses, in J."""
        return array_ising(self.ellipses, self.material, self.macrospins)

    @cached_property
    def residual(self) -> float:
        """Residual of a contour's discs or a small problem's ellipses, with the stray fields of their cells."""
        wanted = self.problem.ising.couplings
        if not wanted.any():
            return 0.0
        array = self.disc_ising if self.problem.kind == "contour" else self._bare
        return coupling_residual(array.couplings, wanted)


@lru_cache(maxsize=256)
def _placed(couplings: bytes, box: tuple[float, float], turned: bool, size: tuple[float, float]) -> Placement:
    """Look for places by the problem's couplings alone: the search takes seconds, and campaigns are made anew often."""
    flat = np.frombuffer(couplings)
    count = math.isqrt(flat.size)
    found = place_magnets(flat.reshape(count, count), box=box, turned=turned, seed=_SEED, size=size, starts=_STARTS)
    for each in (found.places, found.angles):
        each.flags.writeable = False
    return found


def discs(magnets: VisionMagnets, places: npt.ArrayLike) -> MagnetArray:
    """Discs at places in pitches."""
    return free_array(
        np.asarray(places, dtype=np.float64) * magnets.pitch,
        length=magnets.length,
        thickness=magnets.thickness,
        cell=magnets.cell,
        margin=_OFF_CELLS * magnets.cell[0],
    )


def clock(magnets: VisionMagnets, bias: float) -> FieldSteps:
    """The fall of the perpendicular field, with a field in the plane (nearly along x) throughout."""
    fall = [
        RampTo(to=magnets.clock_field, elevation=np.pi / 2, field_steps=1),
        RampTo(to=0.0, elevation=np.pi / 2, field_steps=magnets.field_steps),
    ]
    # A little off the mesh's axis, so that no state is kept by the symmetry of the cells.
    return FieldSteps(static_field=[bias, 0.1 * bias, 0.0], steps=fall)
