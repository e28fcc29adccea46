"""Skyrmions: their topological charge, where they are, how they move, and what becomes of them."""
