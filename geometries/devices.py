"""Any device: of a family of ours, or of one that an installed package adds."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Annotated, Any, cast

from pydantic import PlainValidator, SerializeAsAny

from geometries.device import AbstractDevice
from geometries.plugins import PluginError, get_plugin

__all__ = ["DEVICES", "Device", "device_class"]

DEVICES = "geometries.devices"
"""The group of entry points that devices are in, each named by its `kind`."""


def device_class(kind: str) -> type[AbstractDevice]:
    """Find a family of devices by its name.

    Parameters
    ----------
    kind : str
        Name of an entry point in the group ``geometries.devices``.

    Returns
    -------
    type of AbstractDevice

    Raises
    ------
    geometries.plugins.PluginError
        If there is none, two packages claim the name, its package cannot be imported, or
        it offers something else than a device of this kind, or one that lacks members.

    Examples
    --------
    >>> device_class("spin_ice").__name__
    'SpinIce'
    """
    plugin = get_plugin(DEVICES, kind, "kind of device")
    family = plugin.load()
    wrong = ""
    if not (isinstance(family, type) and issubclass(family, AbstractDevice)):
        wrong = f"{family!r}, no subclass of geometries.AbstractDevice; mend the package"
    elif inspect.isabstract(family):
        missing = ", ".join(sorted(family.__abstractmethods__))
        wrong = f"{family.__name__}, which lacks {missing}; give the class all that a family has"
    elif family.model_fields["kind"].default != kind:
        wrong = (
            f"{family.__name__}, whose kind is {family.model_fields['kind'].default!r}; give the class the name of its "
            "entry point as kind"
        )
    if wrong:
        raise PluginError(f"{kind!r} of the package {plugin.packages[0]} is {wrong}")
    return cast(type[AbstractDevice], family)


def _described(device: Any) -> Any:
    if isinstance(device, AbstractDevice):
        return device
    if not isinstance(device, Mapping):
        raise ValueError(f"{device!r} is no device; give one, or a table with its kind and its fields")
    # The first devices were stripes and may leave their kind out.
    kind = device.get("kind", "stripe")
    if not isinstance(kind, str):
        raise ValueError(f"kind = {kind!r} is no name of a kind of device; give one, such as 'stripe' or 'spin_ice'")
    return device_class(kind).model_validate(device)


# Plain: a device that is made is checked, and need not be again in every run of a sweep.
Device = Annotated[AbstractDevice, SerializeAsAny(), PlainValidator(_described)]
"""A device as a field of a specification; a table becomes one of the family that its ``kind`` names."""
