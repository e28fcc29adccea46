"""Quasi-static field protocols: the magnetisation comes to rest in one field after the other.

No time passes. A protocol is a list of steps; each adds fields to a list, and an engine
minimises the energy in each of them, so that the whole list is a single drive. State 0
is the one at rest in the static field alone, before the first step.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
import numpy.typing as npt
from pydantic import Field, SerializeAsAny, model_validator
from typing_extensions import override

from geometries.description import Count, Description, told_apart_by
from geometries.device import AbstractDevice
from geometries.quantities import Angle, FieldStrength
from geometries.sizes import MOST_FRAMES, check_samples, refuse_more
from runs.protocols.abstract import AbstractRestProtocol, FieldOnCells
from runs.protocols.local_fields import cell_values, local_fields
from runs.protocols.spin_ice.local_steps import LocalChange, LocalRampTo

if TYPE_CHECKING:
    import xarray as xr

__all__ = [
    "AbstractFieldStep",
    "AlternatingDemagnetisation",
    "FieldSteps",
    "Loop",
    "RampTo",
    "RotatingDemagnetisation",
    "Rotation",
]

FloatArray = npt.NDArray[np.float64]
PositiveField = Annotated[FieldStrength, Field(gt=0)]
NotNegativeField = Annotated[FieldStrength, Field(ge=0)]


def _direction(angle: float, elevation: float) -> FloatArray:
    return np.array([np.cos(elevation) * np.cos(angle), np.cos(elevation) * np.sin(angle), np.sin(elevation)])


def _line(start: FloatArray, end: FloatArray, count: int) -> FloatArray:
    """Fields after `start`, up to `end`: exactly `end` at last."""
    shares = np.arange(1, count + 1)[:, np.newaxis] / count
    return (1 - shares) * start + shares * end


def _beginning(present: FloatArray, first: FloatArray) -> FloatArray:
    """The first field of a step, as a list of one; of none where it is there already but for rounding."""
    there = np.allclose(present, first, rtol=0, atol=1e-12 * float(np.abs(first).max(initial=0.0)))
    return first[np.newaxis][: 0 if there else 1]


class AbstractFieldStep(Description, ABC):
    """Fields in which a device comes to rest, one after the other."""

    @property
    @abstractmethod
    def most_fields(self) -> int:
        """How many fields it has, one more if it jumps to the first."""

    @abstractmethod
    def fields(self, present: FloatArray) -> FloatArray:
        """The fields in A/m that follow `present`, shape (fields, 3)."""


class RampTo(AbstractFieldStep):
    """Change the field to another on a straight line.

    Parameters
    ----------
    to : float or str
        Field strength H in A/m at the end, along the direction of `angle` and
        `elevation`; against it where negative.
    angle : float or str
        In the plane from x towards y, in rad ("40 deg").
    elevation : float or str
        Out of the plane towards z, in rad.
    field_steps : int
        Number of fields, including the end; 1 jumps there.

    Examples
    --------
    >>> from runs import FieldSteps, RampTo
    >>> ramp = FieldSteps(steps=[RampTo(to="-80 kA/m", field_steps=8)])
    >>> ramp.states
    9
    """

    do: Literal["ramp to"] = "ramp to"
    to: FieldStrength
    angle: Angle = 0.0
    elevation: Angle = 0.0
    field_steps: Count

    @property
    def most_fields(self) -> int:
        """How many fields it has, one more if it jumps to the first."""
        return 1 + self.field_steps

    def fields(self, present: FloatArray) -> FloatArray:
        """The fields in A/m that follow `present`, shape (fields, 3)."""
        return _line(present, self.to * _direction(self.angle, self.elevation), self.field_steps)


class Loop(AbstractFieldStep):
    """A hysteresis loop: from `amplitude` to minus it, and back.

    If the field is not at `amplitude` it jumps there first: `RampTo` before goes
    there gently.

    Parameters
    ----------
    amplitude : float or str
        Field strength H in A/m.
    angle, elevation : float or str
        Its direction, as for `RampTo`.
    field_steps : int
        How many fields a branch has, so that two neighbours differ by
        2 amplitude / field_steps.

    Examples
    --------
    >>> from runs import FieldSteps, Loop
    >>> loop = FieldSteps(steps=[Loop(amplitude="100 mT/mu0", field_steps=20)])
    >>> loop.states
    42
    """

    do: Literal["loop"] = "loop"
    amplitude: PositiveField
    angle: Angle = 0.0
    elevation: Angle = 0.0
    field_steps: Count

    @property
    def most_fields(self) -> int:
        """How many fields it has, one more if it jumps to the first."""
        return 1 + 2 * self.field_steps

    def fields(self, present: FloatArray) -> FloatArray:
        """The fields in A/m that follow `present`, shape (fields, 3)."""
        top = self.amplitude * _direction(self.angle, self.elevation)
        down, up = (_line(sign * top, -sign * top, self.field_steps) for sign in (1, -1))
        return np.concatenate([_beginning(present, top), down, up])


class Rotation(AbstractFieldStep):
    """A field of constant strength that turns in the plane.

    If the field is another one it jumps to the first.

    Parameters
    ----------
    amplitude : float or str
        Field strength H in A/m.
    angle : float or str
        Angle at the begin, from x towards y, in rad.
    turn : float or str
        By how much it turns, in rad ("360 deg"); clockwise seen from +z where negative.
    field_steps : int
        How many fields follow the first one.

    Examples
    --------
    >>> from runs import FieldSteps, Rotation
    >>> around = FieldSteps(steps=[Rotation(amplitude="50 kA/m", turn="360 deg", field_steps=12)])
    >>> around.states
    14
    """

    do: Literal["rotation"] = "rotation"
    amplitude: PositiveField
    angle: Angle = 0.0
    turn: Angle
    field_steps: Count

    @model_validator(mode="after")
    def _turns(self) -> Rotation:
        if self.turn == 0:
            raise ValueError('turn = 0 rad turns nothing; give an angle such as "360 deg"')
        return self

    @property
    def most_fields(self) -> int:
        """How many fields it has, one more if it jumps to the first."""
        return 1 + self.field_steps

    def fields(self, present: FloatArray) -> FloatArray:
        """The fields in A/m that follow `present`, shape (fields, 3)."""
        angles = self.angle + self.turn * np.arange(self.field_steps + 1) / self.field_steps
        fields = self.amplitude * np.stack([np.cos(angles), np.sin(angles), np.zeros_like(angles)], axis=1)
        return np.concatenate([_beginning(present, fields[0]), fields[1:]])


class _Demagnetisation(AbstractFieldStep):
    """A field whose amplitude decays linearly."""

    amplitude: PositiveField
    final_amplitude: NotNegativeField = 0.0

    @model_validator(mode="after")
    def _decays(self) -> _Demagnetisation:
        if self.final_amplitude >= self.amplitude:
            raise ValueError(
                f"final_amplitude = {self.final_amplitude:g} A/m is not below amplitude = {self.amplitude:g} A/m, so "
                "that the field never decays; give a smaller one, or leave it out for 0"
            )
        return self


class AlternatingDemagnetisation(_Demagnetisation):
    """AC demagnetisation along a line: a field that is reversed again and again, each time to a smaller one.

    It begins at `amplitude`, to which it jumps where the field is another, and the k-th
    of n reversals goes to (-1)^k [amplitude - (amplitude - final_amplitude) k / n].

    Parameters
    ----------
    amplitude : float or str
        Field strength H in A/m at the beginning.
    final_amplitude : float or str
        At the end, in A/m, below `amplitude`.
    angle, elevation : float or str
        The line, as for `RampTo`.
    reversals : int
        How often the field is reversed.
    field_steps : int
        How many fields each reversal has.

    Examples
    --------
    >>> from runs import FieldSteps
    >>> decay = AlternatingDemagnetisation(amplitude="100 kA/m", final_amplitude=0.0, reversals=4, field_steps=1)
    >>> (FieldSteps(steps=[decay]).applied_field[:, 0] / 1e3).round().tolist()
    [0.0, 100.0, -75.0, 50.0, -25.0, 0.0]
    """

    do: Literal["alternating demagnetisation"] = "alternating demagnetisation"
    angle: Angle = 0.0
    elevation: Angle = 0.0
    reversals: Count
    field_steps: Count

    @property
    def most_fields(self) -> int:
        """How many fields it has, one more if it jumps to the first."""
        return 1 + self.reversals * self.field_steps

    def fields(self, present: FloatArray) -> FloatArray:
        """The fields in A/m that follow `present`, shape (fields, 3)."""
        turn = np.arange(self.reversals + 1)
        sizes = self.amplitude + (self.final_amplitude - self.amplitude) * turn / self.reversals
        peaks = ((-1.0) ** turn * sizes)[:, np.newaxis] * _direction(self.angle, self.elevation)
        shares = np.arange(1, self.field_steps + 1)[:, np.newaxis] / self.field_steps
        lines = (1 - shares) * peaks[:-1, np.newaxis] + shares * peaks[1:, np.newaxis]
        return np.concatenate([_beginning(present, peaks[0]), lines.reshape(-1, 3)])


class RotatingDemagnetisation(_Demagnetisation):
    """AC demagnetisation in a field that turns in the plane, as of a sample that is spun in a magnet.

    Parameters
    ----------
    amplitude : float or str
        Field strength H in A/m at the beginning, to which it jumps where the field is another.
    final_amplitude : float or str
        At the end, in A/m, below `amplitude`; it decays with every field.
    angle : float or str
        Angle at the begin, from x towards y, in rad.
    turns : int
        How often it turns.
    field_steps : int
        How many fields each turn has.

    Examples
    --------
    >>> from runs import FieldSteps
    >>> turning = RotatingDemagnetisation(amplitude="100 kA/m", final_amplitude=0.0, turns=10, field_steps=36)
    >>> strength = np.linalg.norm(FieldSteps(steps=[turning]).applied_field, axis=1)
    >>> (strength[[1, 181, -1]] / 1e3).round().tolist()  # at the beginning, half way and at the end
    [100.0, 50.0, 0.0]
    """

    do: Literal["rotating demagnetisation"] = "rotating demagnetisation"
    angle: Angle = 0.0
    turns: Count
    field_steps: Annotated[int, Field(ge=3, le=10**12)]

    @property
    def most_fields(self) -> int:
        """How many fields it has, one more if it jumps to the first."""
        return 1 + self.turns * self.field_steps

    def fields(self, present: FloatArray) -> FloatArray:
        """The fields in A/m that follow `present`, shape (fields, 3)."""
        count = self.turns * self.field_steps
        number = np.arange(count + 1)
        sizes = self.amplitude + (self.final_amplitude - self.amplitude) * number / count
        angles = self.angle + 2 * np.pi * number / self.field_steps
        fields = sizes[:, np.newaxis] * np.stack([np.cos(angles), np.sin(angles), np.zeros(count + 1)], axis=1)
        return np.concatenate([_beginning(present, fields[0]), fields[1:]])


FieldStep = Annotated[
    SerializeAsAny[RampTo | Loop | Rotation | AlternatingDemagnetisation | RotatingDemagnetisation | LocalRampTo],
    Field(discriminator="do"),
    told_apart_by("do", "runs.field_steps"),
]
"""A step of `FieldSteps`: one of these, or an `AbstractFieldStep` that a package announces."""


class FieldSteps(AbstractRestProtocol):
    """A quasi-static field protocol: what is applied to a device that comes to rest in every field.

    Parameters
    ----------
    steps : sequence
        RampTo, Loop, Rotation, AlternatingDemagnetisation, RotatingDemagnetisation or
        LocalRampTo, in order; each begins in the field in which the one before ends.
    static_field : three of float or str
        Field strength H in A/m along x, y, z that is on throughout.

    Raises
    ------
    pydantic.ValidationError
        If a number of field steps is below 1, an amplitude never decays, or the field
        never changes.

    Examples
    --------
    >>> loop = FieldSteps(steps=[Loop(amplitude="100 kA/m", field_steps=4)])
    >>> (loop.applied_field[:, 0] / 1e3).round().tolist()
    [0.0, 100.0, 50.0, 0.0, -50.0, -100.0, -50.0, 0.0, 50.0, 100.0]
    """

    kind: Literal["field_steps"] = "field_steps"
    steps: Annotated[tuple[FieldStep, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _can_be_held(self) -> FieldSteps:
        owner, remedy = "steps: field_steps", "give fewer, in several runs if need be"
        refuse_more(owner, self._most_states, MOST_FRAMES, "states, each with a minimum to find", remedy)
        local = sum(isinstance(step, LocalRampTo) for step in self.steps)
        check_samples(f"steps: {local} local fields in {self._most_states:,} states", local * self._most_states, remedy)
        return self

    @property
    def _most_states(self) -> int:
        return 1 + sum(step.most_fields for step in self.steps)

    @model_validator(mode="after")
    def _changes(self) -> FieldSteps:
        local = any(isinstance(step, LocalRampTo) and step.to for step in self.steps)
        if not local and not np.ptp(self.applied_field, axis=0).any():
            raise ValueError(
                "steps: the field never changes, so that there is nothing to see; ramp to another field, or use a loop"
            )
        return self

    def _parts(self) -> Iterator[FloatArray]:
        present = np.zeros(3)
        for step in self.steps:
            part = step.fields(present)
            present = part[-1]
            yield part

    @property
    def applied_field(self) -> FloatArray:
        """Field strength in A/m at every state, `static_field` included, without local fields: shape (states, 3)."""
        fields: FloatArray = np.concatenate([np.zeros((1, 3)), *self._parts()]) + np.array(self.static_field)
        return fields

    @property
    def states(self) -> int:
        """How many states there are, that before the first step included."""
        return 1 + sum(len(part) for part in self._parts())

    @property
    @override
    def frame_count(self) -> int:
        """`states`."""
        return self.states

    def local_changes(self) -> tuple[LocalChange, ...]:
        """The changes of the local field, in order; it is the sum over them of change x share."""
        changes, states, begin = [], self.states, 1
        for step, part in zip(self.steps, self._parts(), strict=True):
            if isinstance(step, LocalRampTo):
                share = np.zeros(states)
                share[begin : begin + len(part)] = np.arange(1, len(part) + 1) / len(part)
                share[begin + len(part) :] = 1.0
                changes.append(LocalChange(step, share))
            begin += len(part)
        return tuple(changes)

    @property
    @override
    def rest_fields(self) -> FloatArray:
        """`applied_field`."""
        return self.applied_field

    @override
    def check(self, device: AbstractDevice) -> None:
        local_fields(device, self.local_changes())

    @override
    def local_fields(self, device: AbstractDevice) -> tuple[FieldOnCells, ...]:
        fields = local_fields(device, self.local_changes())
        return tuple(FieldOnCells(cell_values(device, local.on_islands), local.share) for local in fields)

    @override
    def frames(self) -> xr.Variable:
        import xarray as xr

        return xr.Variable("step", np.arange(self.states), {"units": "1", "long_name": "field step"})

    @override
    def applied(self, device: AbstractDevice) -> xr.Dataset:
        import xarray as xr

        attributes = {"units": "A/m", "long_name": "applied field"}
        return xr.Dataset({"applied_field": (("step", "vdims"), self.applied_field, attributes)})
