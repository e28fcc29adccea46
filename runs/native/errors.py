"""Errors of the native engine; each message names the owner, the value and the remedy."""

import numpy as np


class UnsupportedError(NotImplementedError, ValueError):
    """A system holds what this engine would have to ignore; raised before the run.

    It is a ValueError too, which ubermag's calculators raise for a value that they do not take.

    Examples
    --------
    >>> import discretisedfield as df
    >>> import micromagneticmodel as mm
    >>> import runs.native as nc
    >>> mesh = df.Mesh(p1=(0, 0, 0), p2=(20e-9, 10e-9, 5e-9), cell=(5e-9, 5e-9, 5e-9))
    >>> along = df.Field(mesh, nvdim=3, value=(1, 0, 0), norm=8e5)
    >>> film = mm.System(name="film", energy=mm.Demag(), T=300, m=along)
    >>> nc.minimise(film)
    Traceback (most recent call last):
    ...
    runs.native.errors.UnsupportedError: system 'film': T=300 K, but a state of rest is one of T=0; set ...
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

    Examples
    --------
    The last state is there to be looked at, such as one that was still turning over:

    >>> last = np.zeros((4, 4, 1, 3))
    >>> last[:2, ..., 0], last[2:, ..., 0] = 1.0, -1.0
    >>> error = MinimisationError("max |m x H x m| = 2300 A/m, asked for 10", magnetisation=last)
    >>> error.magnetisation.mean(axis=(0, 1, 2)).tolist()
    [0.0, 0.0, 0.0]
    """

    def __init__(self, message: str, magnetisation: np.ndarray) -> None:
        super().__init__(message)
        self.magnetisation = magnetisation
