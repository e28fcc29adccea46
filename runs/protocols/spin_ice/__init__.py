"""Protocols of spin ices alone."""
