"""The kinds of campaigns: found by their entry points, ours among them, and read from files.

A package adds a kind with an entry point of the group ``solitons.campaigns``, whose name is the
kind and whose object is the class. The class stands in a folder with ``campaign.yaml``, which is a
campaign of that kind to start from; that campaign is named as the kind, with dashes. Other
``.yaml`` files beside it are further campaigns, named by their file.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from geometries.plugins import Plugin, PluginError, get_plugin, plugins
from geometries.usual_names import proposal
from runs.strict_yaml import describe, read_table

if TYPE_CHECKING:
    from solitons.campaigns.framework.base import AbstractCampaign

__all__ = [
    "GROUP",
    "ShippedCampaign",
    "campaign_file",
    "campaign_kind",
    "campaign_kinds",
    "load_campaign",
    "shipped_campaigns",
]

GROUP = "solitons.campaigns"


def campaign_kinds() -> Mapping[str, Plugin]:
    """All kinds by their names, none of them imported yet."""
    return plugins(GROUP)


def campaign_kind(name: str) -> type[AbstractCampaign]:
    """The class of a kind.

    A kind that is not there, that several packages claim, or whose package cannot be imported or names no campaign of
    that kind, is an error.
    """
    from solitons.campaigns.framework.base import AbstractCampaign
    from solitons.campaigns.framework.results import CampaignSummary

    plugin = get_plugin(GROUP, name, "kind of campaign")
    found, where = plugin.load(), plugin.entry_points[0].value
    if not (isinstance(found, type) and issubclass(found, AbstractCampaign)):
        raise PluginError(f"kind {name!r}: {where} is no AbstractCampaign; mend the entry point")
    if found.analyse is AbstractCampaign.analyse and not found.analysis_module():
        raise PluginError(
            f"kind {name!r}: {where} lacks analyse; define it, or put an analysis.py with analyse(campaign, runs, "
            "stages) beside the class"
        )
    if not hasattr(found, "results_class"):
        raise PluginError(f"kind {name!r}: {where} has no results_class; give the class of what its analysis finds")
    if inspect.isabstract(found.results_class):
        raise PluginError(
            f"kind {name!r}: {found.results_class.__name__} lacks headlines; give results_class a method headlines() "
            "with the numbers that a reader sees first, which the campaign no longer says"
        )
    if taken := sorted(set(found.results_class.model_fields) & set(CampaignSummary.model_fields)):
        raise PluginError(
            f"kind {name!r}: {found.results_class.__name__} has a field {taken[0]!r}, which stands in summary.json for "
            "the campaign; give the field another name"
        )
    said = found.model_fields["kind"].default if "kind" in found.model_fields else None
    if said != name:
        raise PluginError(f"kind {name!r}: {where} has the field kind = {said!r}; give field and entry point one name")
    return found


@dataclass(frozen=True)
class ShippedCampaign:
    """A campaign that comes with its kind.

    `load_campaign` finds it by its name; `package` brings it, with its version; `file` is its description to start
    from. `problem` is why it cannot be used, empty if it can.
    """

    name: str
    kind: str
    package: str
    title: str = ""
    file: Path = Path()
    problem: str = ""


def shipped_campaigns() -> list[ShippedCampaign]:
    """The campaigns that come with the kinds that are installed, at least one for each kind.

    Examples
    --------
    >>> from solitons import shipped_campaigns
    >>> "dw-synapse" in [each.name for each in shipped_campaigns()]
    True
    """
    found = []
    for kind, plugin in campaign_kinds().items():
        package = " and ".join(plugin.packages)
        try:
            files = _files_of(kind)
        except ValueError as error:
            found.append(ShippedCampaign(kind.replace("_", "-"), kind, package, problem=str(error)))
            continue
        for name, file in files.items():
            try:
                title = str(read_table(file, "a campaign is a table").get("title", ""))
                found.append(ShippedCampaign(name, kind, package, title, file))
            except ValueError as error:
                found.append(ShippedCampaign(name, kind, package, problem=str(error)))
    return found


def load_campaign(campaign: str | Path) -> AbstractCampaign:
    """Read a campaign from a YAML file, or one that comes with a kind by its name.

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
    path = campaign_file(campaign)
    known = ", ".join(campaign_kinds())
    content = read_table(path, f"a campaign is a table with a name, a kind (one of {known}) and that kind's keys")
    kind = content.get("kind")
    if not isinstance(kind, str):
        raise ValueError(f"{path}: kind = {kind!r} is no kind of campaign; there are {known}")
    try:
        found = campaign_kind(kind)
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from None
    return describe(path, found, content)


def campaign_file(campaign: str | Path) -> Path:
    """File of a campaign that is named as for `load_campaign`; a ValueError if there is none."""
    path = Path(campaign)
    if path.suffix not in {".yaml", ".yml"}:
        return _shipped_file(str(campaign))
    if not path.is_file():
        raise ValueError(f"campaign {str(campaign)!r}: there is no such file")
    return path


def _shipped_file(name: str) -> Path:
    kinds = {kind.replace("_", "-"): kind for kind in campaign_kinds()}
    if name in kinds:  # a kind's own campaign is found although another kind may be broken
        return _files_of(kinds[name])[name]
    found: dict[str, Path] = {}
    for kind in kinds.values():
        try:
            found |= _files_of(kind)
        except ValueError:  # `shipped_campaigns` reports what is wrong with it
            continue
    if name not in found:
        known = sorted({*kinds, *found})
        meant = proposal(name, known)
        raise ValueError(
            f"campaign {name[:80]!r} is not known; {f'did you mean {meant!r}? ' if meant else ''}Give one of "
            f"{', '.join(known)}, or a file of your own with its .yaml"
        )
    return found[name]


def _files_of(kind: str) -> dict[str, Path]:
    """The campaigns that stand beside a kind's class, by their names, the kind's own first."""
    own = _folder_of(kind) / "campaign.yaml"
    if not own.is_file():
        raise ValueError(f"kind {kind!r} comes without a campaign.yaml beside its class; add one, or give a file")
    others = sorted((file for file in own.parent.glob("*.yaml") if file != own), key=lambda file: file.stem)
    return {kind.replace("_", "-"): own} | {file.stem: file for file in others}


def _folder_of(kind: str) -> Path:
    """The folder of a kind's class. One of another package is imported, so that what is wrong with it is met."""
    module = get_plugin(GROUP, kind, "kind of campaign").entry_point.module
    if module.startswith("solitons.campaigns."):
        # Found without importing the class, which would bring all that it computes with.
        return Path(str(find_spec(module).origin)).parent  # type: ignore[union-attr]
    return Path(inspect.getfile(campaign_kind(kind))).parent
