"""The run specification: everything that changes the numbers, and its id.

A `RunSpec` is a device, its material, a protocol, numerical options and the
engine's name. Its id is a pure function of its canonical JSON, so that a run is
found in a store by what it is, on every machine and in every version that keeps
`SCHEMA_VERSION`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Annotated, Any, cast

from pydantic import BaseModel, Discriminator, Field, Tag, model_validator

from geometries import Description, Device, MaterialField
from geometries.quantities import FieldStrength, Time
from runs.engines import EngineName, get_engine
from runs.protocols.field_steps import FieldSteps
from runs.protocols.in_time import Protocol
from runs.protocols.material_checks import check_torques

__all__ = ["SCHEMA_VERSION", "Numerics", "OlderSchemaError", "RunSpec", "read_spec"]

SCHEMA_VERSION = 2
"""Raised when the meaning of a field changes, so that old runs are not taken for new ones."""


class Numerics(Description):
    """Numerical options that both engines understand.

    Parameters
    ----------
    demagnetisation : bool
        Whether the magnetostatic field is computed.
    stopping_torque : float or str
        A relaxation ends when m x H x m stays below this in size in every cell, in A/m.
    thermal_time_step : float or str
        Longest step of the integration where there is a thermal field, in s. One that is
        too long is refused, with one that would do.
    """

    demagnetisation: bool = True
    stopping_torque: Annotated[FieldStrength, Field(gt=0)] = 0.1
    thermal_time_step: Annotated[Time, Field(gt=0)] = 5e-14


def _kind(described: Any) -> str:
    # A protocol in time came first and has no kind.
    if isinstance(described, Mapping):
        return str(described.get("kind", "in_time"))
    return str(getattr(described, "kind", "in_time"))


class RunSpec(Description):
    """One run: what is simulated, how, and by which engine.

    Parameters
    ----------
    device : Stripe or SpinIce
        The device, told apart by its ``kind``.
    material : Material or str
        Its material, or the name of one in `geometries.library`.
    protocol : Protocol or FieldSteps
        What is done to it: in time, or, told apart by its ``kind``, in field steps.
    numerics : Numerics
        Numerical options.
    engine : str
        The engine that runs it: "oommf", "native", or one that another package adds
        (`runs.engines`). `auto` is a question for a campaign or the command line: an
        id needs the answer.

    Raises
    ------
    pydantic.ValidationError
        If a field is wrong, naming it, or if the fields do not fit each other.
    """

    device: Device
    material: MaterialField
    protocol: Annotated[
        Annotated[Protocol, Tag("in_time")] | Annotated[FieldSteps, Tag("field_steps")], Discriminator(_kind)
    ]
    numerics: Numerics = Numerics()
    engine: EngineName = "native"

    @model_validator(mode="after")
    def _check(self) -> RunSpec:
        self.protocol.check(self.device)
        check_torques(self.device, self.material, self.protocol.channels(self.device))
        check = getattr(get_engine(self.engine), "check", None)
        if check is not None:
            check(self)
        # Walls whose width is left to the material are checked against each other here.
        self.device.initial_magnetisation(self.material)
        self.device.warn_if_coarse(self.material)
        return self

    @property
    def in_time(self) -> Protocol:
        """The protocol, of a run in time.

        Raises
        ------
        ValueError
            If the run is one in field steps.
        """
        if self.protocol.rest_fields is not None:
            raise ValueError(
                f"run {self.run_id}: its protocol is one of field steps, in which no time passes; this needs one in "
                "time, with pulses, ramps or rests"
            )
        return cast(Protocol, self.protocol)

    def canonical_json(self) -> str:
        """JSON in one canonical form: keys sorted, numbers as SI floats, no white space.

        `SCHEMA_VERSION` is in. Left out are the material's name and source, which do
        not change the numbers, and fields that have their default, so that a field
        that is added later leaves the ids of stored runs alone; when a default
        changes, `SCHEMA_VERSION` must.
        """
        content = _said(self)
        for label in ("name", "source"):
            content["material"].pop(label, None)
        return json.dumps({"schema": SCHEMA_VERSION, **content}, sort_keys=True, separators=(",", ":"), allow_nan=False)

    @property
    def run_id(self) -> str:
        """First 16 hexadecimal digits of the SHA-256 of `canonical_json`."""
        return hashlib.sha256(self.canonical_json().encode()).hexdigest()[:16]


def _said(value: Any) -> Any:
    """What a description says beyond its defaults, as plain JSON values."""
    if isinstance(value, BaseModel):
        fields = type(value).model_fields
        return {
            name: _said(getattr(value, name))
            for name, field in fields.items()
            if name in _DISCRIMINATORS or field.default_factory or getattr(value, name) != field.default
        }
    if isinstance(value, (list, tuple)):
        return [_said(item) for item in value]
    return 0.0 if isinstance(value, float) and value == 0 else value


_DISCRIMINATORS = ("kind", "do", "shape", "engine")
