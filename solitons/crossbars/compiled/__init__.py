"""The numerical kernels of crossbars, compiled by numba: they know arrays and no models."""
