"""The campaign of a layer of spiking neurons that learns without a teacher on junctions that are written by chance."""
