"""What every campaign's report is made of: one HTML file with everything in it."""

from __future__ import annotations

import base64
import html
import io
from collections.abc import Sequence
from string import Template
from typing import TYPE_CHECKING, Any

from solitons.campaigns.base import AbstractCampaign
from solitons.campaigns.loading import load_campaign
from solitons.campaigns.summary import CampaignSummary

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["figure", "file_of", "image", "new_figure", "page", "section", "table"]


def page(
    campaign: AbstractCampaign, summary: CampaignSummary, tiles: Sequence[tuple[str, str, str]], sections: Sequence[str]
) -> str:
    """The page of a report.

    Parameters
    ----------
    campaign : AbstractCampaign
        What was asked for.
    summary : CampaignSummary
        What ran.
    tiles : sequence of (str, str, str)
        The main numbers: HTML of the value, what it is, and a detail.
    sections : sequence of str
        What `section` returned.
    """
    return Template(_PAGE).substitute(
        title=html.escape(campaign.title or campaign.name),
        campaign=html.escape(campaign.name),
        engine=html.escape(f"{summary.engine} {summary.engine_version}"),
        tiles="\n".join(
            f'<div class="tile"><b>{value}</b><span>{name}</span><small>{detail}</small></div>'
            for value, name, detail in tiles
        ),
        sections="\n".join(sections),
    )


def section(title: str, body: str) -> str:
    """A part of the page under a title in plain text."""
    return f"<section><h2>{html.escape(title)}</h2>\n{body}</section>"


def new_figure(width: float, height: float) -> Figure:
    """An empty figure of matplotlib, in inches, that no window knows of."""
    # Imported here: half of what the command does needs no figures.
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained")


def figure(drawn: Figure | Any, caption: str) -> str:
    """A figure of matplotlib with its caption, in HTML."""
    buffer = io.BytesIO()
    drawn.savefig(buffer, format="png", dpi=140)
    return image(buffer.getvalue(), "png", caption)


def image(data: bytes, kind: str, caption: str) -> str:
    """An image (`kind` is "png" or "gif") in the page itself, with its caption in HTML."""
    text = base64.b64encode(data).decode("ascii")
    plain = html.escape(html.unescape(caption), quote=True)
    tag = f'<img src="data:image/{kind};base64,{text}" alt="{plain}">'
    return f"<figure>{tag}<figcaption>{caption}</figcaption></figure>\n"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table; its cells are HTML."""
    top = "".join(f"<th>{cell}</th>" for cell in head)
    body = "\n".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f'<div class="wide"><table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>\n'


def file_of(campaign: AbstractCampaign) -> str:
    """How `load_campaign` is asked for this campaign: by name if it came with the workbench, else by a file."""
    try:
        load_campaign(campaign.name)
    except ValueError:
        return f"{campaign.name}.yaml"
    return campaign.name


_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>$title</title>
<style>
:root { --ink: #1b1f24; --faint: #5c6670; --line: #d9dee3; --accent: #0b5c8a; }
body { margin: 0 auto; padding: 1.5rem; max-width: 60rem; color: var(--ink); background: #fff;
  font: 16px/1.5 system-ui, "Segoe UI", "Helvetica Neue", Arial, sans-serif; }
h1 { margin: 0 0 .2rem; font-size: 1.7rem; line-height: 1.25; }
h2 { margin: 2.2rem 0 .6rem; padding-bottom: .2rem; border-bottom: 1px solid var(--line); font-size: 1.2rem; }
header p { margin: 0; color: var(--faint); }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(12rem, 1fr)); gap: .8rem; margin: 1.4rem 0; }
.tile { padding: .8rem 1rem; border: 1px solid var(--line); border-radius: .5rem; }
.tile b { display: block; color: var(--accent); font-size: 1.6rem; line-height: 1.2; }
.tile span { display: block; font-weight: 600; }
.tile small { display: block; margin-top: .2rem; color: var(--faint); line-height: 1.35; }
figure { margin: 1rem 0 1.4rem; }
img { display: block; max-width: 100%; height: auto; }
figcaption { margin-top: .3rem; color: var(--faint); font-size: .9rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; }
th, td { padding: .25rem .9rem .25rem 0; border-bottom: 1px solid var(--line); text-align: left; }
th { vertical-align: bottom; }
td:not(:last-child) { white-space: nowrap; }
pre { overflow-x: auto; padding: .8rem; background: #f5f7f9; border-radius: .4rem; font-size: .85rem; }
</style>
</head>
<body>
<header>
<h1>$title</h1>
<p>Campaign <code>$campaign</code>, run by $engine</p>
</header>
<div class="tiles">
$tiles
</div>
$sections
</body>
</html>
"""
