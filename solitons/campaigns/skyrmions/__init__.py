"""Campaigns of skyrmions."""
