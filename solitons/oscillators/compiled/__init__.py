"""The numerical kernels of oscillators, compiled by numba: they know arrays and no models."""
