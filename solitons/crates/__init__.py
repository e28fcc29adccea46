"""A campaign packed as a Workflow Run RO-Crate, and the check of one that a stranger made."""
