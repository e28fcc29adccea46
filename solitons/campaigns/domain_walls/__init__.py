"""Campaigns of domain walls."""
