"""A spin ice that recognises patterns and remembers inputs."""
