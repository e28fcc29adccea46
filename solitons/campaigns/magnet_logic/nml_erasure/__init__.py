"""The heat of erasing a bit that a nanomagnet stores."""
