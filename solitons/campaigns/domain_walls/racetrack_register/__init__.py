"""Walls in one stripe as the bits of a shift register, and its errors."""
