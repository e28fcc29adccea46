"""Spin waves of a film: their dispersion, group velocity and attenuation in closed form."""
