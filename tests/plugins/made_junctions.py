"""Ensembles of pillars that are macrospins of their cells: a fit to them has a truth."""

from dataclasses import dataclass

import numpy as np
from mock_engine import made_ensemble

from runs.dataset import ensemble_dataset
from solitons.campaigns.framework.base import ComputedRuns


@dataclass
class MadeEnsembles:
    """A store whose runs are ensembles of macrospins.

    With a `length` their mean magnetisation is so much shorter, and on the way from one state to the other by `bent`
    once more: what a layer that does not turn as a whole looks like.
    """

    length: float = 1.0
    bent: float = 1.0

    def holding(self, campaign):
        runs = campaign.labelled_runs("native")
        self.specs = {run.spec.run_id: run.spec for run in runs}
        return ComputedRuns(runs, self, "native")

    def open(self, run_id):
        spec = self.specs[run_id]
        m = made_ensemble(spec)
        axis = np.argmax(np.abs(m[0, 0]))
        m = m * np.where(np.abs(m[..., axis]) < 0.5, self.length * self.bent, self.length)[..., None]
        arrays = {"m": m, "energy": np.zeros(m.shape[:2])}
        return ensemble_dataset(spec, arrays, {"engine": "native", "engine_version": "1"})
