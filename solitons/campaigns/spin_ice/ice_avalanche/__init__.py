"""A spin ice fitted island by island and pair by pair, predicted as a whole, and its avalanches."""
