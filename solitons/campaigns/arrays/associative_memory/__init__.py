"""Hopfield networks in crossbars of fitted devices, with neurons that fall and neurons that jump by chance."""
