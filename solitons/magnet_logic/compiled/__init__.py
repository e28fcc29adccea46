"""The numerical kernels of magnet logic, compiled by numba: they know arrays and no models."""
