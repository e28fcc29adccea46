"""Many systems on one mesh at once: seeds, drives, material values, disorder."""

import dataclasses
import math
import os
from collections.abc import Callable, Sequence
from typing import Any

import jax
import jax.numpy as jnp
import micromagneticmodel as mm
import numpy as np
import pandas as pd
from jax import Array

from runs.native.columns import energy_columns
from runs.native.errors import IntegrationError
from runs.native.parallel import in_parallel
from runs.native.precision import Precision, rounded, working
from runs.native.terms.dense_demag import with_matrices
from runs.native.terms.thermal import ThermalField
from runs.native.time import batch, integrate
from runs.native.time.evolution import check_tolerance
from runs.native.time.stochastic import NOT_FINITE, is_checked, longest_heun_step, random_key, step_problem, steps_in
from runs.native.time.timetable import check_times, longest_step, stretches, table_length
from runs.native.translate import Translation, initial_amplitudes, tabulate, to_ubermag, translate

FIELDS = 60
"""Vector fields that one system needs at once, padded transforms of the demagnetising field included."""
SHARE = 0.5
"""Part of the free memory that batches may take."""
FEWEST = 8
"""Systems that are worth a thread of their own."""


def evolve_ensemble(
    systems: Sequence[mm.System],
    times: Sequence[float] | np.ndarray,
    progress: Callable[[float], Any] | None = None,
    *,
    measure: Callable[[np.ndarray], Any] | None = None,
    tolerance: float | None = None,
    fixed_subregions: Sequence[str] = (),
    thermal: Sequence[ThermalField] | None = None,
    precision: Precision = "double",
    batch_size: int | None = None,
) -> tuple[np.ndarray, pd.DataFrame]:
    """Integrate many systems of one kind at once; the systems are not changed.

    Their equations are one compiled function over a batch: every system takes its own steps, and
    what is the same in all of them (a demagnetising kernel) is in memory once.

    Parameters
    ----------
    systems : sequence of micromagneticmodel.System
        On one mesh, with the same terms; numbers, fields, waveforms, Ms and m may differ.
    times : sequence of float
        Times in s at which m is wanted, increasing from 0.
    progress : callable, optional
        Called with the part of the work that is done, from 0 to 1, by whichever thread has done it.
    measure : callable, optional
        Called with m (nx, ny, nz, 3) of each system at each time; its results are returned in place
        of m, so that a large ensemble need not hold every state. Several threads call it.
    tolerance, fixed_subregions, precision
        As for `evolve`.
    thermal : sequence of ThermalField, optional
        One a system, all with one `time_step`; their seeds make the systems' noise independent. For places
        in `systems` that are one object, and have fields that differ in their seeds alone, the step is checked once.
    batch_size : int, optional
        Number of systems at once. If not given, the systems are shared among the processor's cores, each of
        which has a batch, as large as half of the free memory holds.

    Returns
    -------
    m : numpy.ndarray
        Unit vectors (systems, nt, nx, ny, nz, 3), NaN outside the magnet, or what `measure` returned,
        (systems, nt, ...).
    table : pandas.DataFrame
        One row a system and time: `system` (its place), then the columns of `evolve`.

    Raises
    ------
    UnsupportedError
        A system holds something that this engine would have to ignore.
    ValueError
        No systems, systems that differ in their terms or mesh, or times that do not increase from 0;
        thermal fields that are not one a system, or differ in `time_step` or `check`.
    RuntimeError
        The temperature of a system is positive, and there is no thermal field.
    IntegrationError
        The integration of a system stopped early or a thermal field's step is too long; the message
        names the first.

    Examples
    --------
    Two films in fields of opposite signs:

    >>> import discretisedfield as df
    >>> import runs.native as nc
    >>> mesh, films = df.Mesh(p1=(0, 0, 0), p2=(20e-9, 10e-9, 5e-9), cell=(5e-9, 5e-9, 5e-9)), []
    >>> for sign in (1, -1):
    ...     film = mm.System(name="film", m=df.Field(mesh, nvdim=3, value=(0, 0, 1), norm=8e5))
    ...     film.energy = mm.Exchange(A=1.3e-11) + mm.Zeeman(H=(sign * 1e6, 0, 0))
    ...     film.dynamics = mm.Precession(gamma0=mm.consts.gamma0) + mm.Damping(alpha=1.0)
    ...     films.append(film)
    >>> m, table = nc.evolve_ensemble(films, [0, 50e-12])
    >>> m[:, -1, ..., 0].mean(axis=(1, 2, 3)).round(1).tolist()
    [1.0, -1.0]
    """
    stops = check_times(times, "evolve_ensemble")
    allowed = check_tolerance(tolerance, thermal, "evolve_ensemble")
    if not systems:
        raise ValueError("evolve_ensemble: systems is empty; give at least one")
    fields = _check_thermal(thermal, len(systems))
    translations = _translate_all(systems, fields, fixed_subregions)
    _check_alike(systems, translations)
    number = _chunks(len(systems), batch_size, translations[0], precision)
    # Chunks of one size, so that one size is compiled; what is missing in the last is a system twice.
    size = math.ceil(len(systems) / number)

    def chunk(first: int, report: Callable[[float], None]) -> tuple[list[np.ndarray], list[pd.DataFrame]]:
        members = np.minimum(np.arange(first, first + size), len(systems) - 1)
        m, table = _evolve(
            [systems[place] for place in members],
            [translations[place] for place in members],
            [fields[place] for place in members if fields],
            stops,
            report,
            measure or np.asarray,
            allowed,
            precision,
        )
        kept = min(size, len(systems) - first)
        return m[:kept], [one.assign(system=first + place) for place, one in enumerate(table[:kept])]

    done = in_parallel(chunk, range(0, len(systems), size), 1 if batch_size else _cores(), progress)
    everything = pd.concat([one for _, tables in done for one in tables], ignore_index=True)
    frames = [one for m, _ in done for one in m]
    return np.stack(frames), everything[["system", *everything.columns.drop("system")]]


def _check_thermal(thermal: Sequence[ThermalField] | None, systems: int) -> Sequence[ThermalField]:
    if thermal is None:
        return []
    if isinstance(thermal, ThermalField):
        raise ValueError("evolve_ensemble: thermal is one ThermalField; give a list with one for each system")
    if len(thermal) != systems:
        raise ValueError(f"evolve_ensemble: {len(thermal)} thermal fields for {systems} systems; give one for each")
    if len({(field.time_step, field.check) for field in thermal}) > 1:
        raise ValueError(
            "evolve_ensemble: all thermal fields must have one time_step and one check; got "
            f"{sorted({(field.time_step, field.check) for field in thermal})}"
        )
    return thermal


def _translate_all(
    systems: Sequence[mm.System], fields: Sequence[ThermalField], fixed_subregions: Sequence[str]
) -> list[Translation]:
    """Translate every system; places of one system whose thermal fields differ in their seeds share a translation."""
    made: dict[Any, Translation] = {}
    translations = []
    for place, system in enumerate(systems):
        field = fields[place] if fields else None
        key: Any = id(system)
        if field is not None:
            temperature = field.temperature if isinstance(field.temperature, (int, float)) else id(field.temperature)
            key = (key, temperature, id(field.func), field.dt)
        if key not in made:
            one = translate(system, fixed_subregions=fixed_subregions, thermal=field)
            made[key] = dataclasses.replace(one, model=with_matrices(one.model, one.discretisation))
        translations.append(made[key])
    return translations


def _check_alike(systems: Sequence[mm.System], translations: Sequence[Translation]) -> None:
    mesh, structure = systems[0].m.mesh, str(jax.tree.structure((translations[0].model, translations[0].noise)))
    names = list(energy_columns(systems[0]))
    for place, (system, translation) in enumerate(zip(systems, translations, strict=True)):
        if list(energy_columns(system)) != names:
            raise ValueError(
                f"evolve_ensemble: systems[{place}] ({system.name!r}) has terms of other names than the first, "
                f"{list(energy_columns(system))} and {names}; give them the same names"
            )
        if not mesh.allclose(system.m.mesh) or mesh.bc != system.m.mesh.bc:
            raise ValueError(
                f"evolve_ensemble: systems[{place}] ({system.name!r}) is on {system.m.mesh!r}, the first on "
                f"{mesh!r}; all must have one mesh"
            )
        if str(jax.tree.structure((translation.model, translation.noise))) != structure:
            raise ValueError(
                f"evolve_ensemble: systems[{place}] ({system.name!r}) has other terms than the first, "
                f"{system.energy!r} and {system.dynamics!r}; give all the same terms in the same order, with a "
                "strength of zero where one is absent"
            )


def _chunks(systems: int, chosen: int | None, translation: Translation, precision: Precision) -> int:
    """Into how many chunks systems are cut: as many as there are cores, or as memory asks for."""
    if chosen is not None:
        if chosen < 1:
            raise ValueError(f"evolve_ensemble: batch_size={chosen!r} must be a positive whole number")
        return math.ceil(systems / chosen)
    cores = min(_cores(), max(1, systems // FEWEST))
    statistics = jax.devices()[0].memory_stats()
    if statistics is not None:
        free = statistics["bytes_limit"] - statistics["bytes_in_use"]
    else:
        free = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_AVPHYS_PAGES")
    each = FIELDS * translation.discretisation.magnetisation.size * (8 if precision == "double" else 4)
    return max(cores, math.ceil(systems / max(1, int(SHARE * free / each / cores))))


def _cores() -> int:
    """How many chunks are computed at once: one on an accelerator, which is not faster with more."""
    if jax.default_backend() != "cpu":
        return 1
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _evolve(
    systems: Sequence[mm.System],
    translations: Sequence[Translation],
    fields: Sequence[ThermalField],
    stops: np.ndarray,
    report: Callable[[float], None],
    measure: Callable[[np.ndarray], Any],
    tolerance: float,
    precision: Precision,
) -> tuple[list[np.ndarray], list[pd.DataFrame]]:
    """Do what `evolve` does for every translation; one array of frames and one table for each."""
    waveforms = [waveform for translation in translations for waveform in translation.waveforms]
    pairs = list(stretches(stops, waveforms))
    intervals = table_length(pairs, waveforms)
    wanted = set(stops.tolist())
    grids = [translation.discretisation for translation in translations]
    with jax.enable_x64(True):
        together = batch.stack([rounded((one.model, one.noise), precision) for one in translations])

    def measured(m: Array) -> list[np.ndarray]:
        return [np.asarray(measure(to_ubermag(one, grid))) for one, grid in zip(np.asarray(m), grids, strict=True)]

    def failure(place: int, problem: str, time: float) -> IntegrationError:
        return IntegrationError(f"system {systems[place].name!r}: {problem}", time, to_ubermag(m[place], grids[place]))

    with working(precision):
        m = jnp.asarray(np.stack([grid.magnetisation for grid in grids]))
        amplitudes = jnp.asarray(np.stack([initial_amplitudes(one.waveforms) for one in translations]))
        observables = np.asarray(batch.observe(together, m, amplitudes))
        frames, rows, counts = [measured(m)], [observables], [np.zeros(len(systems), int)]
        evaluations, step, taken = counts[0], np.zeros(len(systems)), 0
        keys = [random_key(field) for field in fields]
        for start, stop in pairs:
            duration = stop - start
            values = np.stack([tabulate(one.waveforms, start, stop, intervals) for one in translations])
            tables = jnp.asarray(values)
            if fields:
                steps = steps_in(duration, fields[0].time_step)
                checked = is_checked(fields[0], first=taken == 0, kept=start in wanted)
                distinct = {id(one): place for place, one in reversed(list(enumerate(translations)))}
                for place in sorted(distinct.values()) if checked else ():
                    one = translations[place]
                    equation = rounded((one.model, one.noise), precision)
                    longest = longest_heun_step(pairs, fields[0])
                    problem = step_problem(*equation, m[place], keys[place], longest, amplitudes[place])
                    if problem:
                        raise failure(place, problem, start)
                before, number, heun = map(jnp.asarray, (taken, steps, duration / steps))
                walked = batch.fluctuate(together, m, jnp.stack(keys), before, number, heun, tables)
                if not np.all(walked.success):
                    raise failure(int(np.argmin(np.asarray(walked.success))), NOT_FINITE, start)
                m, taken = walked.m, taken + steps
                evaluations = evaluations + 2 * steps
            else:
                first = [integrate.first_step(float(rate), duration) for rate in observables[:, 4]]
                step = np.where(step > 0, step, first)
                length, steps_now, longest_now = map(jnp.asarray, (duration, step, longest_step(values, duration)))
                stretch = batch.advance(together, m, length, steps_now, longest_now, tables, jnp.asarray(tolerance))
                if not np.all(stretch.success):
                    place = int(np.argmin(np.asarray(stretch.success)))
                    raise integrate.failure(systems[place].name, start, to_ubermag(m[place], grids[place]))
                m, step = stretch.m, np.asarray(stretch.step)
                evaluations = evaluations + np.asarray(stretch.evaluations)
            if stop in wanted:
                frames.append(measured(m))
                rows.append(np.asarray(batch.observe(together, m, tables[:, :, -1])))
                counts.append(evaluations)
            report(stop / stops[-1])
    members = range(len(systems))
    tables_of = [
        integrate.table(
            stops, np.stack(rows)[:, place], list(np.stack(counts)[:, place]), energy_columns(systems[place])
        )
        for place in members
    ]
    return [np.stack([frame[place] for frame in frames]) for place in members], tables_of
