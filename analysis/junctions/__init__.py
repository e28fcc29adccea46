"""Tunnel junctions that flip by chance: when they switch, how long they dwell, how they follow a drive."""
