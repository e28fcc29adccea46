"""Motion in time, with heat and without, one system or many at once."""
