"""Protocols: what is done to a device, in time or in field steps."""
