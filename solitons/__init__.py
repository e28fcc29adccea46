"""Solitons that compute: campaigns, and the reduced-order synapses and neurons that they fit.

`load_campaign` and `run_campaign` walk the whole way, as the `solitons` command does;
`open_campaign` and `campaign_table` open what ran. A family's models are in its package:
`solitons.domain_walls`, `solitons.spin_ice`; what is made of them in `solitons.networks` and
`solitons.reservoirs`.

Names are imported when they are first used; ``__init__.pyi`` lists them.
"""

from geometries.old_names import lazy_names

__getattr__, __dir__, __all__ = lazy_names(__name__, __file__)
