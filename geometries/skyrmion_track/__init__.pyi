from .profiles import PlacedTexture, superpose

__all__ = ["PlacedTexture", "superpose"]
