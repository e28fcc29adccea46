r"""A ledger of energy and time: what each operation costs, where in the circuit, and how that is known.

An operation (a write pulse, a read, a spike, an inference) takes place in four parts of a circuit: the **device**
itself (ohmic heat of its write path, heat of its magnet by damping), the **wires** of the array, the **drivers** (what
charges the lines and the gates, C V^2), and the **converters** between numbers and voltages. Each is a row,

.. math:: E_{operation} = \sum_{rows} E_{row},

and the sum is known only where every row is: a row without a number has the reason and the remedy, and a sum over it is
none. What was published elsewhere (`REVIEW_LINES`) is compared with, and enters no row.
"""

from __future__ import annotations

import html
from collections.abc import Iterable
from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, model_validator

from solitons.figures import value_label

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

__all__ = ["REVIEW_LINES", "EnergyLedger", "EnergyRow", "Origin", "Part", "ReviewLine"]

Part = Literal["device", "wire", "driver", "converter"]
Origin = Literal["derived", "measured in the run", "published"]


class EnergyRow(BaseModel):
    """Energy of one part of a circuit in one operation.

    Parameters
    ----------
    device : str
        Device whose operation it is.
    operation : str
        Such as "write pulse", "read", "spike", "inference".
    part : {"device", "wire", "driver", "converter"}
        Part that takes the energy.
    name : str
        Cause of the energy in it: "ohmic heat of the heavy metal".
    joule : float or None
        In J a single operation; None where it is not known.
    second : float or None
        Time in s that it adds to the operation; None where it is not known, 0 where it takes place beside another row.
    origin : {"derived", "measured in the run", "published"}
        How the numbers are known.
    source : str
        The equation with its numbers, the run, or the citation.
    missing : str
        Why a number is not known, and what to give; empty where all are.

    Raises
    ------
    pydantic.ValidationError
        If a number is negative or not finite, or a number is missing without a reason.

    Examples
    --------
    >>> EnergyRow(device="wall", operation="read", part="device", name="heat", joule=None, second=1e-9,
    ...           origin="derived", source="V^2 G t", missing="no read voltage is given; give energy.read").joule
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    device: str
    operation: str
    part: Part
    name: str
    joule: float | None
    second: float | None = 0.0
    origin: Origin
    source: str
    missing: str = ""

    @model_validator(mode="after")
    def _known_or_why_not(self) -> EnergyRow:
        for name in ("joule", "second"):
            value = getattr(self, name)
            if value is not None and not (isfinite(value) and value >= 0):
                raise ValueError(f"EnergyRow.{name} = {value} must be finite, 0 or above; None where it is not known")
        if (self.joule is None or self.second is None) != bool(self.missing):
            raise ValueError(
                f"EnergyRow {self.name!r}: missing = {self.missing!r}, joule = {self.joule}, second = {self.second}; "
                "give the reason and the remedy where a number is None, and only there"
            )
        return self


class EnergyLedger(BaseModel):
    """Rows of energy and time, with their sums.

    Parameters
    ----------
    rows : tuple of EnergyRow

    Examples
    --------
    >>> row = {"device": "wall", "operation": "write pulse", "origin": "derived", "source": "R I^2 t"}
    >>> ledger = EnergyLedger(rows=(
    ...     EnergyRow(part="device", name="heat", joule=3e-15, second=1e-9, **row),
    ...     EnergyRow(part="wire", name="segments", joule=5e-16, **row),
    ... ))
    >>> ledger.joule("wall", "write pulse"), ledger.second("wall", "write pulse")
    (3.5e-15, 1e-09)
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    rows: tuple[EnergyRow, ...] = ()

    @property
    def operations(self) -> list[tuple[str, str]]:
        """Devices and their operations, in order."""
        return list(dict.fromkeys((row.device, row.operation) for row in self.rows))

    def of(self, device: str, operation: str) -> tuple[EnergyRow, ...]:
        """The rows of one operation.

        Raises
        ------
        KeyError
            If there is none.
        """
        found = tuple(row for row in self.rows if (row.device, row.operation) == (device, operation))
        if not found:
            known = "; ".join(f"{one}: {other}" for one, other in self.operations) or "nothing"
            raise KeyError(f"EnergyLedger: there is no {operation!r} of {device!r}; it has {known}")
        return found

    def joule(self, device: str, operation: str, part: Part | None = None) -> float | None:
        """Energy in J of one operation, or of one part in it; None where one row is not known, 0.0 of no row."""
        rows = [row for row in self.of(device, operation) if part in (None, row.part)]
        return _sum(row.joule for row in rows)

    def second(self, device: str, operation: str) -> float | None:
        """Time in s of one operation; None where one row is not known."""
        return _sum(row.second for row in self.of(device, operation))

    def table(self) -> pd.DataFrame:
        """All rows as a table in SI units, for CSV."""
        import pandas as pd

        return pd.DataFrame([row.model_dump() for row in self.rows], columns=list(EnergyRow.model_fields))

    def to_xarray(self) -> xr.Dataset:
        """All rows along `row`: `joule` and `second` (NaN where not known), and the words as coordinates."""
        import xarray as xr

        words = [name for name in EnergyRow.model_fields if name not in ("joule", "second")]
        table = self.table()
        numbers = {
            name: ("row", table[name].astype(float).to_numpy(), {"units": unit, "long_name": long})
            for name, unit, long in (("joule", "J", "energy of an operation"), ("second", "s", "time of an operation"))
        }
        return xr.Dataset(numbers, coords={name: ("row", table[name].astype(str).to_numpy()) for name in words})

    def _repr_html_(self) -> str:
        head = ("device", "operation", "part", "what", "energy", "time", "known by", "from")
        lines = [[row.device, row.operation, row.part, row.name, *_cells(row), row.source] for row in self.rows]
        for device, operation in self.operations:
            sums = (self.joule(device, operation), "J"), (self.second(device, operation), "s")
            lines.append([device, operation, "all", "sum", *(quantity_label(*each) for each in sums), "", ""])
        body = "".join("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in line) + "</tr>" for line in lines)
        return f"<table><tr>{''.join(f'<th>{name}</th>' for name in head)}</tr>{body}</table>"


def quantity_label(value: float | None, unit: str) -> str:
    """A number of a ledger in words, three digits; "not known" of None.

    Examples
    --------
    >>> quantity_label(1.2345e-14, "J"), quantity_label(2.6e-22, "J"), quantity_label(None, "s")
    ('12.3 fJ', '0.26 zJ', 'not known')
    """
    if value is None:
        return "not known"
    if unit == "J" and 0 < value < 1e-18:
        return f"{value * 1e21:.3g} zJ"
    return value_label(value, unit, 3)


@dataclass(frozen=True)
class ReviewLine:
    """A published number in J that a ledger is compared with, and its source; it enters no row."""

    operation: str
    joule: float
    source: str


_REVIEW = "J. Grollier, D. Querlioz and M. D. Stiles, Proc. IEEE 104, 2024 (2016)"
REVIEW_LINES = (
    ReviewLine("write", 100e-15, _REVIEW),
    ReviewLine("synaptic event", 23e-15, _REVIEW),
)
"""The field's review: 100 fJ a write, 23 fJ a synaptic event."""


def _sum(values: Iterable[float | None]) -> float | None:
    total = 0.0
    for value in values:
        if value is None:
            return None
        total += value
    return total


def _cells(row: EnergyRow) -> list[str]:
    joule, second = (
        quantity_label(value, unit) if value is not None or not row.missing else f"not known: {row.missing}"
        for value, unit in ((row.joule, "J"), (row.second, "s"))
    )
    return [joule, second if row.second is not None else "not known", row.origin]
