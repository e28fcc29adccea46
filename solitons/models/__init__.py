"""Fitted models as files: where they come from, and how they are saved."""
