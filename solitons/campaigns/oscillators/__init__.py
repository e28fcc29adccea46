"""Campaigns of spin-torque oscillators."""
