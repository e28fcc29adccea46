"""Times as sums of durations."""

__all__ = ["tidy"]


def tidy(time: float) -> float:
    """A time in s without the rounding noise of sums, which would let one pulse end after the next starts."""
    return float(f"{time:.12g}")
