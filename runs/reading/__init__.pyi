from .backend import open_drive
from .direction import magnetisation_direction
from .ovf_error import OVFError
from .tables import open_table

__all__ = ["OVFError", "magnetisation_direction", "open_drive", "open_table"]
