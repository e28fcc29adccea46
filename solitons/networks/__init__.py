"""Networks of fitted devices."""
