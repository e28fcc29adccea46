"""Words searched in match lines of junction pairs, and look-up tables of junctions."""
