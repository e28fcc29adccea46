"""Protocols of domain walls alone."""
