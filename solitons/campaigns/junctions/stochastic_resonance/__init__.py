"""A junction that flips by chance under a periodic drive: stochastic resonance and locking by noise."""
