"""Schema of results on skyrmions: the one definition."""

from __future__ import annotations

import xarray as xr

from analysis.schema import Variable, check_variables, frame_dimension

__all__ = ["check_skyrmions"]

_EACH = {
    "x": ("f", "m"),
    "y": ("f", "m"),
    "charge_x": ("f", "m"),
    "charge_y": ("f", "m"),
    "radius": ("f", "m"),
    "width": ("f", "m"),
    "helicity": ("f", "rad"),
    "polarity": ("f", None),
    "charge": ("f", None),
    "edge_distance": ("f", "m"),
    "kind": ("UOT", None),
    "resolved": ("b", None),
}
_IN_TIME = {"velocity_x": ("f", "m/s"), "velocity_y": ("f", "m/s")}
_FRAMES = {
    "number": ("i", None),
    "total_charge": ("f", None),
    "edge_charge": ("f", None),
    "unaccounted_charge": ("f", None),
    "wall_length": ("f", "m"),
    "state": ("UOT", None),
}
_EVENTS = {
    "event_kind": Variable(("event",), "UOT"),
    "event_frame": Variable(("event",), "i"),
    "event_x": Variable(("event",), "f", "m"),
    "event_y": Variable(("event",), "f", "m"),
    "event_skyrmion": Variable(("event",), "i"),
    "event_other": Variable(("event",), "i"),
}


def check_skyrmions(skyrmions: xr.Dataset, *, in_time: bool = False, owner: str = "skyrmions") -> None:
    """Check, as `analysis.schema.check_run` does, that a Dataset is one that `analysis.find_skyrmions` gives.

    `in_time` also demands that frames lie along t.
    """
    frames = frame_dimension(skyrmions, owner=owner)
    if in_time and frames != "t":
        raise ValueError(f"{owner} has field steps, at rest each; this needs a run in time, along t")
    each = _EACH | (_IN_TIME if frames == "t" else {})
    rules = {name: Variable((frames, "skyrmion"), kinds, units) for name, (kinds, units) in each.items()}
    rules |= {name: Variable((frames,), kinds, units) for name, (kinds, units) in _FRAMES.items()}
    check_variables(owner, skyrmions, rules | _EVENTS)
