"""A wall that is held at one place of its stripe after another, to measure what pins it.

A field along z whose strength grows along the stripe, H_z = gradient (x - x0), is a parabolic
trap for an up-down wall, and one along x for a head-to-head wall: the domains on both sides of x0
lie along their field, and a wall that is beside x0 is pushed back. It does not touch the domains
themselves. At rest the trap pushes as hard as the stripe does,

    F(q) = p gradient (q - x0),       p = +1 where m_z (m_x) goes from - to + along x

which is the push of the landscape that `solitons.domain_walls.pinning` knows, in A/m, whatever the
stripe's cross-section is at q. The trap goes from `start` to `stop`, and the magnetisation comes
to rest at each place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
import numpy.typing as npt
from pydantic import Field, model_validator
from typing_extensions import override

from geometries import Stripe
from geometries.device import AbstractDevice
from geometries.quantities import FieldGradient, Length
from geometries.sizes import MOST_FRAMES, refuse_more
from runs.protocols.abstract import AbstractRestProtocol, FieldOnCells

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["HeldWall"]

FloatArray = npt.NDArray[np.float64]


class HeldWall(AbstractRestProtocol):
    """A trap that moves the wall along its stripe, in steps; the wall comes to rest in each step.

    Parameters
    ----------
    start, stop : float or str
        First and last place of the trap along the stripe, in m.
    positions : int
        At how many places, evenly spaced, both ends included.
    gradient : float or str
        dH/dx of the trap in A/m^2, with the sign that holds the wall: positive where m_z (m_x) goes
        from - to + along x, negative for an up-down or a head-to-head wall. Where the landscape's push rises
        faster than that along x, the wall jumps.
    axis : {"z", "x"}
        Axis of the domains, along which the trap's field is.
    static_field : three of float or str
        Field strength H in A/m along x, y, z that is on throughout.

    Raises
    ------
    pydantic.ValidationError
        If the trap does not move, or its gradient is 0.

    Examples
    --------
    >>> held = HeldWall(start="60 nm", stop="100 nm", positions=5, gradient=-5e12)
    >>> (held.held_at * 1e9).round().tolist()
    [60.0, 70.0, 80.0, 90.0, 100.0]
    """

    kind: Literal["held_wall"] = "held_wall"
    start: Annotated[Length, Field(ge=0)]
    stop: Annotated[Length, Field(ge=0)]
    positions: Annotated[int, Field(ge=2, le=10**12)]
    gradient: FieldGradient
    axis: Literal["z", "x"] = "z"

    @model_validator(mode="after")
    def _moves(self) -> HeldWall:
        refuse_more("positions", self.positions, MOST_FRAMES, "states, each with a minimum to find", "give fewer")
        if self.start == self.stop:
            raise ValueError(f"start = stop = {self.start:g} m, so that the wall stays; give another stop")
        if self.gradient == 0:
            raise ValueError(
                "gradient = 0 A/m^2 holds no wall; give a tenth of the anisotropy field over the wall's width, such as "
                "5e12 A/m^2 (negative for an up-down wall)"
            )
        return self

    @property
    def held_at(self) -> FloatArray:
        """Place of the trap at every state, in m."""
        return np.linspace(self.start, self.stop, self.positions)

    @property
    @override
    def frame_count(self) -> int:
        """`positions`."""
        return self.positions

    @property
    @override
    def rest_fields(self) -> FloatArray:
        """The part of the field that is the same everywhere, in A/m: shape (positions, 3)."""
        fields = np.tile(np.asarray(self.static_field), (self.positions, 1))
        fields[:, "xyz".index(self.axis)] -= self.gradient * self.held_at
        return fields

    @override
    def check(self, device: AbstractDevice) -> None:
        if not isinstance(device, Stripe) or device.domain_axis != self.axis or len(device.walls) != 1:
            what = (
                f"a {device.kind}"
                if not isinstance(device, Stripe)
                else f"a stripe with {len(device.walls)} walls and domains along {device.domain_axis}"
            )
            raise ValueError(
                f"protocol holds one wall between domains along {self.axis}, and device is {what}; give a stripe with "
                "one wall, and its domains' axis"
            )
        for name, place in (("start", self.start), ("stop", self.stop)):
            if not 0 < place < device.length:
                raise ValueError(
                    f"protocol.{name} = {place:g} m is outside the stripe, which goes from 0 to {device.length:g} m"
                )
        if self.gradient * device.first_domain > 0:
            raise ValueError(
                f"protocol.gradient = {self.gradient:g} A/m^2 pushes the wall of a stripe whose first domain points "
                f"along {'+' if device.first_domain > 0 else '-'}{self.axis} away; give {-self.gradient:g} A/m^2"
            )

    @override
    def local_fields(self, device: AbstractDevice) -> tuple[FieldOnCells, ...]:
        field = np.zeros((*device.shape, 3))
        field[..., "xyz".index(self.axis)] = self.gradient * device.cell_centres()[0][:, None, None]
        return (FieldOnCells(field, np.ones(self.positions)),)

    @override
    def frames(self) -> xr.Variable:
        import xarray as xr

        return xr.Variable("step", np.arange(self.positions), {"units": "1", "long_name": "place of the trap"})

    @override
    def applied(self, device: AbstractDevice) -> xr.Dataset:
        import xarray as xr

        return xr.Dataset(
            {
                "applied_field": (
                    ("step", "vdims"),
                    self.rest_fields,
                    {"units": "A/m", "long_name": "applied field, without its gradient"},
                ),
                "held_at": (
                    "step",
                    self.held_at,
                    {"units": "m", "long_name": "place of the trap", "gradient": self.gradient},
                ),
            }
        )
