"""Output of the commands: no text of a label, a title or a message reaches the terminal as an order."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment

from geometries.plain_text import printable

__all__ = ["SafeConsole"]


class SafeConsole(Console):
    """A console that leaves out the control characters of all text, whatever it stands in."""

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """Render as any console does, and leave out control characters of texts; styles add theirs later."""
        for segment in super().render(renderable, options):
            yield segment if segment.control else segment._replace(text=printable(segment.text))
