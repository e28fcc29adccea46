"""What a long analysis shows: a bar in a terminal, lines in a file."""

import io
import re

from rich.console import Console

from solitons.campaigns.framework.stages import Stages, progress_bars


def shown(terminal):
    file = io.StringIO()
    with progress_bars(Console(file=file, force_terminal=terminal, width=100)) as progress:
        stages = Stages(progress)
        stages.prefix = "size = 1: "
        assert list(stages.over("Fit", range(12))) == list(range(12))
        at_the_end_of_the_first = file.getvalue()
        with stages("Judge"):
            pass
    return at_the_end_of_the_first, file.getvalue()


def test_in_a_file_each_stage_has_lines_as_it_goes():
    early, text = shown(terminal=False)
    assert early in text
    told = re.sub(r"\d+\.\d s", "# s", re.sub(r"\d:\d\d:\d\d", "#", early))
    assert told.splitlines() == [
        "size = 1: Fit: begins",
        "size = 1: Fit: 3 of 12, # left",
        "size = 1: Fit: 6 of 12, # left",
        "size = 1: Fit: 9 of 12, # left",
        "size = 1: Fit: done in # s",
    ]
    assert "size = 1: Judge: begins" in text


def test_in_a_terminal_each_stage_has_a_bar():
    _, text = shown(terminal=True)
    assert "begins" not in text
    assert "100%" in text
