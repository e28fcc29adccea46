"""Errors of engines."""

__all__ = ["EngineFailedError", "EngineNotFoundError", "WallTimeError"]


class EngineNotFoundError(RuntimeError):
    """An engine that was asked for cannot run here; the message has what was looked for and how to install it."""


class EngineFailedError(RuntimeError):
    """An engine started and did not finish; names the run and where its log lies.

    Examples
    --------
    A run that was ended at its limit of time has failed too:

    >>> issubclass(WallTimeError, EngineFailedError)
    True
    """


class WallTimeError(EngineFailedError):
    """A run was ended at its wall-clock limit; the message has how far it came and whether it can be gone on with."""
