r"""The way of least energy from one state of rest to the next: how high the hill between them is.

The device's start and the starts of `stops` come to rest; between every two of them lie `images` states, from which
the engine finds the way of least energy (`runs.native.rest.string_method`). The hill on it is what heat must climb. A
first guess turns every moment along the great circle between its two ends. Where the turning begins decides which of
several ways is found: all moments together, or those at one edge first, so that a wall or a nucleus sweeps across. A
wide wall leaves its well at one edge, a narrow one as a whole: the lower of their hills counts. Where no way settles,
the energies between the two states are NaN.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
import numpy.typing as npt
from pydantic import Field, model_validator
from typing_extensions import override

from geometries.device import AbstractDevice
from geometries.devices import Device
from geometries.sizes import MOST_FRAMES, refuse_more
from runs.protocols.abstract import AbstractRestProtocol

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["EnergyPath"]

FloatArray = npt.NDArray[np.float64]

_SIDES = {"left": (0, 1), "right": (0, -1), "bottom": (1, 1), "top": (1, -1)}


class EnergyPath(AbstractRestProtocol):
    """The way of least energy from the device's state of rest through those of other starts.

    Parameters
    ----------
    stops : sequence of AbstractDevice
        The same device with other starts, in the order in which the way passes them: a stripe with its wall elsewhere.
    images : int
        States between one stop and the next, both counted.
    begins : {"everywhere", "left", "right", "bottom", "top"}
        Where the magnetisation of the first guess turns first, seen from above.
    static_field : three of float or str
        Field strength H in A/m along x, y, z that is on throughout.

    Raises
    ------
    pydantic.ValidationError
        If there is no stop or there are too many images.

    Examples
    --------
    >>> from geometries import Stripe
    >>> keys = {"length": "160 nm", "width": "40 nm", "thickness": "1 nm", "cell": ("4 nm", "4 nm", "1 nm")}
    >>> there = Stripe(walls=[{"position": "100 nm"}], **keys)
    >>> EnergyPath(stops=[there]).frame_count
    17
    """

    kind: Literal["energy_path"] = "energy_path"
    stops: Annotated[tuple[Device, ...], Field(min_length=1, max_length=1000)]
    images: Annotated[int, Field(ge=5, le=1000)] = 17
    begins: Literal["everywhere", "left", "right", "bottom", "top"] = "everywhere"

    @model_validator(mode="after")
    def _few_images(self) -> EnergyPath:
        refuse_more("images", self.frame_count, MOST_FRAMES, "states on the way", "give fewer, or fewer stops")
        return self

    @property
    @override
    def frame_count(self) -> int:
        """One for the start, and `images` - 1 up to each stop."""
        return len(self.stops) * (self.images - 1) + 1

    @property
    @override
    def rest_fields(self) -> FloatArray:
        """The static field at every image, in A/m: shape (images, 3)."""
        return np.tile(np.asarray(self.static_field), (self.frame_count, 1))

    @property
    @override
    def steady_field(self) -> tuple[float, float, float]:
        """The static field, which acts throughout."""
        return self.static_field

    @property
    @override
    def way_through(self) -> tuple[AbstractDevice, ...]:
        """`stops`."""
        return self.stops

    @override
    def check(self, device: AbstractDevice) -> None:
        mask = device.mask()
        for number, stop in enumerate(self.stops):
            same = stop.shape == device.shape and np.allclose(stop.spacing, device.spacing, rtol=1e-9, atol=0)
            if not same or not np.array_equal(stop.mask(), mask):
                raise ValueError(
                    f"protocol.stops.{number} has other cells than the device; give the same device with another start"
                )

    @override
    def guessed_way(self, start: FloatArray, end: FloatArray) -> FloatArray:
        share = np.linspace(0, 1, self.images)[:, None, None, None]
        if self.begins == "everywhere":
            turned = np.broadcast_to(share, (self.images, *start.shape[:3]))
        else:
            axis, direction = _SIDES[self.begins]
            across = np.linspace(0, 1, start.shape[axis])[::direction]
            shape = [1, 1, 1]
            shape[axis] = -1
            turned = np.clip(2 * share - across.reshape(shape), 0, 1)
            turned = np.broadcast_to(turned, (self.images, *start.shape[:3]))
        return _turned(start, end, turned[..., None])

    @override
    def frames(self) -> xr.Variable:
        import xarray as xr

        return xr.Variable("step", np.arange(self.frame_count), {"units": "1", "long_name": "state on the way"})

    @override
    def applied(self, device: AbstractDevice) -> xr.Dataset:
        import xarray as xr

        at, between = np.divmod(np.arange(self.frame_count), self.images - 1)
        return xr.Dataset(
            {
                "applied_field": (("step", "vdims"), self.rest_fields, {"units": "A/m", "long_name": "applied field"}),
                "stop": (
                    "step",
                    np.where(between == 0, at, -1),
                    {"units": "1", "long_name": "number of the state of rest; -1 between two"},
                ),
            }
        )


def _turned(start: FloatArray, end: FloatArray, share: FloatArray) -> FloatArray:
    """Unit vectors at a share of the great circle from one to another; any one where they are opposite."""
    cosine = np.clip((start * end).sum(axis=-1, keepdims=True), -1, 1)
    across = end - cosine * start
    length = np.linalg.norm(across, axis=-1, keepdims=True)
    # Opposite moments turn over x, or over y if they lie along x.
    spare = np.where(np.abs(start[..., :1]) < 0.9, [1.0, 0.0, 0.0], [0.0, 1.0, 0.0])
    spare = spare - (spare * start).sum(axis=-1, keepdims=True) * start
    spare /= np.linalg.norm(spare, axis=-1, keepdims=True)
    across = np.where(length > 1e-6, across / np.where(length > 1e-6, length, 1.0), spare)
    angle = share * np.arccos(cosine)
    return np.cos(angle) * start + np.sin(angle) * across
