"""Functions of time as oommfc writes them in Tcl: sampled, or by name."""

from collections.abc import Callable
from typing import Any

import numpy as np

from runs.mif.ledger import Asked, Ledger
from runs.mif.parameters import same_number

__all__ = ["check_procedure", "samples", "tcl_list"]


def check_procedure(ledger: Ledger, asked: Asked, name: str, expected: str) -> None:
    """Raise unless the file has a procedure of `total_time` with this body.

    Words are compared, and numbers as numbers.

    Raises
    ------
    ModelLostError
        There is no such procedure, or it computes something else.
    """
    procedure = ledger.procedure(name)
    if procedure is None or procedure.arguments != "total_time":
        raise ledger.lost(asked, f"the MIF has no procedure {name} of total_time")
    words, wanted = procedure.body.split(), expected.split()
    if words == wanted:
        return
    for word, want in zip(words, wanted, strict=False):
        if word != want and not same_number(word, _number(want)):
            raise ledger.lost(asked, f"the MIF's procedure {name} has {word!r} where it should have {want!r}")
    if len(words) != len(wanted):
        raise ledger.lost(asked, f"the MIF's procedure {name} has {len(words)} words, not {len(wanted)}")


def samples(function: Callable[[float], Any], step: float, duration: float) -> np.ndarray:
    """Return the values of a function at the multiples of a step, from 0 to the end of the drive or after it.

    Parameters
    ----------
    function : callable
        Returns one number or a list of them.
    step, duration : float
        In s.

    Returns
    -------
    numpy.ndarray
        (times,) or (times, numbers).
    """
    times = np.arange(0, duration + step, step)
    return np.array([function(time) for time in times], dtype=float)


def tcl_list(values: np.ndarray) -> str:
    """Return numbers, or lists of them, as a Tcl list."""
    if values.ndim == 1:
        return " ".join(map(repr, values.tolist()))
    return " ".join("{ " + " ".join(map(repr, row)) + " }" for row in values.tolist())


def _number(word: str) -> float | None:
    try:
        return float(word)
    except ValueError:
        return None
