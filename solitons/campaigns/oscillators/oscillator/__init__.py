"""Pillars that a direct current makes oscillate: threshold, frequency, line, and what an injected field locks."""
