"""Rates of junctions that flip by chance, as campaigns take them: numbers with their source, or a fitted model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field, model_validator

from geometries.description import Description
from geometries.quantities import CurrentDensity, PureNumber, Temperature

if TYPE_CHECKING:
    from solitons.junctions import SwitchingRates

__all__ = ["JunctionRates"]


class JunctionRates(Description):
    """Rates of a junction: numbers with their source, or the file of a fitted model.

    Parameters
    ----------
    fitted_model : str, optional
        A saved `StochasticBinarySynapse` or `SwitchingRates`, such as ``synapse.json`` of a campaign ``mtj_switching``.
    attempt_rate : float
        f_0 in 1/s; left out with a fitted model, as the next ones.
    stability : float
        Barrier over k T at `temperature`.
    critical_current : float or str
        In A/m2.
    exponent : float
        Exponent of the barrier under a current.
    temperature : float or str
        In K.
    source : str
        Source of the numbers; the report states it.

    Raises
    ------
    pydantic.ValidationError
        If a number is missing, or one is given beside a fitted model.
    """

    fitted_model: Annotated[str, Field(min_length=1)] | None = None
    attempt_rate: Annotated[float, Field(ge=1e3, le=1e15, allow_inf_nan=False)] | None = None
    stability: Annotated[PureNumber, Field(gt=0, le=300)] | None = None
    critical_current: Annotated[CurrentDensity, Field(gt=0)] | None = None
    exponent: Annotated[PureNumber, Field(ge=0.3, le=4)] = 2.0
    temperature: Annotated[Temperature, Field(gt=0)] = 300.0
    source: Annotated[str, Field(min_length=1)] | None = None

    @model_validator(mode="after")
    def _from_one_source(self) -> JunctionRates:
        numbers = ("attempt_rate", "stability", "critical_current", "source")
        given = [name for name in numbers if getattr(self, name) is not None]
        if self.fitted_model is None and len(given) < len(numbers):
            missing = ", ".join(name for name in numbers if name not in given)
            raise ValueError(f"junction lacks {missing}; give them, or the file of a fitted model in fitted_model")
        if self.fitted_model is not None and given:
            raise ValueError(
                f"junction has fitted_model = {self.fitted_model!r} and {', '.join(given)} beside it, which come from "
                "that file; leave the one or the others out"
            )
        return self

    def rates(self) -> SwitchingRates:
        """The rates; ValueError if the file of a fitted model is no junction's."""
        from solitons.junctions import StochasticBinarySynapse, SwitchingRates
        from solitons.models.loading import load_model_of

        if self.fitted_model is None:
            assert self.attempt_rate is not None
            assert self.stability is not None
            assert self.critical_current is not None
            return SwitchingRates(
                attempt_rate=self.attempt_rate,
                stability=self.stability,
                critical_current=self.critical_current,
                exponent=self.exponent,
                temperature=self.temperature,
            )
        remedy = "give one of a junction, such as synapse.json of a campaign of kind mtj_switching"
        wanted = StochasticBinarySynapse | SwitchingRates
        model = load_model_of("junction.fitted_model", self.fitted_model, remedy, wanted)
        rates: SwitchingRates = model.rates if isinstance(model, StochasticBinarySynapse) else model
        return rates
