"""Waveguides: stripes of film that carry spin waves between antennas, with ends that absorb them."""
