"""Energy of the pulses and readings of a campaign's runs."""
