"""Campaigns of nanomagnet logic."""
