"""Domain walls reduced to a position and an angle, and the synapses and neurons made of them."""
