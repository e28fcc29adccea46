"""The engine as a ubermag calculator: drivers, their options and output, and translation of systems."""
