"""Devices of one drawing that chance makes different: the base run of several, each with a seed of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field, model_validator

from geometries.description import Description
from solitons.campaigns.axes import Axis

__all__ = ["DevicesSettings", "Sample", "seed_axis"]


class DevicesSettings(Description):
    """How devices of one drawing differ: the base run of several, each with a seed of its own.

    The seed goes to everything in the device that is random, such as "device.edge_roughness.seed".

    Parameters
    ----------
    seeds : sequence of int
        One a device.
    """

    seeds: Annotated[tuple[Annotated[int, Field(ge=0, lt=2**32)], ...], Field(min_length=3, max_length=1000)]

    @model_validator(mode="after")
    def _each_once(self) -> DevicesSettings:
        if len(set(self.seeds)) < len(self.seeds):
            raise ValueError(f"seeds = {list(self.seeds)} has one twice; name each once")
        return self


@dataclass(frozen=True)
class Sample:
    """The base run of another device of the same drawing.

    Parameters
    ----------
    seed : int
        Of everything in the device that is random.
    """

    seed: int

    def __str__(self) -> str:
        """Say it as the report does."""
        return f"device with seed {self.seed}"


def seed_axis(base: Mapping[str, Any], seeds: Sequence[int]) -> Axis:
    """The axis over all seeds of a base run's device.

    Raises
    ------
    ValueError
        If nothing in the device is random.
    """
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
