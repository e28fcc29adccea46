"""A pillar's free layer that heat and a current switch: counted in ensembles, fitted, predicted."""
