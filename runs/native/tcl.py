"""Time dependence written in Tcl, OOMMF's language, and run by the Tcl that comes with Python."""

import dataclasses
from typing import Any

import numpy as np

from runs.native.errors import UnsupportedError

INTERVAL = 1e-13
"""s between two samples of a script, which has no `dt` of its own."""
TRANSFORMS = {
    "identity": (),
    "diagonal": (0, None, None, None, 1, None, None, None, 2),
    "symmetric": (0, 1, 2, 1, 3, 4, 2, 4, 5),
    "general": tuple(range(9)),
}
"""For each type of Oxs_TransformZeeman the place of the matrix's entries in what the script returns."""


@dataclasses.dataclass(frozen=True, eq=False)
class TclFunction:
    """A function of time in Tcl: one number, or for a field the nine entries of a matrix.

    `script` defines the procedure, of one argument, the time in s. `kind` is "factor", "field" (three components in
    A/m), or a type of Oxs_TransformZeeman; for "field" `direction` (3,) is the term's H in A/m, from which the matrix
    makes the field. `owner` names the term in errors.
    """

    script: str
    procedure: str
    kind: str
    direction: np.ndarray
    owner: str
    _interpreter: Any = dataclasses.field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Start an interpreter that reaches neither files nor processes, as OOMMF's does not, and read the script."""
        try:
            import tkinter
        except ImportError as error:
            raise UnsupportedError(
                f"{self.owner}: tcl_strings need Tcl, which this Python lacks ({error}); install its tkinter, or give "
                "func, a Python function of time, with dt"
            ) from error
        interpreter = tkinter.Tcl().tk
        interpreter.wantobjects(False)
        interpreter.eval("interp create -safe script")
        object.__setattr__(self, "_interpreter", interpreter)
        self._run(self.script)

    def __call__(self, time: float) -> np.ndarray:
        """Return one number or nine, a matrix row by row.

        A ValueError if the script fails, or returns too few numbers.
        """
        answer = self._run(f"{self.procedure} {time!r}")
        try:
            numbers = np.array(answer.split(), dtype=float)
            return self._interpret(numbers)
        except (ValueError, IndexError) as error:
            raise ValueError(
                f"{self.owner}: {self.procedure} returned {answer!r} at t={time:.6g} s, not numbers for {self.kind}"
            ) from error

    def _interpret(self, numbers: np.ndarray) -> np.ndarray:
        # OOMMF's scripts return the derivatives after the values; they are not needed here.
        if self.kind == "factor":
            return numbers[:1].reshape(1)
        if self.kind == "field":
            matrix: np.ndarray = np.outer(numbers[:3], self.direction) / (self.direction @ self.direction)
            return matrix.reshape(9)
        if self.kind == "identity":
            return np.eye(3).reshape(9)
        return np.array([0.0 if place is None else numbers[place] for place in TRANSFORMS[self.kind]])

    def _run(self, script: str) -> str:
        try:
            return str(self._interpreter.call("interp", "eval", "script", script))
        except Exception as error:
            raise ValueError(f"{self.owner}: tcl_strings: {error}") from error


def function_of(term: Any) -> TclFunction:
    """Read the `tcl_strings` of a micromagneticmodel term.

    For a Zeeman term "energy" is "Oxs_ScriptUZeeman", and the script returns the field in A/m, or
    "Oxs_TransformZeeman", and it returns entries of a matrix that multiplies H, as given by "type". An UnsupportedError
    for another energy, type or argument, or a Python without Tcl; a ValueError if an entry is missing, or H is zero or
    varies in space where the script returns the field.
    """
    strings, owner = dict(term.tcl_strings), f"{type(term).__name__} {term.name!r}"
    missing = [name for name in ("script", "script_name") if name not in strings]
    if missing:
        raise ValueError(f"{owner}: tcl_strings lacks {' and '.join(missing)}")
    if strings.get("script_args") != "total_time":
        raise UnsupportedError(
            f"{owner}: tcl_strings['script_args']={strings.get('script_args')!r} is not supported; use 'total_time'"
        )
    kind, direction = "factor", np.zeros(3)
    energy = strings.get("energy")
    if energy == "Oxs_ScriptUZeeman":
        kind, direction = "field", np.asarray(term.H, dtype=float) if np.size(term.H) == 3 else direction
        if not np.any(direction):
            raise ValueError(f"{owner}: H={term.H!r} must be one vector, not zero, where a script returns the field")
    elif energy == "Oxs_TransformZeeman":
        kind = strings.get("type", "identity")
        if kind not in TRANSFORMS:
            raise UnsupportedError(
                f"{owner}: tcl_strings['type']={kind!r} is not supported; use one of {[*TRANSFORMS]}"
            )
    elif energy is not None or hasattr(term, "H"):
        raise UnsupportedError(
            f"{owner}: tcl_strings['energy']={energy!r} is not supported; use 'Oxs_ScriptUZeeman' or "
            "'Oxs_TransformZeeman' for a field"
        )
    return TclFunction(strings["script"], strings["script_name"], kind, direction, owner)
