"""Stripes: tracks of magnetic film along which domain walls move."""
