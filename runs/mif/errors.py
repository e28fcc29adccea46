"""What is raised when OOMMF's input would not be the model that was asked for."""

from runs.engine_errors import EngineFailedError

__all__ = ["MifSyntaxError", "ModelLostError"]


class ModelLostError(EngineFailedError):
    """A part of a system would be lost on its way to OOMMF; raised before OOMMF starts, trying again does not help."""


class MifSyntaxError(ValueError):
    """A text is not the MIF 2 that oommfc writes; names the line."""
