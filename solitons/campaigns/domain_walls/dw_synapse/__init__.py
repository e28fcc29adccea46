"""A stripe's wall, fitted, and made into a synapse, a neuron and a network."""
