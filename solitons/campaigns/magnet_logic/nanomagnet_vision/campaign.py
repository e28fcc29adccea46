"""The campaign of recognition by energy: images and small problems on arrays of nanomagnets."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, final

import numpy as np
from pydantic import Field, model_validator
from typing_extensions import override

from geometries import Material
from geometries.quantities import PureNumber, Temperature
from runs import RunSpec
from solitons.campaigns.framework.base import AbstractCampaign, LabelledRun
from solitons.campaigns.magnet_logic.nanomagnet_vision.parts import ALONE, CALIBRATED, PAIR, Part
from solitons.campaigns.magnet_logic.nanomagnet_vision.results import VisionResults
from solitons.campaigns.magnet_logic.nanomagnet_vision.settings import Completion, Image, MaxCut, VisionMagnets
from solitons.figures import value_label

if TYPE_CHECKING:
    from solitons.campaigns.magnet_logic.nanomagnet_vision.problems import Mapped, Problem

__all__ = ["VisionCampaign"]

_CALIBRATED = 5
"""Biases at which a disc alone, and a pair, are computed."""
_RANGE = 0.5
"""Over how much of the bias that is used."""


@final
class VisionCampaign(AbstractCampaign[Part, VisionResults]):
    """Problems of quadratic optimisation that arrays of nanomagnets answer by falling to a state of little energy.

    Parameters
    ----------
    name, title, engine
        As in `AbstractCampaign`.
    images : sequence of Image
        Images to search for salient contours.
    cuts, completions : sequence of MaxCut and of Completion
        Small problems, on ellipses.
    magnets : VisionMagnets
        Sizes, and the field that falls.
    material : Material
        Material of all magnets, without an anisotropy of its own.
    temperature : float
        Temperature of the coupled macrospins, in K; the micromagnetic runs are without heat.
    ellipse_images : sequence of str
        Names of images that are computed with ellipses too.
    largest_residual : float
        Largest residual of an array's couplings, from 0 to 1, before a problem is refused.
    further : int
        Further drawn images, which only the models see; as the first drawn one, with other seeds. Those whose arrays
        leave more than `largest_residual` are left out and counted.
    seed : int
        Seed of annealing, shuffles and heat.

    Raises
    ------
    pydantic.ValidationError
        If a field is wrong, or two problems share a name.
    """

    references: ClassVar[tuple[str, ...]] = (
        "The nanomagnet array that finds salient edges, read as vortex or single domain, with more than 85 % true "
        "positives: S. Bhanja, D. K. Karunaratne, R. Panchumarthy, S. Rajaram and S. Sarkar, Nature Nanotech. 11, 177 "
        "(2016).",
        "Vortex and single domain in discs: R. P. Cowburn, D. K. Koltsov, A. O. Adeyeye, M. E. Welland and D. M. "
        "Tricker, Phys. Rev. Lett. 83, 1042 (1999); S.-H. Chung, R. D. McMichael, D. T. Pierce and J. Unguris, Phys. "
        "Rev. B 81, 024410 (2010).",
        "Contours among elements of random directions: D. J. Field, A. Hayes and R. F. Hess, Vision Res. 33, 173 "
        "(1993).",
        "Stored patterns: J. J. Hopfield, PNAS 79, 2554 (1982). Annealing: S. Kirkpatrick, C. D. Gelatt and M. P. "
        "Vecchi, Science 220, 671 (1983).",
    )
    results_class: ClassVar[type[VisionResults]] = VisionResults
    verdict_meanings: ClassVar[Mapping[str, str]] = {
        "trusted": "In every problem the magnets end in the exact minimum, as closely as this campaign asks.",
        "limited": "The magnets solve some problems and not others:",
        "failed": "The magnets solve none of the problems; what they found is withheld.",
    }

    kind: Literal["nanomagnet_vision"] = "nanomagnet_vision"
    images: Annotated[tuple[Image, ...], Field(min_length=1, max_length=20)]
    cuts: Annotated[tuple[MaxCut, ...], Field(max_length=10)] = ()
    completions: Annotated[tuple[Completion, ...], Field(max_length=10)] = ()
    magnets: VisionMagnets
    material: Material
    temperature: Annotated[Temperature, Field(ge=0)] = 300.0
    ellipse_images: tuple[str, ...] = ()
    largest_residual: Annotated[PureNumber, Field(gt=0, lt=1)] = 0.4
    further: Annotated[int, Field(ge=0, le=200)] = 0
    seed: Annotated[int, Field(ge=0, lt=2**31)] = 0

    @model_validator(mode="after")
    def _can_be_told_apart(self) -> VisionCampaign:
        kinds = (self.images, self.cuts, self.completions)
        names = [each.name for several in kinds for each in several]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise ValueError(f"two problems are named {twice!r}; give each a name of its own")
        unknown = set(self.ellipse_images) - {image.name for image in self.images}
        if unknown:
            raise ValueError(f"ellipse_images has {sorted(unknown)}, and no image has such a name")
        if self.material.Ku:
            raise ValueError(
                f"material.Ku = {value_label(self.material.Ku, 'J/m^3')}: the magnets' anisotropy is that of their "
                "shape; leave Ku out"
            )
        if self.further and not any(image.source == "contour" for image in self.images):
            raise ValueError(f"further = {self.further} needs an image with source = 'contour' to draw others like it")
        return self

    @cached_property
    def mapped(self) -> dict[str, Mapped]:
        """All problems on their magnets, by name: images first."""
        from solitons.campaigns.magnet_logic.nanomagnet_vision.problems import Mapped, contour_problem, small_problem

        problems = [
            *map(contour_problem, self.images),
            *map(small_problem, self.cuts),
            *map(small_problem, self.completions),
        ]
        return {problem.name: Mapped.of(problem, self.magnets, self.material) for problem in problems}

    def further_problems(self) -> list[Problem]:
        """The further images that only the models see."""
        from solitons.campaigns.magnet_logic.nanomagnet_vision.problems import contour_problem

        drawn = next((image for image in self.images if image.source == "contour"), None)
        if drawn is None:
            return []
        first = 1 + max(image.seed for image in self.images)
        return [
            contour_problem(drawn.model_copy(update={"seed": seed, "name": f"further {seed}"}))
            for seed in range(first, first + self.further)
        ]

    @override
    def check(self) -> None:
        # An image that cannot be drawn is met here, before places are searched and not in the analysis after all runs.
        from solitons.campaigns.magnet_logic.nanomagnet_vision.problems import contour_problem

        for image in self.images:
            contour_problem(image)
        self.further_problems()
        for name, mapped in self.mapped.items():
            if mapped.residual > self.largest_residual:
                raise ValueError(
                    f"{name!r}: the array cannot express the problem: with the best places that were found its "
                    f"couplings leave a residual of {mapped.residual:.2f}, above largest_residual = "
                    f"{self.largest_residual:g}; use fewer magnets or a graph that lies better in a plane, or raise "
                    "the limit and see the residual in the report"
                )

    @override
    def labelled_runs(self, engine: str) -> tuple[LabelledRun[Part], ...]:
        """The calibrations, the images on discs and some on ellipses, the small problems on ellipses."""
        from solitons.campaigns.magnet_logic.nanomagnet_vision.problems import clock, discs

        magnets, found = self.magnets, []

        def add(part: Part, device: Any, bias: float) -> None:
            spec = RunSpec(device=device, material=self.material, protocol=clock(magnets, bias), engine=engine)
            found.append(LabelledRun(spec, part))

        for name, least in ((ALONE, 1.0), (PAIR, 0.5)):
            places = CALIBRATED[name]
            for share in np.linspace(least, least + _RANGE, _CALIBRATED).round(3).tolist():
                bias = float(f"{share * magnets.bias:.6g}")
                add(Part(name, "discs", bias), discs(magnets, places), bias)
        for name, mapped in self.mapped.items():
            if mapped.problem.kind == "contour":
                add(Part(name, "discs"), mapped.discs, magnets.bias)
            if mapped.problem.kind != "contour" or name in self.ellipse_images:
                # Nothing but the ellipses' own biases: as small a field as a protocol may have.
                add(Part(name, "ellipses"), mapped.ellipses, 0.0)
        return tuple(found)
