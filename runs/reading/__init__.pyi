from .backend import OVFBackend, open_drive
from .direction import magnetisation_direction
from .ovf_error import OVFError
from .tables import open_table

__all__ = ["OVFBackend", "OVFError", "magnetisation_direction", "open_drive", "open_table"]
