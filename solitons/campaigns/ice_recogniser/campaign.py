"""The campaign of a spin ice that recognises patterns and remembers inputs: all of it in the reduced model."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field, field_validator, model_validator
from typing_extensions import override

from geometries import Material, SpinIce
from geometries.description import Description
from geometries.quantities import Angle, FieldStrength
from runs.engines import EngineName
from runs.spec import RunSpec
from solitons.campaigns.base import AbstractCampaign

__all__ = ["IceMemory", "IcePatterns", "IceRecogniserCampaign", "IceSwitching"]

PositiveField = Annotated[FieldStrength, Field(gt=0)]
Amplitudes = Annotated[tuple[PositiveField, ...], Field(min_length=1)]
Seed = Annotated[int, Field(ge=0)]
Count = Annotated[int, Field(ge=1)]
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
        The couplings are those of dumbbells all the same, since they belong to a lattice.
    anisotropy_field : float or str
        h_k in A/m, the scale of the astroid; left out with a fitted model, as the next two.
    b, c, beta, gamma : float
        Shape of the astroid, see `solitons.spin_ice.SwitchingAstroid`.
    source : str
        Where the numbers come from; the summary says it.
    spread : float
        Standard deviation of h_k from island to island, over h_k.
    charge_distance : float
        Distance of the charges of an island, of which its field comes, over its length.
    seed : int
        Of the spread.

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
        Of the field from x, in rad. The ice starts saturated along it.
    amplitudes : sequence of float or str
        Fields in A/m, against the start, that set off the cascade; the best is chosen on
        training images only.
    steps : int
        Equal steps in which the field rises.
    read_outs : sequence of int
        How many read-out islands the linear read-out gets, for the comparison over their
        number; all of them come last by themselves.
    folds, repeats : int
        Of the cross-validation.
    seed : int
        Of its splits, the random features, and the choice of fewer read-outs.
    """

    threshold: Annotated[float, Field(gt=0, lt=1)] = 0.5
    angle: Angle
    amplitudes: Amplitudes
    steps: Count = 8
    read_outs: tuple[Count, ...] = ()
    folds: Annotated[int, Field(ge=2)] = 5
    repeats: Count = 2
    seed: Seed = 0


class IceMemory(Description):
    """How inputs that come one after another are given to the ice, and what is measured of its memory.

    An input u between -1 and 1 is a field of one strength at the angle `angle` + u pi / 2,
    which is then taken away.

    Parameters
    ----------
    angle : float or str
        Of the field for u = 0, from x, in rad.
    amplitudes : sequence of float or str
        Strengths of the field in A/m.
    spreads : sequence of float
        Spreads of h_k; each takes the place of the switching's.
    samples : int
        Lattices for each amplitude and spread, each with seeds of its own for h_k and for its inputs.
    inputs : int
        Length of the series for the capacities.
    longest_delay : sequence of int
        Longest delays of the capacities of degree 1, 2, ...
    read_outs : int
        How many read-out islands are used.
    streams, stream_length, common : int
        For the ranks: streams, inputs of each, and how many of them at the end are the
        same for the generalisation rank.
    washout : int
        Inputs before the capacities are measured.
    seed : int
        Of inputs, streams and the choice of read-outs.
    """

    angle: Angle
    amplitudes: Amplitudes
    spreads: Annotated[tuple[Spread, ...], Field(min_length=1)]
    samples: Annotated[int, Field(ge=2)] = 3
    inputs: Count = 3000
    longest_delay: Annotated[tuple[Annotated[int, Field(ge=1)], ...], Field(min_length=2)] = (15, 6, 4)
    read_outs: Count = 100
    streams: Count = 150
    stream_length: Count = 10
    common: Count = 4
    washout: Count = 50
    seed: Seed = 0

    @model_validator(mode="after")
    def _can_be_measured(self) -> IceMemory:
        if self.common >= self.stream_length:
            raise ValueError(
                f"common = {self.common} inputs at the end of streams of {self.stream_length} leave none to differ in; "
                "make the streams longer"
            )
        if self.streams <= self.read_outs:
            raise ValueError(
                f"streams = {self.streams} bound the rank of {self.read_outs} read-outs; take more streams than those"
            )
        # Before the longest delay there is no past input to remember.
        start = max(self.washout, *self.longest_delay)
        if self.inputs - start < 4 * self.read_outs:
            what = (
                f"washout = {self.washout}" if start == self.washout else f"longest_delay = {list(self.longest_delay)}"
            )
            raise ValueError(
                f"inputs = {self.inputs}, of which {what} takes {start}, are too few for the capacities of "
                f"{self.read_outs} read-outs, four for each; give at least {start + 4 * self.read_outs} inputs, or "
                "take less of them"
            )
        return self


class IceRecogniserCampaign(AbstractCampaign):
    """A spin ice as a recogniser and as a memory.

    Parameters
    ----------
    name, title, engine
        As in `AbstractCampaign`; no engine is used.
    device : SpinIce
        The ice, with one driven port, whose islands are written, and read-out ports.
    material : Material
        What its islands are made of.
    switching : IceSwitching
        The reduced model's parameters.
    patterns : IcePatterns
        The recogniser.
    memory : IceMemory
        The memory.

    Raises
    ------
    pydantic.ValidationError
        If a field is wrong, a sweep is asked for, the device has not one driven port
        of 64 islands or no read-out port, or fewer read-out islands than are asked for.
    """

    has_runs: ClassVar[bool] = False

    kind: Literal["ice_recogniser"] = "ice_recogniser"
    device: SpinIce
    material: Material
    switching: IceSwitching
    patterns: IcePatterns
    memory: IceMemory

    @field_validator("sweep")
    @classmethod
    def _has_no_runs(cls, value: tuple[object, ...]) -> tuple[object, ...]:
        if value:
            raise ValueError("sweep is of micromagnetic runs, of which this kind of campaign has none; leave it out")
        return value

    @model_validator(mode="after")
    def _can_be_read(self) -> IceRecogniserCampaign:
        sites = self.device.port_sites()
        driven = [len(sites[port.name]) for port in self.device.ports if port.role == "driven"]
        if driven != [PIXELS]:
            counts = ", ".join(map(str, driven)) or "none"
            raise ValueError(
                f"device.ports must have one driven port with {PIXELS} islands, one for each pixel; the driven ports "
                f"have {counts}"
            )
        available = sum(len(sites[port.name]) for port in self.device.ports if port.role == "readout")
        if not available:
            raise ValueError("device.ports has no port with role 'readout', so that there is nothing to read; add one")
        wanted = max(self.memory.read_outs, *self.patterns.read_outs, 1)
        if wanted > available:
            raise ValueError(f"{wanted} read-outs are asked for; the device's read-out ports have {available} islands")
        return self

    @override
    def specs(self, engine: EngineName) -> dict[tuple[float, ...], RunSpec]:
        return {}


PIXELS = 64
"""Of scikit-learn's digits."""
