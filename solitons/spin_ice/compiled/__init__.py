"""Loops that numba compiles: plain arrays in and out, nothing of the models."""
