"""Devices of one drawing that chance makes different: the base run of several, each with a seed of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field

from geometries.description import Description
from solitons.campaigns.framework.axes import Axis
from solitons.devices.device_spread import DeviceSpread
from solitons.figures import value_label

__all__ = ["DevicesSettings", "Sample", "seed_axis", "spread_words"]


class DevicesSettings(Description):
    """How devices of one drawing differ: the base run of several, each with a seed of its own.

    The seed goes to everything in the device that is random, such as "device.edge_roughness.seed".

    Parameters
    ----------
    seeds : sequence of int
        One a device.
    """

    seeds: Annotated[tuple[Annotated[int, Field(ge=0, lt=2**32)], ...], Field(min_length=3, max_length=1000)]


@dataclass(frozen=True)
class Sample:
    """The base run of another device of the same drawing; `seed` is for everything in the device that is random."""

    seed: int

    def __str__(self) -> str:
        """Say it as the report does."""
        return f"device with seed {self.seed}"


def spread_words(found: DeviceSpread, devices: str, what: str) -> str:
    """How devices differ, in sentences.

    `devices` names the devices, such as "tracks"; a pulse moves their `what`, such as "the row".
    """
    kept, apart = found.devices - found.lost, value_label(found.at_rest, "m", digits=2)
    if found.gain is None or found.gain_ci95 is None:
        words = (
            f"In {kept} {devices} {what} rests {apart} apart after the same pulses (standard deviation over devices, "
            "root mean square over the pulses). It moves too little to show how far that is a gain of the device."
        )
    else:
        low, high = found.gain_ci95
        words = (
            f"In {kept} {devices} the same pulse moves {what} by {found.gain:.1%} more or less (standard deviation "
            f"over devices; 95 % interval {low:.1%} to {high:.1%}). Beyond that, {what} rests "
            f"{value_label(found.place, 'm', digits=2)} apart, at places of its own. With where it starts, that is "
            f"{apart} after the same pulses (root mean square over the pulses)."
        )
    lost = f" {found.lost} of {found.devices} lost it; they are not in these numbers." if found.lost else ""
    start = value_label(found.start, "m", digits=2)
    return f"{words} Before the first pulse it rests {start} apart.{lost}"


def seed_axis(base: Mapping[str, Any], seeds: Sequence[int]) -> Axis:
    """The axis over all seeds of a base run's device, in which something must be random."""
    fields = list(_seeds("device", base.get("device")))
    if not fields:
        raise ValueError(
            "devices repeats the base run with other seeds, but nothing in base.device is random; give it "
            "edge_roughness or grains with a seed, or leave 'devices' out"
        )
    return Axis(name="device_seed", fields=tuple(fields), values=tuple(float(seed) for seed in seeds))


def _seeds(path: str, content: Any) -> Iterator[str]:
    """Paths of all fields named 'seed' below one."""
    if isinstance(content, Mapping):
        for key, value in content.items():
            if key == "seed":
                yield f"{path}.seed"
            else:
                yield from _seeds(f"{path}.{key}", value)
    elif isinstance(content, (list, tuple)):
        for index, value in enumerate(content):
            yield from _seeds(f"{path}.{index}", value)
