"""The campaign of a stripe: a base run, the axes that are swept, what to extract and what to fit."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, field_validator, model_validator
from typing_extensions import override

from geometries.description import Description
from geometries.quantities import CurrentDensity, FieldStrength, ResistanceArea
from runs.engines import EngineName
from runs.spec import RunSpec
from solitons.campaigns.base import AbstractCampaign, swept_specs

__all__ = ["Campaign", "Digits", "Extract", "Fit"]


class Extract(Description):
    """What is read off a run: its walls, and a tunnel junction over the read-out window.

    Parameters
    ----------
    resistance_area : float or str
        Resistance-area product of the junction in the parallel state, in ohm m2.
    tmr : float
        Tunnel magnetoresistance ratio (R_AP - R_P) / R_P, such as 1.5.
    polariser : three of float
        Direction of the junction's fixed layer.
    """

    resistance_area: Annotated[ResistanceArea, Field(gt=0)]
    tmr: Annotated[float, Field(gt=0)]
    polariser: tuple[float, float, float] = (0.0, 0.0, 1.0)

    @field_validator("polariser")
    @classmethod
    def _points_somewhere(cls, value: tuple[float, float, float]) -> tuple[float, float, float]:
        if not any(value):
            raise ValueError("polariser = (0, 0, 0) has no direction; give one, such as [0, 0, 1]")
        return value


class Fit(Description):
    """How the reduced-order model is fitted.

    Parameters
    ----------
    held_out : int
        How many runs the fit does not see; it predicts them afterwards.
    seed : int
        Seed that chooses them.
    knots : int
        Control values of a pinning landscape along the stripe that is fitted too.
    """

    held_out: Annotated[int, Field(ge=1)]
    seed: Annotated[int, Field(ge=0)] = 0
    knots: Annotated[int, Field(ge=0)] = 0


class Digits(Description):
    """The network that reads handwritten digits with the fitted devices.

    Parameters
    ----------
    pulse_amplitude : float or str
        Current density of the programming pulses in A/m2.
    neuron_bias : float or str
        Field that drives a neuron's wall back (its leak), in A/m.
    seed : int
        Seed of the test split and of the write errors.
    """

    seed: Annotated[int, Field(ge=0)] = 0
    pulse_amplitude: Annotated[CurrentDensity, Field(gt=0)] | None = None
    neuron_bias: Annotated[FieldStrength, Field(ge=0)] | None = None


def _read_base(value: Any) -> Any:
    if isinstance(value, RunSpec):
        return value.model_dump(mode="json")
    return value


class Campaign(AbstractCampaign):
    """Runs of a stripe's wall, and the synapse and neuron that are fitted to it.

    Parameters
    ----------
    name, title, engine
        As in `AbstractCampaign`.
    base : RunSpec or mapping
        The run from which the others differ in the swept fields. Its own engine
        is replaced by the campaign's.
    sweep : sequence of Axis
        The swept parameters; runs are their outer product.
    extract : Extract
        What is read off each run.
    fit : Fit
        How the model is fitted.
    digits : Digits, optional
        The network at the end; left out if None.

    Raises
    ------
    pydantic.ValidationError
        If a field is wrong, or a combination of swept values makes no valid run:
        the error names the axis, the value and the field.
    """

    kind: Literal["synapse"] = "synapse"
    base: Annotated[dict[str, Any], BeforeValidator(_read_base)]
    extract: Extract
    fit: Fit
    digits: Digits | None = None

    @model_validator(mode="after")
    def _check_runs(self) -> Campaign:
        runs = len(self.specs("native"))
        if self.fit.held_out >= runs:
            raise ValueError(
                f"fit.held_out = {self.fit.held_out}, but the sweep has {runs} run(s); leave at least one to fit on"
            )
        return self

    @override
    def specs(self, engine: EngineName) -> dict[tuple[float, ...], RunSpec]:
        return swept_specs(self.base, self.sweep, engine)
