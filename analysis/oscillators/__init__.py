"""Oscillators that a direct current drives: amplitude, phase, spectrum, locking, and the core of a vortex."""
