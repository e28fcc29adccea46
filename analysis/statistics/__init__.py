"""Statistics that any family uses: power laws and what else a tail may be."""
