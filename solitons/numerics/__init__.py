"""Numerics of every family's models: parameters traced or not, steps in time, threads, compiled kernels."""
