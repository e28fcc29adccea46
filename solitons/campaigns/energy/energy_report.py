"""Energy and time in a report (`energy.md`): operations, where the energy goes, and how that is known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from solitons.energy import REVIEW_LINES, EnergyLedger
from solitons.energy.ledger import Part, quantity_label
from solitons.figures import bare, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["energy_figure", "energy_values"]

_PARTS: tuple[tuple[Part, str], ...] = (
    ("device", "#0B5C8A"),
    ("wire", "#D55E00"),
    ("driver", "#009E73"),
    ("converter", "#999999"),
)
_LINES = (":", "--")


def energy_values(ledger: EnergyLedger) -> dict[str, Any]:
    """Values for `energy/energy.md`: sums by operation and part of a ledger, its rows, and the review's lines."""
    several = len({row.device for row in ledger.rows}) > 1
    sums = [
        (
            device,
            operation,
            *(_part(ledger, device, operation, part) for part, _ in _PARTS),
            quantity_label(ledger.joule(device, operation), "J"),
            quantity_label(ledger.second(device, operation), "s"),
        )
        for device, operation in ledger.operations
    ]
    rows = [
        (
            f"{row.device}: {row.operation}" if several else row.operation,
            f"{row.part}: {row.name}",
            quantity_label(row.joule, "J"),
            f"{row.origin}: {row.source}. Not known: {row.missing}" if row.missing else f"{row.origin}: {row.source}",
        )
        for row in ledger.rows
    ]
    review = "; ".join(f"{quantity_label(line.joule, 'J')} a {line.operation}" for line in REVIEW_LINES)
    known = any(row.joule for row in ledger.rows)
    return {"energy": {"sums": sums, "rows": rows, "review": review, "source": REVIEW_LINES[0].source, "known": known}}


def energy_figure(ledger: EnergyLedger) -> Figure:
    """Energy of every operation, part by part, on a logarithmic axis, with the review's lines."""
    operations = [each for each in ledger.operations if any(row.joule for row in ledger.of(*each))]
    drawn = new_figure(7.4, 1.3 + 0.5 * len(operations))
    ax = drawn.subplots()
    for index, (device, operation) in enumerate(operations):
        for offset, (part, colour) in enumerate(_PARTS):
            rows = [row for row in ledger.of(device, operation) if row.part == part]
            joule = sum(row.joule for row in rows if row.joule is not None)
            if not joule:
                continue
            whole = all(row.joule is not None for row in rows)
            ax.plot(
                joule, index + 0.14 * (offset - 1.5), "o", color=colour, markersize=6,
                markerfacecolor=colour if whole else "none",
            )  # fmt: skip
    for (part, colour), marker in zip(_PARTS, "oooo", strict=True):
        ax.plot([], [], marker, color=colour, label=part)
    for line, style in zip(REVIEW_LINES, _LINES, strict=True):
        ax.axvline(line.joule, color="0.4", linestyle=style, linewidth=0.9, label=f"review: {line.operation}")
    several = len({device for device, _ in operations}) > 1
    names = [f"{device}: {operation}" if several else operation for device, operation in operations]
    ax.set_yticks(range(len(names)), names, fontsize=8)
    ax.set(xscale="log", xlabel="energy (J)", ylim=(len(names) - 0.5, -0.5))
    ax.grid(axis="x", color="0.9")
    drawn.legend(loc="outside upper center", ncols=6, frameon=False, fontsize="small")
    bare(ax)
    return drawn


def _part(ledger: EnergyLedger, device: str, operation: str, part: Part) -> str:
    if not any(row.part == part for row in ledger.of(device, operation)):
        return "–"
    return quantity_label(ledger.joule(device, operation, part), "J")
