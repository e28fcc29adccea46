"""Campaigns: from a description to a report, one folder a kind."""
