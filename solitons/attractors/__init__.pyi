from .chance_neurons import follow_by_chance
from .patterns import hebbian_couplings, pseudo_inverse_matrix, random_patterns, stable_chance, written_couplings
from .threshold_neurons import fall_to_rest

__all__ = [
    "fall_to_rest",
    "follow_by_chance",
    "hebbian_couplings",
    "pseudo_inverse_matrix",
    "random_patterns",
    "stable_chance",
    "written_couplings",
]
