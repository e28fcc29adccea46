"""Solitons that compute: reduced-order walls, synapses, neurons, fits and networks.

`fit_wall` turns what micromagnetics showed into a `WallDynamics` with a held-out
error; `DomainWallSynapse` and `DomainWallNeuron` wrap it; `run_campaign` (in
`solitons.campaigns.workflow`, or the `solitons` command) walks the whole way.

Names are imported when they are first used; ``__init__.pyi`` lists them.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
