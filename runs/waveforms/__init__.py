"""How a drive depends on time."""
