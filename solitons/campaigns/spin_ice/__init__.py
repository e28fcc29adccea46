"""Campaigns of artificial spin ices."""
