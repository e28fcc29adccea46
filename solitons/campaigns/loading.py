"""All kinds of campaigns, and how one is read from its file."""

from __future__ import annotations

from pathlib import Path

from runs.strict_yaml import describe, read_table
from solitons.campaigns.dw_synapse.description import Campaign
from solitons.campaigns.ice_avalanche.description import IceAvalancheCampaign
from solitons.campaigns.ice_recogniser.description import IceRecogniserCampaign

__all__ = ["KINDS", "AnyCampaign", "load_campaign"]

AnyCampaign = Campaign | IceAvalancheCampaign | IceRecogniserCampaign
"""Any kind of campaign."""

KINDS: dict[str, type[AnyCampaign]] = {
    "synapse": Campaign,
    "ice_avalanche": IceAvalancheCampaign,
    "ice_recogniser": IceRecogniserCampaign,
}
"""What the field `kind` of a campaign file may say. `solitons.campaigns.kinds` has what each kind does."""


def load_campaign(campaign: str | Path) -> AnyCampaign:
    """Read a campaign from a YAML file, or one that comes with the workbench by its name.

    The file is data: it is read with YAML's safe loader and can name no code.

    Parameters
    ----------
    campaign : str or pathlib.Path
        A file that ends in ".yaml" or ".yml", or a name such as "dw-synapse".

    Raises
    ------
    ValueError
        If there is no such file or name, or if it is not a campaign; the error names
        the file and the field.

    Examples
    --------
    >>> load_campaign("dw-synapse").name
    'dw-synapse'
    """
    path = Path(campaign)
    if path.suffix not in {".yaml", ".yml"}:
        path = _shipped(str(campaign))
    elif not path.is_file():
        raise ValueError(f"campaign {str(campaign)!r}: there is no such file")
    content = read_table(path, f"a campaign is a table with the keys {', '.join(Campaign.model_fields)}")
    # Campaigns of stripes need not say so: they were there first.
    kind = content.get("kind", "synapse")
    if kind not in KINDS:
        raise ValueError(f"{path}: kind = {kind!r} is no kind of campaign; there are {', '.join(KINDS)}")
    return describe(path, KINDS[kind], content)


def _shipped(name: str) -> Path:
    files = {path.parent.name.replace("_", "-"): path for path in Path(__file__).parent.glob("*/campaign.yaml")}
    if name not in files:
        raise ValueError(
            f"campaign {name!r} is not one of {', '.join(sorted(files))}; for a file of your own give its name with "
            ".yaml"
        )
    return files[name]
