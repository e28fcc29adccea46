"""dm/dt of a system as the native engine has it, compiled as a whole: a program for each operation takes longer."""

import jax
import numpy as np

from runs.native.abstract import jit_for_seldom_use
from runs.native.translate import initial_amplitudes, translate

__all__ = ["rate"]


def rate(system):
    """dm/dt in 1/s at t = 0, (3, nz, ny, nx)."""
    translation = translate(system)
    with jax.enable_x64(True):
        amplitudes = initial_amplitudes(translation.waveforms)
        return np.asarray(_derivative(translation.model, translation.discretisation.magnetisation, amplitudes))


@jit_for_seldom_use
def _derivative(model, m, amplitudes):
    return model.derivative(m, amplitudes)
