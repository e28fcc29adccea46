"""Outlines of stripes and tracks: tapers, notches and roughness, and which cells lie inside."""
