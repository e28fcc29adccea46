"""Any device, told apart by its ``kind``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Discriminator, Tag

from geometries.spin_ice.device import SpinIce
from geometries.stripe.device import Stripe

__all__ = ["Device"]


def _kind(described: Any) -> str:
    # The first devices were stripes and may leave their kind out.
    if isinstance(described, Mapping):
        return str(described.get("kind", "stripe"))
    return str(getattr(described, "kind", "stripe"))


Device = Annotated[
    Annotated[Stripe, Tag("stripe")] | Annotated[SpinIce, Tag("spin_ice")],
    Discriminator(_kind),
]
"""A device: data with a mesh, a mask, labels, an initial magnetisation and a bias field."""
