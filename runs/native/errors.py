"""What the native engine raises; each message names the owner, the value and the remedy."""


class UnsupportedError(NotImplementedError):
    """A system holds a term or a parameter that this engine would have to ignore; raised before the run."""


class IntegrationError(RuntimeError):
    """Time integration stopped; `time` (s) is the last good time and `magnetisation` the state there.

    Attributes
    ----------
    time : float
        Last time in s at which the state was good.
    magnetisation : numpy.ndarray
        Unit vectors (nx, ny, nz, 3) at that time, NaN outside the magnet.
    """

    def __init__(self, message: str, time: float, magnetisation: object) -> None:
        super().__init__(message)
        self.time = time
        self.magnetisation = magnetisation


class MinimisationError(RuntimeError):
    """The minimiser stopped before the torque was small enough; `magnetisation` is the best state so far.

    Attributes
    ----------
    magnetisation : numpy.ndarray
        Unit vectors (nx, ny, nz, 3) of the best state, NaN outside the magnet.
    """

    def __init__(self, message: str, magnetisation: object) -> None:
        super().__init__(message)
        self.magnetisation = magnetisation
