"""The drive of a run as a reduced model sees it."""
