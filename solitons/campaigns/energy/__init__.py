"""What the pulses and readings of a campaign's runs cost in energy."""
