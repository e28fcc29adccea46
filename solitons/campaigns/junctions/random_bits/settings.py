"""The settings of a campaign of random bits: which junctions, how bits are made of them, what disturbs them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from geometries import Pillar
from geometries.description import Description
from geometries.quantities import CurrentDensity, PureNumber, Temperature, Voltage
from runs.protocols.abstract_step import Duration
from solitons.junctions.bit_tests import FEWEST

__all__ = ["BitStreams", "Disturbances", "EnergySettings", "ReadJunctions", "WrittenJunctions"]

Positive = Annotated[PureNumber, Field(gt=0)]
Relative = Annotated[PureNumber, Field(gt=-1, lt=1)]


class ReadJunctions(Description):
    """Junctions that flip by themselves, read at a clock.

    Parameters
    ----------
    interval : float or str
        From one reading to the next, in s.
    current : float or str
        Set point in A/m2, the same for all.
    """

    by: Literal["reading"] = "reading"
    interval: Duration
    current: CurrentDensity = 0.0


class WrittenJunctions(Description):
    """Junctions that are reset, and then written by a pulse which switches them half of the time.

    Parameters
    ----------
    width : float or str
        Width of the pulse, in s.
    current : float or str, optional
        Current density of the pulse, in A/m2; by default it switches half of the time.
    interval : float or str
        From one bit to the next in s, with the reset and the reading.
    """

    by: Literal["writing"] = "writing"
    width: Duration
    interval: Duration
    current: Annotated[CurrentDensity, Field(gt=0)] | None = None

    @model_validator(mode="after")
    def _pulse_fits(self) -> WrittenJunctions:
        if self.width >= self.interval:
            raise ValueError(
                f"bits.width = {self.width:.4g} s is no shorter than bits.interval = {self.interval:.4g} s, which has "
                "the reset and the reading too; give a longer interval"
            )
        return self


class BitStreams(Description):
    """How many bits are made and tested.

    Parameters
    ----------
    xored : int
        Junctions whose bits are XORed to one.
    sequences : int
        Number of tested sequences; 55 or more, to test the distribution of P-values.
    length : int
        Bits of each, a million or more.
    spread : float
        Standard deviation of the current at which a junction has both states alike, from junction to junction, over
        the critical current.
    seed : int
        Seed of all random numbers.
    """

    xored: Annotated[int, Field(ge=2, le=16)] = 2
    sequences: Annotated[int, Field(ge=2, le=10_000)] = 55
    length: Annotated[int, Field(ge=FEWEST, le=100_000_000)] = FEWEST
    spread: Annotated[PureNumber, Field(ge=0, lt=1)] = 0.0
    seed: Annotated[int, Field(ge=0, lt=2**31)] = 0


class Disturbances(Description):
    """Disturbances of the junctions, one after another, to find which is too large.

    Parameters
    ----------
    current_errors : sequence of float
        Errors of the current, over the critical current.
    temperatures : sequence of float or str
        In K.
    interval_factors : sequence of float
        Factors of the time from one bit to the next: shorter ones remember more.
    spreads : sequence of float
        As `BitStreams.spread`, for the share of junctions that pass.
    """

    current_errors: tuple[Relative, ...] = ()
    temperatures: tuple[Annotated[Temperature, Field(gt=0)], ...] = ()
    interval_factors: tuple[Positive, ...] = ()
    spreads: tuple[Annotated[PureNumber, Field(gt=0, lt=1)], ...] = ()


class EnergySettings(Description):
    """Energy of a bit, from the pillar that makes it.

    Parameters
    ----------
    pillar : Pillar
        Its area and barrier.
    read_voltage : float or str
        In V.
    read_time : float or str
        In s.
    """

    pillar: Pillar
    read_voltage: Annotated[Voltage, Field(gt=0)] = 0.05
    read_time: Duration = 1e-9
