"""Memories of patterns in the phases of coupled oscillators: capacity, spread, time and energy."""
