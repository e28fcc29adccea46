"""Neurons out of the workbench and back: what is left of their spikes."""
