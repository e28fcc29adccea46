"""The MIF 2 that oommfc writes, as plain data. Nothing of its Tcl is evaluated.

A MIF file is a Tcl script. Its commands stand on lines of their own, a word in braces is
taken as it is, and a word without braces must not hold what Tcl would substitute.
"""

import re
from dataclasses import dataclass

from runs.mif.errors import MifSyntaxError

__all__ = ["Block", "Mif", "Procedure", "parse_mif", "split_list"]

_HEADER = re.compile(r"# MIF 2\.[12]\s*$")
_BRACE = re.compile(r"[{}]")
_CLOSING = {"{": "}", '"': '"'}


@dataclass(frozen=True)
class Block:
    """One ``Specify`` block: its Oxs class, the instance's name (may be empty), and pairs of label and value.

    The pairs have the order of the file, with outer braces taken off; a label can come twice.
    """

    kind: str
    name: str
    parameters: tuple[tuple[str, str], ...]

    @property
    def title(self) -> str:
        """The class and the name, as the file has them."""
        return f"{self.kind}:{self.name}" if self.name else self.kind


@dataclass(frozen=True)
class Procedure:
    """One Tcl procedure, not evaluated."""

    name: str
    arguments: str
    body: str


@dataclass(frozen=True)
class Mif:
    """All of a MIF file: what ``SetOptions`` sets, its blocks and procedures, words of destinations and schedules."""

    options: tuple[tuple[str, str], ...]
    blocks: tuple[Block, ...]
    procedures: tuple[Procedure, ...]
    destinations: tuple[tuple[str, ...], ...]
    schedules: tuple[tuple[str, ...], ...]


def parse_mif(text: str) -> Mif:
    """Read the text of a MIF file without the scripts of the terms.

    Raises `MifSyntaxError` for a brace that is not closed, a command that oommfc does not write, a value that Tcl
    would evaluate, or no MIF 2 header.
    """
    if not _HEADER.match(text.partition("\n")[0]):
        raise MifSyntaxError("line 1: no header '# MIF 2.2'")
    options: list[tuple[str, str]] = []
    blocks: list[Block] = []
    procedures: list[Procedure] = []
    destinations: list[tuple[str, ...]] = []
    schedules: list[tuple[str, ...]] = []
    for line, command in _commands(text):
        match command:
            case ["SetOptions", body]:
                options.extend(_pairs(body, line))
            case ["Specify", title, body]:
                kind, _, name = title.partition(":")
                blocks.append(Block(kind, name, _pairs(body, line)))
            case ["proc", name, arguments, body]:
                procedures.append(Procedure(name, arguments.strip(), body))
            case ["Destination", *words]:
                destinations.append(tuple(words))
            case ["Schedule", *words]:
                schedules.append(tuple(words))
            case _:
                raise MifSyntaxError(f"line {line}: {' '.join(command)[:80]!r} is no command that oommfc writes")
    return Mif(tuple(options), tuple(blocks), tuple(procedures), tuple(destinations), tuple(schedules))


def split_list(text: str) -> list[str]:
    """Split a Tcl list into its elements, outer braces taken off; a `MifSyntaxError` where braces do not match."""
    words, position = [], 0
    while position < len(text):
        if text[position].isspace():
            position += 1
        else:
            word, position = _word(text, position, "")
            words.append(word)
    return words


def _commands(text: str) -> list[tuple[int, list[str]]]:
    """Split a script into commands, each with the line it starts on."""
    commands: list[tuple[int, list[str]]] = []
    words: list[str] = []
    position = start = 0
    text = text + "\n"
    while position < len(text):
        character = text[position]
        if character in "\n;":
            if words:
                commands.append((_line(text, start), words))
            words, position = [], position + 1
        elif character.isspace():
            position += 1
        elif character == "#" and not words:
            position = text.index("\n", position)
        else:
            start = start if words else position
            first = position
            word, position = _word(text, position, ";")
            if text[first] != "{" and any(special in word for special in "$[]"):
                raise MifSyntaxError(f"line {_line(text, first)}: {word[:80]!r} would be evaluated by Tcl")
            words.append(word)
    return commands


def _word(text: str, position: int, ends: str) -> tuple[str, int]:
    """Return the word that starts at a position, and where it ends."""
    opening, wrong = text[position], ""
    if opening == "{":
        depth, stop = 1, position + 1
        for brace in _BRACE.finditer(text, position + 1):
            depth += 1 if brace[0] == "{" else -1
            stop = brace.end()
            if not depth:
                break
        word = text[position + 1 : stop - 1]
        wrong = "the brace is never closed" if depth else ""
    elif opening == '"':
        stop = text.find('"', position + 1) + 1
        word = text[position + 1 : stop - 1]
        wrong = "" if stop else "the quotation mark is never closed"
    else:
        stop = position
        while stop < len(text) and not text[stop].isspace() and text[stop] not in ends:
            stop += 1
        word = text[position:stop]
        wrong = "a brace is closed that was not opened" if "}" in word else ""
    if "\\" in word:
        wrong = wrong or "a backslash, which oommfc does not write"
    if opening in _CLOSING and stop < len(text) and not text[stop].isspace() and text[stop] not in ends:
        wrong = wrong or f"{text[stop]!r} right after {_CLOSING[opening]!r}"
    if wrong:
        raise MifSyntaxError(f"line {_line(text, position)}: {wrong}")
    return word, stop


def _line(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def _pairs(body: str, line: int) -> tuple[tuple[str, str], ...]:
    words = split_list(body)
    if len(words) % 2:
        raise MifSyntaxError(f"line {line}: the block has {len(words)} words, which are not pairs of label and value")
    return tuple(zip(words[::2], words[1::2], strict=True))
