"""Provenance of results, and the section of a report about it: what ran, and how to cite it."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from markupsafe import Markup

from runs.spec import RunSpec
from solitons.campaigns.framework.base import AbstractCampaign
from solitons.campaigns.framework.kinds import load_campaign
from solitons.campaigns.framework.report_template import fill_in
from solitons.campaigns.framework.results import CampaignSummary
from solitons.campaigns.framework.source_digest import source_digest

__all__ = ["provenance_section", "results_key"]

_SOFTWARE = (
    "This software: see CITATION.cff of soliton-workbench.",
    "Ubermag: M. Beg, M. Lang and H. Fangohr, IEEE Trans. Magn. 58, 7300205 (2022), doi:10.1109/TMAG.2021.3078896.",
)
_ENGINES = {
    "oommf": "OOMMF: M. J. Donahue and D. G. Porter, NISTIR 6376 (1999), doi:10.6028/NIST.IR.6376.",
    "native": "The native engine rests on JAX and diffrax: P. Kidger, On Neural Differential Equations, Oxford (2021).",
}


def results_key(campaign: AbstractCampaign, specs: Sequence[RunSpec]) -> str:
    """Hash of everything that a campaign's results follow from, 16 hexadecimal digits.

    Its description, its runs, the source code that analyses them (`source_digest`), and further files
    that it names. The engine is no part: it is in the runs' ids.
    """
    content = [
        campaign.model_dump(mode="json", exclude={"engine"}),
        [spec.run_id for spec in specs],
        source_digest(frozenset({*map(type, _all_of(campaign)), *(type(spec.device) for spec in specs)})),
        *(hashlib.sha256(path.read_bytes()).hexdigest() for path in campaign.input_files()),
    ]
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]


def _all_of(campaign: AbstractCampaign) -> tuple[AbstractCampaign, ...]:
    return campaign, *campaign.inner_campaigns()


def provenance_section(
    campaign: AbstractCampaign, summary: CampaignSummary[Any], specs: Sequence[RunSpec], models: Iterable[str]
) -> Markup:
    """Section on what ran, how to cite it, and how to open it in Python.

    Of `specs`, its runs, the first is shown in full; `models` are names of the models that are saved beside the report.
    """
    example = next(iter(specs), None)
    engines = Counter(spec.engine for spec in specs)
    references = dict.fromkeys(line for each in _all_of(campaign) for line in each.references)
    cite = [*_SOFTWARE[: 2 if example else 1], *references, *(_ENGINES[name] for name in engines if name in _ENGINES)]
    names = {summary.engine: f"{summary.engine} {summary.engine_version}"}
    values = {
        "summary": summary,
        "runs": " and ".join(f"{count} runs by {names.get(name, name)}" for name, count in engines.items()),
        "cite": cite,
        "file": _file_of(campaign),
        "model": next(iter(models), ""),
        "run": None if example is None else example.run_id,
        "spec": "" if example is None else json.dumps(json.loads(example.model_dump_json()), indent=2),
    }
    return fill_in(Path(__file__).parent / "templates" / "provenance.md", values, {})


def _file_of(campaign: AbstractCampaign) -> str:
    """How `load_campaign` is asked for this campaign: by name if it came with a kind, else by a file."""
    try:
        shipped = load_campaign(campaign.name) == campaign
    except ValueError:
        shipped = False
    return campaign.name if shipped else f"{campaign.name}.yaml"
