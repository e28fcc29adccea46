"""A film whose scatterers of spin waves are trained to recognise small images."""
