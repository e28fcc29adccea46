"""How a system comes to rest: descent, damping alone, sequences of fields."""
