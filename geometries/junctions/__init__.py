"""Pillars: magnetic tunnel junctions whose current flows through their plane."""
