"""A majority gate of nanomagnets: what it computes, how often heat makes it wrong, and the heat that it gives away."""
