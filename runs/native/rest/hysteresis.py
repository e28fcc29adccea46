"""Quasi-static magnetisation in a sequence of applied fields, in memory."""

import dataclasses
from collections.abc import Sequence
from functools import partial
from typing import Any, Literal

import jax
import micromagneticmodel as mm
import numpy as np
import pandas as pd
from jax import Array
from numpy.typing import ArrayLike

from runs.native.abstract import MU0, to_device
from runs.native.columns import HYSTERESIS, energy_columns, field_columns
from runs.native.model import Model
from runs.native.rest import field_rest
from runs.native.rest.descent import LARGEST_TURN_OF_A_LOOP, Descent
from runs.native.rest.minimisation import MAX_ITERATIONS, Progress, rest, row, table_of
from runs.native.terms.demag import Demag
from runs.native.terms.zeeman import Zeeman
from runs.native.time.evolution import Keep
from runs.native.translate import initial_amplitudes, tabulate, to_ubermag, translate

HysteresisStep = Sequence[ArrayLike | int]
"""First field, last field (A/m, 3 components each) and the number of fields from the one to the other."""


def hysteresis(
    system: mm.System,
    fields: ArrayLike,
    *,
    times: ArrayLike | None = None,
    stopping_mxHxm: float | None = None,
    max_iterations: int = MAX_ITERATIONS,
    fixed_subregions: Sequence[str] = (),
    damped: bool = False,
    progress: Progress | None = None,
    keep: Keep | None = None,
) -> tuple[np.ndarray, pd.DataFrame]:
    """Apply fields one after the other and let the system come to rest in each; the system is not changed.

    If a field turns something over, the state found depends on the path. It is the state of
    overdamped dynamics: where a moment turns by more than 0.5 rad in one field, damping is followed, see
    `field_rest`.

    Parameters
    ----------
    system : micromagneticmodel.System
        With energy and m; its dynamics is not used. The fields add to those in its energy.
    fields : array_like
        Uniform applied fields in A/m, (n, 3); see `field_steps` and `rotating_field`.
    times : array_like, optional
        If fields in the energy depend on time, the time in s, (n,), whose value they have beside each of
        `fields`; at a jump the later one. If not given, they are as at t = 0.
    stopping_mxHxm, max_iterations, fixed_subregions
        As for `minimise`, in each field.
    damped : bool
        Whether damping without precession is followed in every field, also where nothing turns
        far; it takes longer.
    progress : callable, optional
        Called with the number of fields that are done, at least once a field.
    keep : callable, optional
        Called with every state (nx, ny, nz, 3) and its row of the table as they come; only the last state
        is returned then.

    Returns
    -------
    m : numpy.ndarray
        Unit vectors (n, nx, ny, nz, 3) at rest in each field, NaN outside the magnet. With `keep` n is 1.
    table : pandas.DataFrame
        One row a field: the columns of `minimise` (`iteration` counts from the first field on),
        `E_zeeman_hysteresis` (J), `stage`, and the field, `B_hysteresis` (its magnitude),
        `Bx_hysteresis`, `By_hysteresis`, `Bz_hysteresis` (mT).

    Raises
    ------
    UnsupportedError
        The system holds something that this engine would have to ignore.
    ValueError
        Fields or times of another shape or that are not finite, a term named "hysteresis", or as for `minimise`.
    MinimisationError
        The system did not come to rest in one of the fields, which it names; it holds the last state.

    Examples
    --------
    A film that a field takes from one side of its easy axis to the other, above and not below its anisotropy field:

    >>> import discretisedfield as df
    >>> import runs.native as nc
    >>> mesh = df.Mesh(p1=(0, 0, 0), p2=(20e-9, 10e-9, 5e-9), cell=(5e-9, 5e-9, 5e-9))
    >>> film = mm.System(name="film", m=df.Field(mesh, nvdim=3, value=(0, 0.01, 1), norm=8e5))
    >>> film.energy = mm.Exchange(A=1.3e-11) + mm.UniaxialAnisotropy(K=4e5, u=(0, 0, 1))  # 796 kA/m
    >>> m, table = nc.hysteresis(film, [(0, 1e3, -7e5), (0, 1e3, -9e5)])
    >>> table["mz"].round(1).tolist()
    [1.0, -1.0]
    """
    applied = _check_fields(fields)
    moments = _check_times(times, len(applied))
    if any(term.name == HYSTERESIS for term in system.energy):
        raise ValueError(f"system {system.name!r} has an energy term named {HYSTERESIS!r}: give it another name")
    translation = translate(system, dynamics=False, fixed_subregions=fixed_subregions)
    grid, model = translation.discretisation, translation.model
    energies = [*energy_columns(system), f"E_zeeman_{HYSTERESIS}"]
    frames: list[np.ndarray] = []
    rows: list[np.ndarray] = []

    def report(_: float) -> None:
        if progress is not None:
            progress(len(rows))

    with jax.enable_x64(True):
        amplitudes = initial_amplitudes(translation.waveforms)
        m = grid.magnetisation
        model = _within_plane(model, m, applied)
        iteration = 0
        for stage, field in enumerate(applied):
            if moments is not None:
                moment = float(moments[stage])
                amplitudes = to_device(tabulate(translation.waveforms, moment, moment, 0)[:, 0])
            in_field = _in_field(model, field)
            where = f"field {stage} ({', '.join(f'{one:.6g}' for one in field)}) A/m"
            to_rest = partial(
                _to_rest,
                amplitudes=amplitudes,
                stopping_mxHxm=stopping_mxHxm,
                max_iterations=max_iterations,
                looped=True,
                progress=report,
                owner=f"system {system.name!r}, {where}",
                to_frame=lambda m: to_ubermag(m, grid),
            )
            find = field_rest.damped if damped else field_rest.followed
            state, evaluations = find(in_field, m, amplitudes, to_rest)
            m = state.m
            frame = to_ubermag(m, grid)
            rows.append(row(in_field, state, amplitudes))
            rows[-1][0] = iteration = iteration + evaluations
            if keep is None:
                frames.append(frame)
            else:
                frames[:] = [frame]
                keep(frame, _table(rows[-1:], energies, stage, field[None]))
            report(0.0)
    return np.stack(frames), _table(rows, energies, 0, applied)


def _within_plane(model: Model, m: np.ndarray, applied: np.ndarray) -> Model:
    """Return the model with a demagnetising field for m in the plane of a film alone, if m never leaves it."""
    demag = next((term for term in model.terms if isinstance(term, Demag)), None)
    if demag is None:
        return model
    across = demag.layout.axes[0]
    if np.any(m[across]) or np.any(applied[:, across]):
        return model
    if not all(across in term.planes for term in model.terms):
        return model
    terms = [dataclasses.replace(term, in_plane=True) if isinstance(term, Demag) else term for term in model.terms]
    return dataclasses.replace(model, terms=tuple(terms))


def _to_rest(model: Model, m: np.ndarray, nearest: float, *, amplitudes: Array, **options: Any) -> Descent:
    return rest(model, m, amplitudes, largest_turn=LARGEST_TURN_OF_A_LOOP, nearest=nearest, **options)


def _table(rows: list[np.ndarray], energies: list[str], stage: int, applied: np.ndarray) -> pd.DataFrame:
    """Return rows of `minimisation.row`, from `stage` on, in fields (A/m) as a table."""
    table = table_of(rows, energies)
    table["stage"] = np.arange(stage, stage + len(rows))
    induction = 1e3 * MU0 * np.column_stack([np.linalg.norm(applied, axis=1), applied])
    for column, values in zip(field_columns(HYSTERESIS, "UZeeman"), induction.T, strict=True):
        table[column] = values
    return table


def field_steps(steps: Sequence[HysteresisStep]) -> np.ndarray:
    """Return the fields of lines from one field to another, as OOMMF's Oxs_UZeeman makes them.

    Parameters
    ----------
    steps : sequence of (first, last, number)
        First and last field in A/m and how many fields there are on the line, both ends included, at
        least 2. A line that starts where the one before ends does not repeat that field.

    Returns
    -------
    numpy.ndarray
        Fields in A/m, (n, 3).

    Raises
    ------
    ValueError
        No lines, or a line with other entries.

    Examples
    --------
    >>> field_steps([[(0, 0, 1e5), (0, 0, -1e5), 3], [(0, 0, -1e5), (0, 0, 1e5), 2]])[:, 2]
    array([ 100000.,       0., -100000.,  100000.])
    """
    fields: list[np.ndarray] = []
    for step in steps:
        if len(step) != 3:
            raise ValueError(f"Hsteps: every entry needs first field, last field and number, got {step!r}")
        first, last = (np.asarray(field, dtype=float) for field in step[:2])
        number = step[2]
        if first.shape != (3,) or last.shape != (3,):
            raise ValueError(f"Hsteps: fields need three components in A/m, got {step[0]!r} and {step[1]!r}")
        if isinstance(number, bool) or not isinstance(number, (int, np.integer)) or number < 2:
            raise ValueError(
                f"Hsteps, or Hmin, Hmax and n: the number of fields must be a whole number, at least 2, got {number!r}"
            )
        shares = np.linspace(0.0, 1.0, number)[:, None]
        line = (1 - shares) * first + shares * last
        repeated = bool(fields) and np.allclose(fields[-1], first, rtol=4e-16, atol=0.0)
        fields.extend(line[1:] if repeated else line)
    if not fields:
        raise ValueError("Hsteps: give at least one [first field, last field, number]")
    return np.stack(fields)


def rotating_field(amplitude: float, angles: ArrayLike, axis: Literal["x", "y", "z"] = "z") -> np.ndarray:
    """Return fields of one magnitude that turn about an axis.

    Parameters
    ----------
    amplitude : float
        Magnitude in A/m.
    angles : array_like
        Angles in rad, (n,), counted about `axis` from the next axis: for "z" from x towards y.
    axis : {"x", "y", "z"}

    Returns
    -------
    numpy.ndarray
        Fields in A/m, (n, 3).

    Raises
    ------
    ValueError
        Another axis.

    Examples
    --------
    >>> rotating_field(1e5, [0, 3.141592653589793]).round()
    array([[ 100000.,       0.,       0.],
           [-100000.,       0.,       0.]])
    """
    if axis not in ("x", "y", "z"):
        raise ValueError(f"rotating_field: axis={axis!r} must be 'x', 'y' or 'z'")
    turned = np.asarray(angles, dtype=float)
    fields = np.zeros((turned.size, 3))
    first = ("xyz".index(axis) + 1) % 3
    fields[:, first] = amplitude * np.cos(turned)
    fields[:, (first + 1) % 3] = amplitude * np.sin(turned)
    return fields


def _check_fields(fields: ArrayLike) -> np.ndarray:
    applied = np.asarray(fields, dtype=float)
    if applied.ndim != 2 or applied.shape[1] != 3 or len(applied) == 0 or not np.all(np.isfinite(applied)):
        raise ValueError(
            f"hysteresis: fields must be finite vectors in A/m, an array (n, 3), got shape {applied.shape}"
        )
    return applied


def _check_times(times: ArrayLike | None, number: int) -> np.ndarray | None:
    if times is None:
        return None
    moments = np.asarray(times, dtype=float)
    if moments.shape != (number,) or not np.all(np.isfinite(moments)):
        raise ValueError(
            f"hysteresis: times must be one finite time in s for each of the {number} fields, got shape {moments.shape}"
        )
    return moments


def _in_field(model: Model, field: np.ndarray) -> Model:
    """Return the model with another uniform field; equal in structure for all fields, so compiled once."""
    applied: Array = to_device(field.reshape(3, 1, 1, 1))
    zeeman = Zeeman(applied, model.saturation, None)
    return dataclasses.replace(model, terms=(*model.terms, zeeman))
