"""Numerical kernels that several families share, compiled by numba: they know arrays and no models."""
