"""How a campaign stands, in a cell or a terminal, while it runs."""

import io
import threading

import nbformat
import pytest
from nbclient import NotebookClient
from rich.console import Console

import solitons
from runs import execute
from solitons.watch import notebook


@pytest.fixture
def shown(monkeypatch):
    """The texts that are shown, one after another."""
    texts = []

    def show(table):
        console = Console(file=io.StringIO(), width=200)
        console.print(table)
        texts.append(console.file.getvalue())

    class Display:
        def __enter__(self):
            return show

        def __exit__(self, *_):
            return None

    monkeypatch.setattr(notebook, "_display", Display)
    monkeypatch.setattr(notebook, "_EVERY", 0.01)
    return texts


def test_the_state_is_shown_until_nobody_is_at_work(watched, shown):
    watching = threading.Thread(target=solitons.watch_campaign, args=("demo", watched.store.root))
    watching.start()
    while not shown:
        assert watching.is_alive()
        watching.join(0.01)
    assert "1 computing, 1 stale, 1 failed, 1 waiting, 2 stored" in shown[0]
    assert "drive-2" in shown[0]
    assert "the <b>film</b> tore" in shown[0]
    watched.process.kill()
    watched.process.wait()
    watching.join(60)
    assert not watching.is_alive()
    assert "2 stale" in shown[-1]


def test_the_state_is_shown_as_long_as_a_block_runs(watched, shown):
    with solitons.watching_campaign("demo", watched.store.root, engine="mock"):
        list(execute([watched.specs[5]], watched.store.root))
    assert "3 stored" in shown[-1]
    assert "watch" not in [thread.name for thread in threading.enumerate()]


def test_a_block_that_fails_fails_as_it_would_alone(watched, shown):
    with pytest.raises(ZeroDivisionError), solitons.watching_campaign("demo", watched.store.root):
        raise ZeroDivisionError
    assert shown


def test_a_campaign_that_is_not_there_is_named(watched, shown):
    with pytest.raises(KeyError, match=r"campaign 'dmeo' has not been run into store .* it has demo"):
        solitons.watch_campaign("dmeo", watched.store.root)


@pytest.mark.slow
def test_a_cell_shows_it(watched):
    watched.process.kill()
    watched.process.wait()
    source = f"from solitons.watch.notebook import watch_campaign\nwatch_campaign('demo', {str(watched.store.root)!r})"
    cell = nbformat.v4.new_code_cell(source)
    NotebookClient(nbformat.v4.new_notebook(cells=[cell]), timeout=300, kernel_name="python3").execute()
    (output,) = [each for each in cell.outputs if each.output_type == "display_data"]
    assert "drive-3" in output.data["text/html"]
    assert "2 stale" in output.data["text/html"]
