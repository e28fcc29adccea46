"""What engines raise."""

__all__ = ["EngineFailedError", "EngineNotFoundError", "WallTimeError"]


class EngineNotFoundError(RuntimeError):
    """An engine that was asked for cannot run here; says what was looked for and how to install it.

    Examples
    --------
    No run has failed where there is no engine, so that a handler of failures does not hide it:

    >>> issubclass(EngineNotFoundError, EngineFailedError)
    False
    """


class EngineFailedError(RuntimeError):
    """An engine started and did not finish; names the run and where its log lies.

    Examples
    --------
    A run that was ended at its limit of time has failed too:

    >>> issubclass(WallTimeError, EngineFailedError)
    True
    """


class WallTimeError(EngineFailedError):
    """A run was ended at its wall-clock limit; says how far it came and whether it can be gone on with.

    Examples
    --------
    It comes before the failures of which it is one, where both are caught:

    >>> from runs import Limits
    >>> try:
    ...     raise WallTimeError("run 0123 was ended after 3600 s, 40 % of it done; it can be gone on with")
    ... except WallTimeError:
    ...     limits = Limits(wall_time=2 * 3600)
    ... except EngineFailedError:
    ...     limits = None
    >>> limits
    Limits(threads=1, wall_time=7200, memory=None)
    """
