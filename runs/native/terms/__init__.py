"""Energy terms and torques, a module each, with what their fields are computed from."""
