"""Artificial spin ice: macrospins, vertices, monopoles, avalanches and order."""
