"""The numerical kernels of junctions, compiled by numba: they know arrays and no models."""
