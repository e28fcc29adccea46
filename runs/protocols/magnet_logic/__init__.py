"""Protocols of nanomagnet logic alone: clocks, with a field or with a current."""
