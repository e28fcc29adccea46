"""Targets of export: the programs that devices are written for, found by entry points."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geometries.plugins import PluginError, plugins
from runs.whole_files import write_whole

__all__ = ["FAILED", "ExportSettings", "ExportTarget", "Files", "as_text", "export_target", "taking"]

FAILED = "failed_fit"
"""Loss to accept if a device is exported though its fit failed."""
Files = Mapping[str, Callable[[Path], object]]
"""Functions that write each file, by its name."""


@dataclass(frozen=True)
class ExportSettings:
    """Settings of an export beyond the model; None where the model's own fitted range has it.

    Parameters
    ----------
    accept : collection of str
        Names of what may be lost.
    amplitude, width : float or None
        Pulses that describe a synapse, in A/m2 and s: the middle of the fitted amplitudes and the shortest
        fitted width.
    drive : (float, float) or None
        Weakest and strongest |J| in A/m2 of a neuron.
    period : float or None
        Time in s from one pulse of `width` to the next that excite a neuron, for NIR; None for currents that are held.
    step : float or None
        Time step of cells, in s of the device: a fiftieth of the shortest interval.
    time_factor : float
        Seconds of a NIR graph for each second of the device.
    seed : int
        Seed of whatever is drawn.

    Examples
    --------
    >>> settings = ExportSettings(accept=("heat", "refractory"), drive=(1e11, 4e11), time_factor=1e5)
    >>> f"{1e-9 * settings.time_factor:.0e} s of the graph for 1 ns of the device"
    '1e-04 s of the graph for 1 ns of the device'
    """

    accept: Collection[str] = ()
    amplitude: float | None = None
    width: float | None = None
    drive: tuple[float, float] | None = None
    period: float | None = None
    step: float | None = None
    time_factor: float = 1.0
    seed: int = 0


@dataclass(frozen=True)
class ExportTarget:
    """A program that devices are exported to.

    `of_neuron` and `of_synapse` take a device, the name with which files' names begin, and the settings, and give what
    writes each file; they refuse before anything is written. None where the program takes no such device.
    """

    of_neuron: Callable[[Any, str, ExportSettings], Files] | None = None
    of_synapse: Callable[[Any, str, ExportSettings], Files] | None = None

    def __post_init__(self) -> None:
        if not self.takes:
            raise ValueError("ExportTarget: it takes no device; give of_neuron, of_synapse, or both")

    @property
    def takes(self) -> tuple[str, ...]:
        """Roles that it takes: "neuron", "synapse" or both."""
        ways = (("neuron", self.of_neuron), ("synapse", self.of_synapse))
        return tuple(word for word, way in ways if way is not None)


def export_target(name: str) -> ExportTarget:
    """A target by its name, of the workbench or of another package.

    Raises
    ------
    ValueError
        If no package announces it, or what it announces is none.
    """
    known = plugins("solitons.export_targets")
    if name not in known:
        raise ValueError(
            f"export: {name!r} is no target; neurons go to {', '.join(taking('neuron'))}, and synapses to "
            f"{', '.join(taking('synapse'))}; 'solitons export CAMPAIGN --to rocrate' packs a whole campaign"
        )
    found = known[name].load()
    if not isinstance(found, ExportTarget):
        raise PluginError(
            f"{name!r} of the package {known[name].packages[0]} is no ExportTarget (solitons.exports.target); mend the "
            "entry point"
        )
    return found


def taking(device: str) -> list[str]:
    """Names of the targets that take a "neuron" or a "synapse"; those that cannot be imported are left out."""
    found = []
    for name, plugin in plugins("solitons.export_targets").items():
        try:
            target = plugin.load()
        except PluginError:
            continue
        if isinstance(target, ExportTarget) and device in target.takes:
            found.append(name)
    return found


def as_text(content: str) -> Callable[[Path], object]:
    """Function that writes a text whole, or not at all."""
    return lambda path: write_whole(path, content)
