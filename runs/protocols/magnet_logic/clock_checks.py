"""Whether a field falls so fast that the magnets that it clears cannot follow."""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Iterator

import numpy as np

from geometries.device import AbstractDevice
from geometries.materials import Material
from geometries.quantities import format_quantity
from geometries.wires import AbstractWire
from runs.protocols.abstract import AbstractProtocol
from runs.waveforms.waveform import Waveform

__all__ = ["warn_if_too_fast"]


def warn_if_too_fast(device: AbstractDevice, material: Material, protocol: AbstractProtocol) -> None:
    """Warn if a field or a strip line's falls through H_K in less time than the magnets respond in.

    The warning has both times, and how long the fall should be at least. Only falls of H_K / 2 or more count: less is
    no clock. A device without a `response` is not judged.
    """
    response = device.response(material)
    if response is None or protocol.rest_fields is not None:
        return
    fastest = min(
        (
            (duration * response.anisotropy_field / height, duration, name)
            for name, waveform, factor, static in _waveforms(device, protocol)
            for duration, height in _falls(waveform, factor, static)
            if height >= response.anisotropy_field / 2
        ),
        default=(np.inf, 0.0, ""),
    )
    through, duration, name = fastest
    if through < response.time:
        needed = response.time * (duration / through if through else 1.0)
        warnings.warn(
            f"protocol.steps: {name} falls through the magnets' anisotropy field of "
            f"{format_quantity(response.anisotropy_field, 'A/m')} in {format_quantity(through, 's')}, and they respond "
            f"in {format_quantity(response.time, 's')} (2 (1 + alpha^2) / (alpha gamma0 (H_K + H_hard))): they are "
            "released before they have followed their neighbours, and what they compute is left to chance; let it "
            f"fall in {format_quantity(needed, 's')} or longer, better five times that",
            UserWarning,
            stacklevel=3,
        )


def _waveforms(device: AbstractDevice, protocol: AbstractProtocol) -> Iterator[tuple[str, Waveform, float, float]]:
    """Source of fields: name, waveform, the largest field in A/m that a unit of it makes, and a static one beside.

    The static field of a line is left at 0: its field has other directions in other cells.
    """
    for axis, waveform, static in zip("xyz", protocol.field_waveforms() or (), protocol.static_field, strict=False):
        yield f"the field along {axis}", waveform, 1.0, float(static)
    for terminal, waveform in protocol.channels(device):
        if isinstance(terminal, AbstractWire):
            field = np.linalg.norm(terminal.field_in(device)[device.mask()], axis=1)
            yield f"the field of {terminal.name!r}", waveform, float(field.max(initial=0.0)), 0.0


def _falls(waveform: Waveform, factor: float, static: float) -> Iterator[tuple[float, float]]:
    """Durations in s and heights in A/m of straight lines on which a field gets weaker."""
    lines, _ = waveform.lines_and_oscillations
    points = zip(lines.times, (static + factor * value for value in lines.values), strict=True)
    for (begin, before), (end, after) in itertools.pairwise(points):
        if abs(after) < abs(before):
            yield end - begin, abs(before - after)
