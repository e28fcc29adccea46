"""The `solitons` command."""
