"""No text reaches the terminal as an order, whatever stands in it."""

import io
from contextlib import suppress

import pytest
from rich.progress import Progress
from rich.table import Table

from geometries.plain_text import printable, shortened
from runs.store import Store, remember_campaign
from solitons.commands.cli import app, main
from solitons.commands.terminal import SafeConsole

# Clears the screen, names the window, is a C1 order, turns the writing around, rings, goes back to the line's start, is
# half a character.
ORDERS = "\x1b[2J\x1b]0;mine\x07 \x9b31m \u202e \a \r \ud800"


def assert_obeys_nothing(text):
    assert printable(text) == text
    assert "mine" in text


def test_every_way_to_print_is_safe():
    out = io.StringIO()
    console = SafeConsole(file=out, width=200)
    table = Table(ORDERS, title=ORDERS)
    table.add_row(ORDERS)
    console.print(ORDERS, markup=False)
    console.print(table)
    console.print_json(data={"label": ORDERS})
    console.print(ValueError(ORDERS))
    assert_obeys_nothing(out.getvalue())


def test_styles_are_still_there():
    out = io.StringIO()
    console = SafeConsole(file=out, force_terminal=True, color_system="standard")
    console.print("[red]a\x1b[2Jb[/red]", highlight=False)
    assert out.getvalue() == "\x1b[31ma[2Jb\x1b[0m\n"
    with Progress(console=console) as progress:
        progress.add_task(ORDERS)
    assert "\x1b[2J" not in out.getvalue()


@pytest.mark.parametrize("command", [("status",), ("run", "mine.yaml")])
def test_commands_show_labels_titles_and_messages_as_text(command, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("signal.signal", lambda *_: None)
    monkeypatch.setattr("solitons.commands.cli.app", lambda: app(list(command)))
    store = Store(tmp_path / "store")
    run_id = "0123456789abcdef"
    remember_campaign(store, "mine", "mock", [run_id], {run_id: ORDERS})
    store.record_failure(run_id, "EngineFailedError", ORDERS)
    (tmp_path / "mine.yaml").write_text('kind: sweep\nname: mine\ntitle: "\\e[2J"\nno such key: "\\e[2J"\n')
    with suppress(SystemExit):
        main()
    printed = capsys.readouterr()
    assert_obeys_nothing(printed.out + printed.err)


def test_a_text_is_cut_where_it_is_too_long():
    assert shortened("a" * 200) == "a" * 200
    assert shortened("a" * 201) == "a" * 197 + "..."
