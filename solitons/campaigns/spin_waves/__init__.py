"""Campaigns of spin waves."""
