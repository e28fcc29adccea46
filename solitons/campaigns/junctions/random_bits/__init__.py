"""Random bits from junctions that flip by chance, tested, and what disturbs them."""
