"""What fits of all families share: intervals of parameters, models that know nothing, verdicts."""
