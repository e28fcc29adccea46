"""Observables: what the workbench reads off any run by itself, for sweeps and for the page on a store.

A family, or a package of yours, announces its `Observables` as an entry point of the group
``analysis.observables``, the workbench's own among them::

    [project.entry-points."analysis.observables"]
    areas = "my_lab.areas:OBSERVABLES"

An observable of a sweep is one number a run, and is asked for by its name. What a device or a
protocol can never have is refused before anything runs (`why_unfit`); what one run happens not to
have, such as the position of a wall that left, raises `NotInThisRun` with the reason. What a page
draws over time are DataArrays.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, TypeVar

import xarray as xr

from geometries.plugins import PluginError, get_plugin, plugins
from geometries.usual_names import proposal
from runs.spec import RunSpec

__all__ = [
    "NotInThisRun",
    "Observable",
    "Observables",
    "SeenRun",
    "measured",
    "observables",
    "observables_named",
    "observables_over_time",
    "why_unfit",
]

GROUP = "analysis.observables"
Found = TypeVar("Found")


class NotInThisRun(ValueError):
    """A run does not have what was looked for; the message gives the reason, without the run's name."""


@dataclass(frozen=True, eq=False)
class SeenRun:
    """A run, and what several observables share of it.

    Parameters
    ----------
    spec : RunSpec
        The run's spec.
    run : xarray.Dataset
        The run, lazy.

    Examples
    --------
    >>> from analysis import artificial
    >>> seen = SeenRun(None, artificial.domain_walls([100e-9, 120e-9]))
    >>> def frames(seen):
    ...     return seen.run.sizes["t"]
    >>> seen.once(frames), seen.once(frames)  # computed once
    (2, 2)
    """

    spec: RunSpec
    run: xr.Dataset
    _found: dict[Any, Any] = field(default_factory=dict, repr=False)

    def once(self, find: Callable[[SeenRun], Found]) -> Found:
        """Return what a function finds in the run; it is called once, however many observables ask."""
        if find not in self._found:
            self._found[find] = find(self)
        found: Found = self._found[find]
        return found


@dataclass(frozen=True)
class Observable:
    """One number of a run.

    Parameters
    ----------
    name : str
        Name by which a sweep asks for it.
    label : str
        Label in plots.
    unit : str
        Its SI unit; empty for a plain number.
    description : str
        Description, in a sentence.
    measure : callable
        Takes a `SeenRun`; raises `NotInThisRun` where the run has none.
    needs : tuple of callables
        Each takes a `RunSpec` and returns why no such run can ever have it; empty if nothing is in the way.
    beside : str
        Of a closed form: the name of the observable that it is the theory of. Where a sweep has both, a plot shows this
        one as a dashed line beside the other.
    from_energies : bool
        Whether states and energies of a way of least energy are all that it is made of: then the energies of the same
        states in another device have it too, to first order (`solitons.campaigns.design`).
    """

    name: str
    label: str
    unit: str
    description: str
    measure: Callable[[SeenRun], float]
    needs: tuple[Callable[[RunSpec], str], ...] = ()
    beside: str = ""
    from_energies: bool = False


@dataclass(frozen=True)
class Observables:
    """Observables that a family, or another package, reads off runs.

    Parameters
    ----------
    numbers : sequence of Observable
        One number a run each, for sweeps.
    over_time : mapping of str to callable, optional
        By the kind of a device: takes a `RunSpec` and its run, and returns DataArrays over the run's frames, and over
        one dimension more where there are several of a kind. ``attrs`` have ``long_name`` and ``units``. Where there is
        nothing to draw it raises ``ValueError`` with the reason.
    """

    numbers: Sequence[Observable] = ()
    over_time: Mapping[str, Callable[[RunSpec, xr.Dataset], Sequence[xr.DataArray]]] = MappingProxyType({})


def observables() -> Mapping[str, Observable]:
    """All observables of sweeps by their names, including other packages'.

    Raises
    ------
    ValueError
        If a package that announces some cannot be imported, or two observables share a name.
    """
    found: dict[str, Observable] = {}
    for name, group in _groups().items():
        for each in group.numbers:
            if each.name in found:
                raise PluginError(f"observables {name!r}: {each.name!r} is there already; choose another name")
            found[each.name] = each
    return MappingProxyType(found)


def observables_over_time(kind: str) -> Callable[[RunSpec, xr.Dataset], Sequence[xr.DataArray]] | None:
    """Observable to draw over time of a device's runs; None if no package has one.

    Parameters
    ----------
    kind : str
        Kind of the device.
    """
    groups = _groups().values()
    return next((group.over_time[kind] for group in groups if kind in group.over_time), None)


def _groups() -> Mapping[str, Observables]:
    found = {}
    for name in plugins(GROUP):
        plugin = get_plugin(GROUP, name, "group of observables")
        loaded, where = plugin.load(), plugin.entry_points[0].value
        if not isinstance(loaded, Observables):
            raise PluginError(f"observables {name!r}: {where} is no Observables; mend the entry point")
        found[name] = loaded
    return found


def observables_named(names: Sequence[str]) -> tuple[Observable, ...]:
    """The observables of these names, in order.

    Raises
    ------
    ValueError
        If there is no such observable.
    """
    known = observables()
    for name in names:
        if name not in known:
            meant = proposal(name, known)
            raise ValueError(
                f"observables: {name[:80]!r} is not known; {f'did you mean {meant!r}? ' if meant else ''}Give some of "
                f"{', '.join(known)}"
            )
    return tuple(known[name] for name in names)


def why_unfit(observable: Observable, spec: RunSpec) -> str:
    """Why no run with such a device and protocol can have an observable; empty if it can."""
    return next(filter(None, (need(spec) for need in observable.needs)), "")


def measured(observable: Observable, seen: SeenRun) -> float:
    """An observable of one run.

    Raises
    ------
    NotInThisRun
        If this run does not have it, though others may.
    """
    if why := why_unfit(observable, seen.spec):
        raise NotInThisRun(why)
    return observable.measure(seen)
