"""Results of a design: the devices that were tried, and what the verification found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from scipy import constants

from solitons.campaigns.framework.results import FiniteOrNone, Headline, Results, ResultsPart
from solitons.figures import value_label

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["HEAT", "Checked", "DesignResults", "FreeValue", "TriedDevice"]


HEAT = 300 * constants.k


class FreeValue(ResultsPart):
    """A free field: its bounds, its value at the start and that of the device found, in SI."""

    name: str
    label: str
    unit: str
    low: float
    high: float
    start: float
    found: float


class TriedDevice(ResultsPart):
    """A device: its free fields in SI, the observables of aim and limits, and whether it keeps to the limits."""

    values: dict[str, float]
    numbers: dict[str, FiniteOrNone]
    within: bool


class Checked(ResultsPart):
    """One limit looked at in new runs of one device by one engine.

    Parameters
    ----------
    number, limit : str
        Name of what is limited, and the limit in words.
    run, engine : str
        The run and its engine.
    device : {"start", "found"}
        Whose it is.
    value, unit : float or None, str
        Mean of the observable over the seeds; None where no run has it.
    new : bool
        Whether the search has seen none of the runs.
    failed, of : int
        In how many of how many runs the limit is missed.
    met : bool
        Whether no more miss it than may.
    """

    number: str
    limit: str
    run: str
    engine: str
    device: Literal["start", "found"]
    value: FiniteOrNone
    unit: str
    new: bool
    failed: int
    of: int
    met: bool


class DesignResults(Results):
    """The design.

    Parameters
    ----------
    way : str
        How the search went: "gradients" or "CMA-ES".
    aim_name, aim_of, aim, unit : str
        Name of the aim and of its run; its label and unit.
    before, after : float
        The aim at the start and of the device found.
    best : int
        Number of the device found, from 1.
    free, devices, checks
        Lists of what they say.
    """

    way: Literal["gradients", "CMA-ES"]
    aim_name: str
    aim_of: str
    aim: str
    unit: str
    before: float
    after: float
    best: int
    free: list[FreeValue]
    devices: list[TriedDevice]
    checks: list[Checked]

    def frame(self) -> pd.DataFrame:
        """A row for each device in SI: `devices.csv`."""
        import pandas as pd

        rows = [{**each.values, **each.numbers, "within_limits": each.within} for each in self.devices]
        return pd.DataFrame(rows, index=pd.RangeIndex(1, len(rows) + 1, name="device")).reset_index()

    def headlines(self) -> list[Headline]:
        """The aim before and after, the devices tried, and how the verification went."""
        start, more = value_label(self.before, self.unit, 3), "" if self.devices[0].within else ", outside the limits"
        if self.unit == "J":
            start = f"{self.after / HEAT:.3g} kT at 300 K; {start}, {self.before / HEAT:.3g} kT,"
        again = [
            each.value
            for each in self.checks
            if each.new and (each.number, each.run, each.device) == (self.aim_name, self.aim_of, "found")
        ]
        if again and again[0] is not None:
            # The best of many numbers with chance in them is too good by chance.
            more += f"; {value_label(again[0], self.unit, 3)} when verified"
        met = sum(each.met for each in self.checks if each.device == "found")
        total = sum(each.device == "found" for each in self.checks)
        found = [
            Headline(value=value_label(self.after, self.unit, 3), name=self.aim, detail=f"{start} at the start{more}"),
            Headline(value=str(len(self.devices)), name="devices tried", detail=f"by {self.way}"),
        ]
        if total:
            engines = ", ".join(dict.fromkeys(each.engine for each in self.checks)).replace("model", "the model")
            found.append(Headline(value=f"{met} of {total}", name="checks of the device found", detail=f"by {engines}"))
        return found
