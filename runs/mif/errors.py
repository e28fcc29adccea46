"""Errors raised if OOMMF's input would not be the requested model."""

from runs.engine_errors import EngineFailedError

__all__ = ["MifSyntaxError", "ModelLostError"]


class ModelLostError(EngineFailedError):
    """A part of a system would be lost on its way to OOMMF; raised before OOMMF starts, trying again does not help."""


class MifSyntaxError(ValueError):
    """A text is not the MIF 2 that oommfc writes; names the line."""
