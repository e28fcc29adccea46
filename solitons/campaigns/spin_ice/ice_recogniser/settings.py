"""The settings of a recogniser's campaign: how islands switch, how patterns are written, what memory is measured."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from geometries.description import Description
from geometries.quantities import Angle, FieldStrength
from solitons.reservoirs.memory import MemorySettings

__all__ = ["IceMemory", "IcePatterns", "IceSwitching"]

PositiveField = Annotated[FieldStrength, Field(gt=0)]
Amplitudes = Annotated[tuple[PositiveField, ...], Field(min_length=1)]
Seed = Annotated[int, Field(ge=0, lt=2**31)]
Count = Annotated[int, Field(ge=1, le=10_000)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Spread = Annotated[float, Field(ge=0, lt=1, allow_inf_nan=False)]


class IceSwitching(Description):
    """When a field reverses an island, and what the islands feel of each other.

    Either numbers with their source, or the file of a fitted model.

    Parameters
    ----------
    fitted_model : str, optional
        A `MacrospinLattice` that was saved (as ``lattice.json`` of a campaign that fits one), of
        islands of the same size and moment: its astroid, and the mean of its h_k, are taken.
        The couplings are nevertheless of dumbbells, since they belong to a lattice.
    anisotropy_field : float or str
        h_k in A/m, the scale of the astroid; left out with a fitted model, as the next two.
    b, c, beta, gamma : float
        Shape of the astroid, see `solitons.spin_ice.SwitchingAstroid`.
    source : str
        Source of the numbers; the summary names it.
    spread : float
        Standard deviation of h_k from island to island, over h_k.
    charge_distance : float
        Distance of the charges that make an island's field, over its length.
    seed : int
        Seed of the spread.

    Raises
    ------
    pydantic.ValidationError
        If a number is missing, or one is given beside a fitted model.
    """

    fitted_model: Annotated[str, Field(min_length=1)] | None = None
    anisotropy_field: PositiveField | None = None
    b: Positive | None = None
    c: Positive | None = None
    beta: Positive | None = None
    gamma: Positive | None = None
    source: Annotated[str, Field(min_length=1)] | None = None
    spread: Spread = 0.0
    charge_distance: Annotated[float, Field(gt=0, le=1)] = 1.0
    seed: Seed = 0

    @model_validator(mode="after")
    def _from_one_source(self) -> IceSwitching:
        numbers = ("anisotropy_field", "b", "c", "beta", "gamma", "source")
        given = [name for name in numbers if getattr(self, name) is not None]
        if self.fitted_model is None and len(given) < len(numbers):
            missing = ", ".join(name for name in numbers if name not in given)
            raise ValueError(f"switching lacks {missing}; give them, or the file of a fitted model in fitted_model")
        if self.fitted_model is not None and given:
            raise ValueError(
                f"switching has fitted_model = {self.fitted_model!r} and {', '.join(given)} beside it, which come from "
                "that file; leave the one or the others out"
            )
        return self


class IcePatterns(Description):
    """How patterns are written into the ice and read off it.

    The patterns are scikit-learn's handwritten digits, 8 by 8 pixels, one for each island
    of the device's driven port, row by row from the upper left.

    Parameters
    ----------
    threshold : float
        Grey level between 0 and 1 above which a pixel is bright.
    angle : float or str
        Angle of the field from x, in rad. The ice starts saturated along it.
    amplitudes : sequence of float or str
        Fields in A/m, against the start, that set off the cascade; the best is chosen on
        training images only.
    steps : int
        Equal steps in which the field rises.
    read_outs : sequence of int
        How many read-out islands the linear read-out gets, for the comparison over their
        number; all of them come last by themselves.
    folds, repeats : int
        Folds and repeats of the cross-validation.
    seed : int
        Seed of its splits, the random features, and the choice of fewer read-outs.
    """

    threshold: Annotated[float, Field(gt=0, lt=1)] = 0.5
    angle: Angle
    amplitudes: Amplitudes
    steps: Count = 8
    read_outs: tuple[Count, ...] = ()
    folds: Annotated[int, Field(ge=2, le=10_000)] = 5
    repeats: Count = 2
    seed: Seed = 0


class IceMemory(MemorySettings):
    """How inputs that come one after another are given to the ice, and what is measured of its memory.

    An input u between -1 and 1 is a field of one strength at the angle `angle` + u pi / 2,
    which is then taken away.

    Parameters
    ----------
    angle : float or str
        Angle of the field for u = 0, from x, in rad.
    amplitudes : sequence of float or str
        Strengths of the field in A/m.
    spreads : sequence of float
        Spreads of h_k; each takes the place of the switching's.
    samples : int
        Lattices for each amplitude and spread, each with seeds of its own for h_k and for its inputs.
    inputs, longest_delay, read_outs, streams, stream_length, common, washout, seed
        As in `solitons.reservoirs.MemorySettings`.
    """

    angle: Angle
    amplitudes: Amplitudes
    spreads: Annotated[tuple[Spread, ...], Field(min_length=1)]
    samples: Annotated[int, Field(ge=2, le=1000)] = 3
