"""Domain walls: where they are, how they move, and what pulses do to them."""
