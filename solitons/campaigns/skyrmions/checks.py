"""Checks of the runs that the fit and the report require, before anything runs."""

from __future__ import annotations

from collections.abc import Sequence

from geometries import Material, SkyrmionTrack
from geometries.skyrmions.skyrmions import PackedSkyrmions, SkyrmionTrain
from runs import RunSpec
from solitons.skyrmions.runs import check_rest, torques_along, track_of

__all__ = ["check_runs", "outside_model"]

# Constants that change how a skyrmion moves, besides its energy.
_MOTION = {
    "Ms": "Ms",
    "alpha": "damping",
    "gamma0": "gyromagnetic ratio",
    "P": "spin polarisation",
    "beta": "non-adiabaticity",
    "spin_hall_angle": "spin-Hall angle",
}


def check_runs(specs: Sequence[RunSpec]) -> None:
    """Refuse runs, of one track and material, that the model cannot answer.

    The device must be a straight or curved track with skyrmions, a single one if curved; a current must be one that the
    model knows and not 0. The skyrmion must be stable: the native engine relaxes the film to see that.
    """
    track = track_of(specs[0])
    kinds = {each.kind for each in track.skyrmions}
    if kinds != {"skyrmion"} or any(isinstance(each, PackedSkyrmions) for each in track.skyrmions):
        has = ", ".join(sorted(kinds)) or "none"
        raise ValueError(
            f"base.device.skyrmions has {has}; the campaign follows skyrmions of kind 'skyrmion' from known places: "
            "give one, several or a train, with positions and a radius"
        )
    if track.path.kind != "straight" and (len(track.skyrmions) > 1 or isinstance(track.skyrmions[0], SkyrmionTrain)):
        raise ValueError(
            "base.device.skyrmions has several in a curved track, and the force between two is that of a straight one; "
            "give one skyrmion, or a path of kind 'straight'"
        )
    for spec in specs:
        if not any(wave.peak for _, wave in spec.in_time.channels(track)):
            raise ValueError("base.protocol.steps has no current in a run; give each a current that is not 0")
        torques_along(spec)
    check_rest(specs[0])


def outside_model(track: SkyrmionTrack, material: Material) -> list[str]:
    """Properties of a track beyond the model, in words; energies of its material are in the landscape."""
    has: dict[str, object] = {"notches": track.notches, "rough edges": track.edge_roughness}
    parts = [part.material for part in track.placed_parts(material)[1:]]
    for name, words in _MOTION.items():
        has[f"a part with another {words}"] = any(getattr(part, name) != getattr(material, name) for part in parts)
    return [name for name, there in has.items() if there]
