"""The version in which runs are described: a module of its own, so that looking at a store imports nothing else."""

__all__ = ["SCHEMA_VERSION"]

SCHEMA_VERSION = 2
"""Raised when the meaning of a field changes, so that old runs are not taken for new ones."""
