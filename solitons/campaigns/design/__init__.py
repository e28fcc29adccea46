"""Devices by design: free fields, an aim and limits, and the runs that look for the best device."""
