"""The text of a kind's own part of a report, which must be whole."""

import re


def report_text(campaign, findings):
    """Its HTML without its pictures; nothing in it is missing or no number."""
    text = re.sub(r'src="[^"]*"', "", str(campaign.report(findings)))
    assert re.findall(r"\b(?:nan|inf|None|Undefined)\b|\{\{|\{%|<p>\||\]\(", text) == []
    return text
