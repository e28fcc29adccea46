"""Campaigns of tunnel junctions."""
