"""Campaigns of arrays of devices, whatever family these are of."""
