"""A majority gate whose bits are phases of spin waves."""
