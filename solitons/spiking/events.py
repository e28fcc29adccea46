"""Events that a sensor sends to a network, each at a time and from an address."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["EventRecording"]


@dataclass(frozen=True)
class EventRecording:
    """Events in the order of their times.

    Times in s, (events,), which do not fall; addresses, (events,), are the inputs from which they come, from 0 to below
    `inputs`.
    """

    times: npt.NDArray[np.float64]
    addresses: npt.NDArray[np.int64]
    inputs: int

    def __post_init__(self) -> None:
        times = np.ascontiguousarray(self.times, dtype=np.float64)
        addresses = np.ascontiguousarray(self.addresses, dtype=np.int64)
        if times.ndim != 1 or times.shape != addresses.shape:
            raise ValueError(
                f"EventRecording: times have the shape {times.shape} and addresses {addresses.shape}; give one time "
                "and one address an event"
            )
        if not np.all(np.isfinite(times)) or np.any(np.diff(times) < 0):
            raise ValueError("EventRecording: times fall or are not finite; sort the events by their times")
        if addresses.size and not (addresses.min() >= 0 and addresses.max() < self.inputs):
            wrong = addresses[(addresses < 0) | (addresses >= self.inputs)][0]
            raise ValueError(f"EventRecording: address {wrong} is none of {self.inputs} inputs, 0 to {self.inputs - 1}")
        object.__setattr__(self, "times", times)
        object.__setattr__(self, "addresses", addresses)
