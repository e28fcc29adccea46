from .packing import pack_campaign
from .verification import verify_crate

__all__ = ["pack_campaign", "verify_crate"]
