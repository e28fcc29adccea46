"""The text of a report, which must be whole."""

import html
import re

MISSING = re.compile(
    r".{0,20}(?:\bnan\b|\binf\b|\bNone\b|Undefined|\{\{|\{%|<p>\||\|---|!\[|\]\(|<p>[^<]*<figure>).{0,20}", re.DOTALL
)


def missing_in(page):
    """What is missing in a page: numbers that are none, places that were not filled in, Markdown that was not read."""
    text = re.sub(r"<pre>.*?</pre>|<style>.*?</style>", "", page, flags=re.DOTALL)
    return MISSING.findall(html.unescape(re.sub(r'src="[^"]*"| alt="[^"]*"', "", text)))


def report_text(campaign, findings):
    """Its HTML without its pictures; nothing in it is missing."""
    text = str(campaign.report(findings))
    assert missing_in(text) == []
    return re.sub(r'src="[^"]*"', "", text)
