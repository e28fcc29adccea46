"""A vortex in a disc under a direct current: its orbits, and the equation of its core."""
