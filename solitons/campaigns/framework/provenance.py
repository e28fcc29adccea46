"""What results follow from, and the section of a report about it: what ran, and how to cite it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Any

from runs.spec import RunSpec
from solitons.campaigns.framework.base import AbstractCampaign
from solitons.campaigns.framework.kinds import load_campaign
from solitons.campaigns.framework.page import Section, bullets, code, folded, paragraph
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
    """What the results of a campaign follow from, in 16 hexadecimal digits.

    Its description, its runs, the source code that analyses them (`source_digest`), and further files
    that it names. The engine is no part: it is in the runs' ids.
    """
    content = [
        campaign.model_dump(mode="json", exclude={"engine"}),
        [spec.run_id for spec in specs],
        source_digest(frozenset({type(campaign), *(type(spec.device) for spec in specs)})),
        *(hashlib.sha256(path.read_bytes()).hexdigest() for path in campaign.input_files()),
    ]
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]


def provenance_section(
    campaign: AbstractCampaign, summary: CampaignSummary[Any], example: RunSpec | None, models: Iterable[str]
) -> Section:
    """What ran, how to cite it, and how to open it in Python.

    `example` is one of its runs, shown in full; `models` are names of the models that are saved beside the report.
    """
    opened = "".join(f'\nmodel = load_model("{name}.json")' for name in list(models)[:1])
    if opened:
        opened = f"\n\nfrom solitons import load_model{opened}  # beside this report"
    cite = [*_SOFTWARE[: 2 if example else 1], *campaign.references]
    if summary.engine in _ENGINES:
        cite.append(_ENGINES[summary.engine])
    if example is None:
        return Section(
            "What ran, and how to cite it",
            [
                paragraph("The reduced model computed all of it; no micromagnetics ran."),
                bullets(cite),
                paragraph("The campaign in Python:"),
                code(
                    "from solitons import load_campaign, run_campaign\n"
                    f'summary = run_campaign(load_campaign("{_file_of(campaign)}"), "store")' + opened
                ),
            ],
        )
    ran = (
        f"{summary.runs} runs by {summary.engine} {summary.engine_version}; {summary.cached} of them were computed "
        "before."
    )
    return Section(
        "What ran, and how to cite it",
        [
            paragraph(ran),
            bullets(cite),
            paragraph("The campaign in Python:"),
            code(
                "from solitons import campaign_table, load_campaign\n"
                f'campaign = load_campaign("{_file_of(campaign)}")\n'
                f'runs = campaign_table(campaign, "store", "{summary.engine}")\n\n'
                "from runs import open_run\n"
                f'run = open_run("{example.run_id}", "store")' + opened
            ),
            folded("The spec of one run", json.dumps(json.loads(example.model_dump_json()), indent=2)),
        ],
    )


def _file_of(campaign: AbstractCampaign) -> str:
    """How `load_campaign` is asked for this campaign: by name if it came with a kind, else by a file."""
    try:
        shipped = load_campaign(campaign.name) == campaign
    except ValueError:
        shipped = False
    return campaign.name if shipped else f"{campaign.name}.yaml"
