"""Limits of crossbars of a fitted device: accuracy and read margin against wires, size, spread and levels."""
