"""Common parts of fits of all families: intervals of parameters, models that know nothing, verdicts."""
