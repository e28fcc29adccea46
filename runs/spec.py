"""The run specification: everything that changes the numbers, and its id.

A `RunSpec` is a device, its material, a protocol, numerical options and the
engine's name. Its id is a pure function of its canonical JSON, so that a run is
found in a store by what it is, on every machine and in every version that keeps
`SCHEMA_VERSION`.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from functools import cached_property, lru_cache
from typing import Annotated, Any

from pydantic import BaseModel, Discriminator, Field, Tag, model_validator

from geometries import Description, Material
from geometries.device import AbstractDevice
from geometries.devices import Device
from geometries.materials import MaterialField
from geometries.plain_files import JsonError, parse_json
from geometries.quantities import FieldStrength
from geometries.sizes import check_frames, check_mesh
from runs.engine_registry import EngineName, check_engine, load_engine
from runs.ensemble import Ensemble
from runs.protocols.abstract_step import Duration
from runs.protocols.domain_walls.held_wall import HeldWall
from runs.protocols.energy_path import EnergyPath
from runs.protocols.field_steps import FieldSteps
from runs.protocols.in_time import Protocol
from runs.protocols.magnet_logic.clock_checks import warn_if_too_fast
from runs.protocols.magnet_logic.spin_orbit_clock import warn_if_too_weak
from runs.protocols.material_checks import check_torques
from runs.schema_version import SCHEMA_VERSION

__all__ = ["SCHEMA_VERSION", "Numerics", "OlderSchemaError", "RunSpec", "read_spec"]


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

    Examples
    --------
    >>> from runs import Numerics
    >>> Numerics(demagnetisation=False).demagnetisation
    False
    """

    demagnetisation: bool = True
    stopping_torque: Annotated[FieldStrength, Field(gt=0)] = 0.1
    thermal_time_step: Duration = 5e-14


def _kind(described: Any) -> str:
    # A protocol in time came first and has no kind.
    if isinstance(described, Mapping):
        return str(described.get("kind", "in_time"))
    return str(getattr(described, "kind", "in_time"))


class OlderSchemaError(ValueError):
    """A stored run was described in an older schema or of another device version: no spec of today has its id.

    It can be read nevertheless: `spec` describes the same run today, with an id of its own.
    """

    def __init__(self, run_id: str, spec: RunSpec) -> None:
        older = f"in schema 1, by an older version of the workbench, and this one has schema {SCHEMA_VERSION}"
        if spec.device.version != 1:
            older = f"with another version of the device {spec.device.kind!r} than {spec.device.version}, which is here"
        super().__init__(
            f"run {run_id} was described {older}: it can be opened, but is not found by a spec of today, which "
            f"would be run {spec.run_id}; keep it, or remove it with 'solitons rm {run_id}'"
        )
        self.run_id, self.spec = run_id, spec


class RunSpec(Description):
    """One run: what is simulated, how, and by which engine.

    Parameters
    ----------
    device : AbstractDevice
        The device, of the family that its ``kind`` names.
    material : Material or str
        Its material, or the name of one in `geometries.materials.library`.
    protocol : Protocol, FieldSteps, HeldWall or EnergyPath
        Protocol of the drive: in time, or, distinguished by its ``kind``, in field steps, with its wall held, or along
        the way of least energy to other states.
    numerics : Numerics
        Numerical options.
    ensemble : Ensemble, optional
        Makes it an ensemble of runs that differ in their noise; one run if left out.
    engine : str
        The engine that runs it: "oommf", "native", or one that another package adds
        (`runs.engines`). `auto` is a question for a campaign or the command line: an
        id needs the answer.

    Raises
    ------
    pydantic.ValidationError
        If a field is wrong, naming it, or if the fields do not fit each other.

    Examples
    --------
    >>> from geometries import Stripe
    >>> from runs import ConstantField, Protocol, RunSpec
    >>> film = {"name": "film", "Ms": "600 kA/m", "A": "12 pJ/m", "Ku": "0.5 MJ/m^3", "alpha": 0.1}
    >>> protocol = Protocol(steps=[ConstantField(amplitude=(0, 0, "1 kA/m"), duration="1 ns")])
    >>> spec = RunSpec(device=Stripe.example(), material=film, protocol=protocol, engine="native")
    >>> len(spec.run_id), spec.run_id == spec.model_copy().run_id
    (16, True)
    """

    device: Device
    material: MaterialField
    protocol: Annotated[
        Annotated[Protocol, Tag("in_time")]
        | Annotated[FieldSteps, Tag("field_steps")]
        | Annotated[HeldWall, Tag("held_wall")]
        | Annotated[EnergyPath, Tag("energy_path")],
        Discriminator(_kind),
    ]
    numerics: Numerics = Numerics()
    ensemble: Ensemble | None = None
    engine: EngineName = "native"

    @model_validator(mode="after")
    def _check(self) -> RunSpec:
        check_mesh(self.device.shape, self.device.cell)
        check_frames(self.protocol.frame_count, math.prod(self.device.shape))
        self.protocol.check(self.device)
        check_torques(self.device, self.material, self.protocol.channels(self.device))
        self._check_ensemble()
        self._check_engine()
        self.device.local_anisotropy(self.material)
        # Walls whose width is left to the material are checked against each other here.
        try:
            _start(self.device, self.material)
        except TypeError:  # a device of another package, with fields that cannot be compared at once
            self.device.initial_magnetisation(self.material)
        if self.protocol.window is not None:
            self.protocol.window.check_start(self.device.initial_magnetisation(self.material))
        self.device.warn_if_coarse(self.material)
        warn_if_too_fast(self.device, self.material, self.protocol)
        warn_if_too_weak(self.device, self.material, self.protocol)
        return self

    def _check_ensemble(self) -> None:
        if self.ensemble is None:
            return
        if not self.protocol.temperature_profile.peak:
            raise ValueError(
                f"ensemble: {self.ensemble.members} members at 0 K would all be the same run, since noise alone tells "
                "them apart; give the protocol a temperature, or leave the ensemble out"
            )
        if self.protocol.window is not None:
            raise ValueError(
                f"ensemble: the {self.ensemble.members} members would each have a moving window of their own, and "
                "members are run in one mesh; leave protocol.moving_window out, or give runs with other seeds"
            )
        self.ensemble.check_size(self.protocol.frame_count, math.prod(self.device.shape))

    def for_engine(self, engine: str) -> RunSpec:
        """Give the same run for another engine.

        Raises
        ------
        ValueError
            If there is no such engine, or it cannot run this.
        """
        if engine == self.engine:
            return self
        spec = self.model_copy(update={"engine": check_engine(engine)})
        spec._check_engine()
        return spec

    def _check_engine(self) -> None:
        engine = load_engine(self.engine)
        check = getattr(engine, "check", None)
        if check is not None:
            check(self)
        if self.ensemble is not None and not getattr(engine, "RUNS_ENSEMBLES", False):
            raise ValueError(
                f"ensemble: {self.ensemble.members} members, and engine is {self.engine!r}, which makes one run at a "
                "time; use engine 'native', or leave the ensemble out and give runs with other seeds"
            )

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
        return self.protocol

    def canonical_json(self) -> str:
        """JSON in one canonical form: keys sorted, numbers as SI floats, no white space.

        `SCHEMA_VERSION` is in, and the `version` of the device's family unless it is 1.
        Left out are materials' names and sources, which do not change the numbers, and
        fields that have their default, so that a field that is added later leaves the
        ids of stored runs alone; when a default changes, `SCHEMA_VERSION` must.
        """
        content = {"schema": SCHEMA_VERSION, **_said(self)}
        if self.device.version != 1:
            content["device_version"] = self.device.version
        return json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=False)

    @cached_property
    def run_id(self) -> str:
        """First 16 hexadecimal digits of the SHA-256 of `canonical_json`."""
        return hashlib.sha256(self.canonical_json().encode()).hexdigest()[:16]


@lru_cache(maxsize=64)
def _start(device: AbstractDevice, material: Material) -> None:
    """See once for all runs of a sweep whether there is a magnetisation to start from."""
    device.initial_magnetisation(material)


def _said(value: Any) -> Any:
    """Fields that a description sets beyond its defaults, as plain JSON values."""
    if isinstance(value, BaseModel):
        fields = type(value).model_fields
        labels = ("name", "source") if isinstance(value, Material) else ()
        return {
            name: _said(getattr(value, name))
            for name, field in fields.items()
            if name not in labels
            and (name in _DISCRIMINATORS or field.default_factory or getattr(value, name) != field.default)
        }
    if isinstance(value, (list, tuple)):
        return [_said(item) for item in value]
    return 0.0 if isinstance(value, float) and value == 0 else value


_DISCRIMINATORS = ("kind", "do", "shape", "engine")


def read_spec(text: str, run_id: str) -> RunSpec:
    """Read the spec of a stored run from JSON, as ``spec.json`` and the attribute ``spec`` of a run Dataset have it.

    An OlderSchemaError, which has the spec of today, if it was described in schema 1, or with another version of its
    device; a ValueError if it is no spec.
    """
    try:
        content = parse_json(text)
        torques = content.get("protocol", {}).pop("torques", None)
        if torques is not None:
            _terminals_of_schema_1(content, torques)
    except (AttributeError, KeyError, TypeError, JsonError) as error:
        raise ValueError(f"run {run_id}: what is stored of it is no spec ({error})") from error
    spec = RunSpec.model_validate(content)
    if torques is not None or spec.run_id != run_id:
        raise OlderSchemaError(run_id, spec)
    return spec


def _terminals_of_schema_1(content: dict[str, Any], torques: list[str]) -> None:
    """Give the device the terminals that a protocol of schema 1 named by their torques."""
    kinds = {"zhang-li": "in_plane", "spin-orbit": "heavy_metal"}
    pulses = [step for step in content["protocol"]["steps"] if step["do"] == "current pulses"]
    if not pulses:
        return
    if torques != ["zhang-li"]:
        content["device"]["terminals"] = [{"kind": kinds[torque], "name": kinds[torque]} for torque in torques]
    elif content["device"].get("kind", "stripe") != "stripe":
        content["device"]["terminals"] = [{"kind": "in_plane", "name": "current"}]
    for step in pulses if len(torques) > 1 else ():
        step["terminal"] = [kinds[torque] for torque in torques]
