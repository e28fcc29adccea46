"""Networks of spiking neurons that learn without a teacher on binary junctions that are written by chance."""
