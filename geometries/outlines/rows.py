"""Rows of a device's table for its outline."""

from __future__ import annotations

from geometries.drawing import size_text
from geometries.outlines.notches import AnyNotch, Notch, PeriodicNotches
from geometries.outlines.profile import Profile
from geometries.quantities import format_quantity

__all__ = ["outline_rows"]


def outline_rows(profile: Profile, notches: tuple[AnyNotch, ...] | None = None) -> list[tuple[str, str]]:
    """Describe taper, notches and roughness; `notches` are those to describe, if not all."""
    described = profile.notches if notches is None else notches
    rows = []
    if profile.taper is not None:
        narrow = format_quantity(profile.taper.narrow_width(profile.width), "m")
        rows.append(("taper", f"to {narrow} at the {profile.taper.narrow_end} end"))
    if described:
        rows.append(("notches", "; ".join(map(_describe_notch, described))))
    if profile.edge_roughness is not None:
        rough = profile.edge_roughness
        text = f"rms {size_text(rough.rms)} over {size_text(rough.correlation_length)}, seed {rough.seed}"
        rows.append(("edge roughness", text))
    return rows


def _describe_notch(notch: Notch | PeriodicNotches) -> str:
    where = "both edges" if notch.edge == "both" else f"the {notch.edge} edge"
    size = f"{size_text(notch.depth)} deep and {size_text(notch.width)} wide"
    number = len(notch.expand())
    if number == 1:
        position = format_quantity(notch.expand()[0].position, "m")
        return f"a {notch.shape} notch at {position}, {size}, {where}"
    first, second = notch.expand()[:2]
    return (
        f"{number} {notch.shape} notches from {format_quantity(first.position, 'm')} every "
        f"{format_quantity(second.position - first.position, 'm')}, {size}, {where}"
    )
