"""A vortex in a disc under a direct current: its orbits, and the equation that is fitted to some and predicts "
"others."""
