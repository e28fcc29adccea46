"""How the drive of a term depends on time: all of it in one way, or each region in its own."""

import dataclasses
import functools
import numbers
from collections.abc import Callable, Mapping
from typing import Any

import discretisedfield as df
import equinox as eqx
import jax.numpy as jnp
import numpy as np
from jax import Array

from runs.native.discretisation import Discretisation
from runs.native.errors import UnsupportedError
from runs.native.waveform import MATRIX, Sine, Waveform, function_of, name_of, waveforms_of

ZERO, ONE = -2, -1
"""Indices of constants, which are put behind the waveforms; the sines stand before them, from -3 downwards."""


@dataclasses.dataclass(frozen=True)
class PerRegion:
    """A `func` with another function of time in each subregion of the mesh; OOMMF has none.

    Parameters
    ----------
    functions : mapping from str to function
        For the name of a subregion a `PiecewiseLinear`, a number, a Python function (with the term's
        `dt`), or for a field "sin" or "sinc" (with the term's `f` and `t0`). "default" is for all
        other cells; without it the drive is constant there: its factor is 1. Where subregions
        overlap the mesh's first counts, as in `discretisedfield.Field`.

    Raises
    ------
    ValueError
        No function.

    Examples
    --------
    >>> import micromagneticmodel as mm
    >>> pulse = PerRegion({"left": lambda t: 1e9 * t, "default": 0.0})
    >>> mm.Zeeman(H=(0, 0, 1e5), func=pulse, dt=1e-13).func is pulse
    True
    """

    functions: Mapping[str, Any]

    def __post_init__(self) -> None:
        if not isinstance(self.functions, Mapping) or not self.functions:
            raise ValueError(
                f"PerRegion: functions={self.functions!r} must map names of subregions to functions of time"
            )
        for name, one in self.functions.items():
            if not (callable(one) or isinstance(one, numbers.Real) or one in ("sin", "sinc")):
                raise ValueError(
                    f"PerRegion: {name!r} has {one!r}; give a number, a function of time, a PiecewiseLinear, "
                    "'sin' or 'sinc'"
                )

    def __call__(self, t: float) -> Any:
        """Refuse: micromagneticmodel wants a callable, but there is no one value."""
        raise UnsupportedError(f"{self!r} has no one value at t={t:.6g} s: only runs.native can run it")


class Modulation(eqx.Module):
    """The factor, or for a vector the matrix, with which a drive is multiplied at each moment."""

    indices: tuple[tuple[int, ...], ...] = eqx.field(static=True)
    """For each region the waveform of its factor, or of the nine entries of its matrix."""
    region: Array | None
    """Number of each cell's region, (nz, ny, nx); None if there is one."""
    sines: tuple[tuple[int, ...], ...] = eqx.field(static=True, default=())
    """For each alternating waveform the indices of its `Sine.rows`."""

    def apply(self, drive: Array, amplitudes: Array) -> Array:
        """Multiply a drive, whose last axes are (nz, ny, nx) or 1; a matrix needs (3, nz, ny, nx)."""
        sines = [_sine(*amplitudes[np.array(rows)]) for rows in reversed(self.sines)]
        values = jnp.concatenate([amplitudes, jnp.array([*sines, 0.0, 1.0], amplitudes.dtype)])
        factors = values[np.array(self.indices).T % values.shape[0]]
        now = factors[:, 0] if self.region is None else factors[:, self.region]
        if len(now) != MATRIX:
            return drive * now[0]
        rows = (now[first : first + 3] for first in (0, 3, 6))
        return jnp.stack([sum(entry * drive[index] for index, entry in enumerate(row)) for row in rows])


def _sine(line: Array, envelope: Array, phase: Array, first: Array, second: Array) -> Array:
    return line + envelope * jnp.sin(phase + first * second)


def modulated(drive: Array, modulation: Modulation | None, amplitudes: Array) -> Array:
    """Return a drive at this moment; itself if it is constant in time."""
    return drive if modulation is None else modulation.apply(drive, amplitudes)


def modulation_of(
    term: Any,
    discretisation: Discretisation,
    register: Callable[[Waveform], int],
    *,
    matrix: bool = False,
) -> Modulation | None:
    """Read the time dependence of a micromagneticmodel term and register its waveforms; None if it is constant.

    `func` is a `runs.waveforms.waveform.PiecewiseLinear` or `Alternating`, another function of time (with `dt`), for a
    field "sin" or "sinc" (with `f` and `t0`), or a `PerRegion` of these. `register` takes a waveform and returns its
    index; `matrix` is whether a function may return nine numbers M, so that the drive is M times the term's vector. An
    UnsupportedError for `tcl_strings`, or a function that returns neither one number nor, where it may, nine; a
    ValueError for a parameter that belongs to `func` and is missing, or is there without it, or an unknown subregion.
    """
    function = function_of(term)
    if function is None:
        return None
    read = functools.partial(waveforms_of, term=term, matrix=matrix)
    sines: list[tuple[int, ...]] = []

    def place(waveform: Waveform) -> int:
        if not isinstance(waveform, Sine):
            return register(waveform)
        sines.append(tuple(register(row) for row in waveform.rows))
        return ZERO - len(sines)

    if not isinstance(function, PerRegion):
        row = tuple(place(waveform) for waveform in read(function))
        return Modulation((row,), None, tuple(sines))
    mesh = discretisation.mesh
    functions = {name: one for name, one in function.functions.items() if name != "default"}
    unknown = [name for name in functions if name not in mesh.subregions]
    if unknown:
        known = ", ".join(map(repr, mesh.subregions)) or "none"
        raise ValueError(
            f"{name_of(term)}: func has a function for {', '.join(map(repr, unknown))}, of which the mesh has no "
            f"subregion (there are: {known})"
        )
    rest = [read(function.functions["default"])] if "default" in function.functions else []
    rows = [tuple(place(waveform) for waveform in one) for one in (*rest, *map(read, functions.values()))]
    rows = rows if rest else [(ONE,), *rows]
    if any(len(row) == MATRIX for row in rows):
        rows = [_as_matrix(row) for row in rows]
    numbers = {name: number for number, name in enumerate(functions, start=1)}
    region = df.Field(mesh, nvdim=1, value={"default": 0.0, **numbers}).array[..., 0].T
    return Modulation(tuple(rows), jnp.asarray(region, dtype=np.int32), tuple(sines))


def _as_matrix(row: tuple[int, ...]) -> tuple[int, ...]:
    """Return the indices of a multiple of the unit matrix, if the row is not a matrix already."""
    if len(row) == MATRIX:
        return row
    return tuple(row[0] if entry % 4 == 0 else ZERO for entry in range(MATRIX))
