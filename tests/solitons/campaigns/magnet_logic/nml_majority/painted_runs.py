"""Runs of a gate as macrospins with known factors would make them, painted onto the cells: no engine is needed."""

import numpy as np
import xarray as xr

from runs import FieldSteps
from solitons.campaigns.framework.base import ComputedRuns
from solitons.campaigns.magnet_logic.nml_majority.planned_runs import HotRow
from solitons.magnet_logic.rest_states import rest_path


class PaintedRuns(ComputedRuns):
    """What a campaign's runs would be: so many wrong outputs of those with heat, and noise on m of those at rest."""

    def __init__(self, campaign, factors, wrong=12, noise=0.0):
        super().__init__(labelled=campaign.labelled_runs("native"), store=self, engine="native")
        for name, value in (("factors", factors), ("wrong", wrong), ("noise", noise), ("campaign", campaign)):
            object.__setattr__(self, name, value)

    def provenance(self, run_id):
        del run_id
        return {"wall_time": 100.0}

    def open(self, run):
        return self._hot(run) if isinstance(run.role, HotRow) else self._at_rest(run)

    def _at_rest(self, run):
        array, protocol = run.spec.device, run.spec.protocol
        assert isinstance(protocol, FieldSteps)
        macrospins = self.factors.macrospins(array, run.spec.material)
        begin = [[0.01, magnet.state, 0] for magnet in array.magnets]
        m = rest_path(macrospins, begin, protocol.applied_field[:, None, :] + array.held_fields())
        m = m + self.noise * np.random.default_rng(1).normal(size=m.shape)
        return xr.Dataset(
            {
                "m": (("step", "x", "y", "z", "vdims"), self._paint(array, m)),
                "applied_field": (("step", "vdims"), protocol.applied_field),
            },
            coords={"vdims": list("xyz")},
        )

    def _hot(self, run):
        array, members = run.spec.device, run.spec.ensemble.members
        t = run.spec.protocol.sample_times
        m = np.zeros((members, len(t), len(array.magnets), 3))
        m[..., 0] = 0.97
        for i, magnet in enumerate(array.magnets):
            m[:, -1, i] = 0, magnet.state, 0
        m[:, -1, array.index("out"), 1] = self.campaign.expected[run.role.row]["out"]
        m[: self.wrong, -1, array.index("out"), 1] *= -1
        return xr.Dataset(
            {"m": (("member", "t", "x", "y", "z", "vdims"), self._paint(array, m))},
            coords={"t": t, "vdims": list("xyz")},
        )

    def _paint(self, array, m):
        table = np.concatenate([np.full((*m.shape[:-2], 1, 3), np.nan), m], axis=-2)
        return table[..., array.cell_labels(), :].astype(np.float32)
