"""What can be read off a run of a sweep, by name: one number a run.

An observable has a unit, a description, what it needs of a run, and how it is measured.
What a device or a protocol can never have is refused before anything runs (`why_unfit`);
what one run happens not to have, such as the position of a wall that left, raises
`NotInThisRun` with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
import xarray as xr

from analysis import logic_values, vertex_fractions, vertices
from analysis.applied_fields import field_line
from analysis.schema import frame_dimension
from geometries import MagnetArray, SpinIce
from geometries.usual_names import proposal
from runs.spec import RunSpec
from solitons.campaigns.sweep.loops import coercive_field, loop_in, remanence
from solitons.campaigns.sweep.seen_run import NotInThisRun, SeenRun

__all__ = ["OBSERVABLES", "Observable", "measured", "observables_named", "why_unfit"]


@dataclass(frozen=True)
class Observable:
    """One number of a run.

    Parameters
    ----------
    name : str
        By which a campaign asks for it.
    label : str
        What a plot calls it.
    unit : str
        Its SI unit; empty for a plain number.
    description : str
        What it is, in a sentence.
    measure : callable
        Takes a `SeenRun`; raises `NotInThisRun` where the run has none.
    needs : tuple of callables
        Each takes a `RunSpec` and returns why no such run can ever have it; empty if nothing is in the way.
    """

    name: str
    label: str
    unit: str
    description: str
    measure: Callable[[SeenRun], float]
    needs: tuple[Callable[[RunSpec], str], ...] = ()


def observables_named(names: Sequence[str]) -> tuple[Observable, ...]:
    """The observables of these names, in order."""
    for name in names:
        if name not in OBSERVABLES:
            meant = proposal(name, OBSERVABLES)
            raise ValueError(
                f"observables: {name[:80]!r} is not known; {f'did you mean {meant!r}? ' if meant else ''}Give some of "
                f"{', '.join(OBSERVABLES)}"
            )
    return tuple(OBSERVABLES[name] for name in names)


def why_unfit(observable: Observable, spec: RunSpec) -> str:
    """Why no run with such a device and protocol can have an observable; empty if it can."""
    return next(filter(None, (need(spec) for need in observable.needs)), "")


def measured(observable: Observable, seen: SeenRun) -> float:
    """An observable of one run; `NotInThisRun` if this run does not have it, though others may."""
    if why := why_unfit(observable, seen.spec):
        raise NotInThisRun(why)
    return observable.measure(seen)


def _walls(spec: RunSpec) -> str:
    if isinstance(spec.device, SpinIce):
        return "device is a spin_ice, which has no walls along x; give a device that walls move in, such as a stripe"
    return ""


def _time(spec: RunSpec) -> str:
    if spec.protocol.rest_fields is not None:
        return "protocol goes through states at rest, in which no time passes; give a protocol in time"
    return ""


def _islands(spec: RunSpec) -> str:
    if isinstance(spec.device, SpinIce):
        return ""
    return f"device is a {spec.device.kind}, which has no islands; give a spin_ice"


def _four_ends(spec: RunSpec) -> str:
    if isinstance(spec.device, SpinIce) and 4 not in spec.device.islands(spec.material)["coordination"].values:
        return "device has no vertex at which four islands meet, and only these are of a type; count monopoles"
    return ""


def _outputs(spec: RunSpec) -> str:
    if not isinstance(spec.device, MagnetArray):
        return f"device is a {spec.device.kind}, which has no outputs; give a magnet_array"
    if not any(magnet.role == "output" for magnet in spec.device.magnets):
        return "device has no output; give a magnet that role"
    return ""


def _line(spec: RunSpec) -> str:
    if _line_of(spec) is None:
        return (
            "the applied field of protocol lies along no one line in the frames of the run; use mx, my and mz, or "
            "apply a field along a line"
        )
    return ""


def _loop(spec: RunSpec) -> str:
    if loop_in(spec.protocol) is None:
        return "protocol has no loop; give one of kind field_steps with the step 'loop'"
    return ""


def _line_of(spec: RunSpec) -> npt.NDArray[np.float64] | None:
    return field_line(spec.protocol.applied(spec.device)["applied_field"].values.astype(np.float64))


def _last(column: str) -> Callable[[SeenRun], float]:
    return lambda seen: float(seen.run[column][-1])


def _along_field(seen: SeenRun) -> float:
    line = _line_of(seen.spec)
    assert line is not None  # `measured` has refused others
    return float(line @ [float(seen.run[name][-1]) for name in ("mx", "my", "mz")])


def _wall_at_end(column: str) -> Callable[[SeenRun], float]:
    def measure(seen: SeenRun) -> float:
        value = float(seen.first_wall[column][-1])
        if not np.isfinite(value):
            raise NotInThisRun("the first wall is gone at the end")
        return value

    return measure


def _wall_count(seen: SeenRun) -> float:
    return float(np.isfinite(seen.walls["position"].values[-1]).sum())


def _displacement(seen: SeenRun) -> float:
    return _wall_at_end("position")(seen) - float(seen.first_wall["position"].dropna("t")[0])


def _mean_velocity(seen: SeenRun) -> float:
    there = seen.first_wall["position"].dropna("t")
    if there.size < 2:
        raise NotInThisRun("the first wall is there in one frame only")
    return float((there[-1] - there[0]) / (there["t"][-1] - there["t"][0]))


def _largest_velocity(seen: SeenRun) -> float:
    velocity = seen.first_wall["velocity"].dropna("t").values
    if not velocity.size:
        raise NotInThisRun("the first wall is there in one frame only")
    return float(velocity[np.argmax(np.abs(velocity))])


def _exit(seen: SeenRun) -> float:
    time = float(seen.first_wall["exit"])
    if not np.isfinite(time):
        raise NotInThisRun("the first wall stays to the end")
    return time


def _flipped(seen: SeenRun) -> float:
    spin = seen.spins.values
    return float((spin[-1] != spin[0]).mean())


def _monopoles(seen: SeenRun) -> float:
    # Each has a charge of two ends of islands.
    found = vertices(seen.spins[-1], seen.islands)
    return float(np.abs(found["monopole_charge"].values.astype(int)).sum() // 2)


def _of_type(kind: int) -> Callable[[SeenRun], float]:
    def measure(seen: SeenRun) -> float:
        return float(vertex_fractions(vertices(seen.spins[-1], seen.islands))["type_fraction"].sel(type=kind))

    return measure


def _output_values(seen: SeenRun) -> xr.Dataset:
    array = seen.spec.device
    assert isinstance(array, MagnetArray)  # `measured` has refused others
    last = seen.run.isel({frame_dimension(seen.run): slice(-1, None)})
    names = [magnet.name for magnet in array.magnets if magnet.role == "output"]
    return logic_values(last, array).sel(magnet=names)


def _output_pattern(seen: SeenRun) -> float:
    found = _output_values(seen)
    values = found["value"].values[0].tolist()
    if 0 in values:
        raise NotInThisRun(f"output {str(found['magnet'].values[values.index(0)])!r} is undecided at the end")
    return float(sum((value > 0) << place for place, value in enumerate(reversed(values))))


def _output_margin(seen: SeenRun) -> float:
    return float(np.abs(_output_values(seen)["projection"].values).min())


_ALL = (
    *(
        Observable(
            f"m{axis}",
            f"mean m_{axis} at the end",
            "",
            f"Mean of m_{axis} over the magnet, at the end",
            _last(f"m{axis}"),
        )
        for axis in "xyz"
    ),
    Observable(
        "m_along_field",
        "mean m along the field at the end",
        "",
        "Mean magnetisation at the end, along the line of the applied field; its largest component counts as positive",
        _along_field,
        (_line,),
    ),
    Observable("energy", "total energy at the end", "J", "Total energy at the end", _last("energy")),
    Observable("wall_count", "walls at the end", "", "How many walls there are at the end", _wall_count, (_walls,)),
    Observable(
        "wall_position",
        "wall position at the end",
        "m",
        "Position of the first wall at the end",
        _wall_at_end("position"),
        (_walls,),
    ),
    Observable(
        "wall_displacement",
        "wall displacement",
        "m",
        "Position of the first wall at the end, less that at the start",
        _displacement,
        (_walls,),
    ),
    Observable(
        "wall_velocity",
        "mean wall velocity",
        "m/s",
        "Mean velocity of the first wall while it is there: its way over the time, rises and rests included",
        _mean_velocity,
        (_walls, _time),
    ),
    Observable(
        "wall_largest_velocity",
        "largest wall velocity",
        "m/s",
        "Velocity of the first wall, from frame to frame, where it is largest in size; with its sign",
        _largest_velocity,
        (_walls, _time),
    ),
    Observable(
        "wall_angle",
        "wall angle at the end",
        "rad",
        "Angle of the first wall's moment at the end, from −π to π: in the plane from +x for walls between up and down "
        "domains, around the stripe's axis from +y for head-to-head walls",
        _wall_at_end("angle"),
        (_walls,),
    ),
    Observable(
        "wall_width",
        "wall width Δ at the end",
        "m",
        "Bloch parameter Δ of the first wall at the end",
        _wall_at_end("width"),
        (_walls,),
    ),
    Observable(
        "wall_tilt",
        "wall tilt at the end",
        "rad",
        "Angle by which the first wall's line is turned away from y at the end",
        _wall_at_end("tilt"),
        (_walls,),
    ),
    Observable("wall_exit", "time of the wall's exit", "s", "When the first wall left", _exit, (_walls, _time)),
    Observable(
        "flipped_fraction",
        "fraction of flipped islands",
        "",
        "Fraction of the islands that are the other way round at the end than at the start",
        _flipped,
        (_islands,),
    ),
    Observable(
        "monopoles",
        "monopoles at the end",
        "",
        "How many magnetic monopoles there are at the end, of either sign: charges of vertices beyond the ice rule",
        _monopoles,
        (_islands,),
    ),
    *(
        Observable(
            f"vertex_type_{kind}",
            f"fraction of vertices of type {kind} at the end",
            "",
            f"Fraction of type {kind} at the end, of the vertices at which four islands meet",
            _of_type(kind),
            (_islands, _four_ends),
        )
        for kind in range(1, 5)
    ),
    Observable(
        "output_pattern",
        "outputs at the end, as a binary number",
        "",
        "Values of a magnet array's outputs at the end as a binary number, a digit 1 for +1, the first output's the "
        "highest: the row's result where device.input_pattern is swept; there is none where an output is undecided",
        _output_pattern,
        (_outputs,),
    ),
    Observable(
        "output_margin",
        "least output at the end",
        "",
        "Smallest size of the mean m of an output along its axis, at the end",
        _output_margin,
        (_outputs,),
    ),
    Observable(
        "coercive_field",
        "coercive field",
        "A/m",
        "Half the width of the last loop where the mean m along its axis passes 0",
        coercive_field,
        (_loop,),
    ),
    Observable(
        "remanence",
        "remanence",
        "",
        "Half the height of the last loop at zero applied field, as mean m along its axis",
        remanence,
        (_loop,),
    ),
)

OBSERVABLES: Mapping[str, Observable] = MappingProxyType({each.name: each for each in _ALL})
"""All observables by their names."""
