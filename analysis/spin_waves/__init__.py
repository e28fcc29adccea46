"""Spin waves along x: traces of a run over x, their spectrum and branches, packets, steady waves and mode profiles."""
