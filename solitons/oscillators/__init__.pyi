from .auto_oscillator import AutoOscillator, of_macrospin
from .following import follow_oscillators
from .threshold import rest_direction, small_oscillation, threshold

__all__ = [
    "AutoOscillator",
    "follow_oscillators",
    "of_macrospin",
    "rest_direction",
    "small_oscillation",
    "threshold",
]
