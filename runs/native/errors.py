"""What the native engine raises; each message names the owner, the value and the remedy."""

import numpy as np


class UnsupportedError(NotImplementedError, ValueError):
    """A system holds what this engine would have to ignore; raised before the run.

    It is a ValueError too, which ubermag's calculators raise for a value that they do not take.
    """


class IntegrationError(RuntimeError):
    """Time integration stopped.

    Attributes
    ----------
    time : float
        Last time in s at which the state was good.
    magnetisation : numpy.ndarray
        Unit vectors (nx, ny, nz, 3) at that time, NaN outside the magnet.

    Examples
    --------
    >>> last = np.zeros((4, 4, 1, 3))
    >>> error = IntegrationError("the step became shorter than 1e-20 s", time=2e-10, magnetisation=last)
    >>> error.time
    2e-10
    """

    def __init__(self, message: str, time: float, magnetisation: np.ndarray) -> None:
        super().__init__(message)
        self.time = time
        self.magnetisation = magnetisation


class MinimisationError(RuntimeError):
    """The minimiser stopped before the torque was small enough.

    Attributes
    ----------
    magnetisation : numpy.ndarray
        Unit vectors (nx, ny, nz, 3) of the last state, NaN outside the magnet.
    """

    def __init__(self, message: str, magnetisation: np.ndarray) -> None:
        super().__init__(message)
        self.magnetisation = magnetisation
