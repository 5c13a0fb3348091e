"""Running text by templates that the office can edit (Jinja2), safe from whatever sheets contain.

A template is lines of text: `# ` a heading 一、, `## ` a heading （一）, `### ` a heading 1., anything else a
paragraph. Before a line of dashes stand the fixed parts, `标题：…`, one a line. What is put in by `{{ … }}`
never becomes markup: each value goes in as a mark and is exchanged for its figure or words after
the lines were read. So a sheet's text cannot open a heading, a paragraph or a template expression.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal, NamedTuple

from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from xiangning_zyz.report.blocks import Figure, Heading, Paragraph, Run
from xiangning_zyz.report.visible import visible
from xiangning_zyz.stop import Stop

BUNDLED = Path(__file__).resolve().parent.parent / "templates"

_OPEN, _CLOSE = "\ue000", "\ue001"  # private use: no keyboard types them, and values are cleared of them
_MARK = re.compile(f"{_OPEN}([0-9]+){_CLOSE}")
_PRIVATE = re.compile("[\ue000\ue001]")
_LEVELS: dict[str, Literal[1, 2, 3]] = {"#": 1, "##": 2, "###": 3}
_NUMERALS = "一二三四五六七八九十"


class BadTemplate(Stop):
    """A template cannot be followed; the message says which one, where and why."""


class Templates(NamedTuple):
    """Where templates are looked for: the office's own folder first, then those that ship."""

    own: Path | None = None

    def read(self, name: str) -> tuple[str, Path]:
        """The text of the template *name* and where it stands."""
        for folder in (self.own, BUNDLED):
            if folder is not None and (folder / name).is_file():
                try:
                    return (folder / name).read_text(encoding="utf-8-sig"), folder / name
                except UnicodeDecodeError:
                    raise BadTemplate(f"{folder / name} 不是 UTF-8 编码，请另存为 UTF-8。") from None
        raise BadTemplate(f"没有找到模板 {name}，请重新安装程序。")


class Prose(NamedTuple):
    """A template filled in."""

    parts: Mapping[str, str]  # what stands before the line of dashes
    blocks: tuple[Heading | Paragraph, ...]


def prose(templates: Templates, name: str, values: Mapping[str, object]) -> Prose:
    """Fill the template *name* with *values*; BadTemplate with file and line if that cannot be done."""
    text, place = templates.read(name)
    kept: list[Figure | str] = []
    try:
        filled = _environment(kept).from_string(text).render(values)
    except TemplateSyntaxError as error:
        raise BadTemplate(f"{place} 第{error.lineno}行：{error.message}") from None
    except TemplateError as error:
        raise BadTemplate(f"{place}：{error.message}") from None
    except (TypeError, ValueError, ArithmeticError, AttributeError) as error:  # an expression asks for what cannot be
        raise BadTemplate(f"{place}：{error}") from None
    head, dashes, body = filled.partition("\n---\n")
    if not dashes:
        raise BadTemplate(f"{place}：缺少“---”一行，它前面写标题、主送等，后面写正文。")
    return Prose(_parts(head, kept, place), tuple(_blocks(body, kept)))


def numbered(level: int, count: int) -> str:
    """The number of a heading: 一、 （一） 1. (GB/T 9704 7.3.3)."""
    if level == 3:
        return f"{count}."
    tens, ones = divmod(count, 10)
    text = ("" if tens == 0 else "十" if tens == 1 else f"{_NUMERALS[tens - 1]}十") + (
        _NUMERALS[ones - 1] if ones else ""
    )
    return f"{text}、" if level == 1 else f"（{text}）"


def _environment(kept: list[Figure | str]) -> ImmutableSandboxedEnvironment:
    def put_in(value: object) -> Markup:
        """Exchange a value for its mark; what a macro has rendered already consists of text and marks."""
        if isinstance(value, Markup):
            return value
        kept.append(value if isinstance(value, Figure) else _PRIVATE.sub("\ufffd", visible(str(value))))
        return Markup(f"{_OPEN}{len(kept) - 1}{_CLOSE}")  # noqa: S704  # a number between two marks

    return ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, autoescape=True, finalize=put_in, trim_blocks=True, lstrip_blocks=True
    )


def _parts(head: str, kept: list[Figure | str], place: Path) -> dict[str, str]:
    parts: dict[str, str] = {}
    for line in filter(None, map(str.strip, head.splitlines())):
        name, colon, words = line.partition("：")
        if not colon:
            raise BadTemplate(f"{place}：“{line}”应写成“名称：内容”，冒号用全角。")
        parts[name] = "".join(run.text if isinstance(run, Figure) else run for run in _runs(words.strip(), kept))
    return parts


def _blocks(body: str, kept: list[Figure | str]) -> Iterator[Heading | Paragraph]:
    counts = [0, 0, 0]
    for line in filter(None, map(str.strip, body.splitlines())):
        mark, _, words = line.partition(" ")
        level = _LEVELS.get(mark)
        if level is None:
            yield Paragraph(_runs(line, kept))
            continue
        counts[level - 1 :] = [counts[level - 1] + 1, *[0] * (3 - level)]
        yield Heading(level, numbered(level, counts[level - 1]), _runs(words.strip(), kept))


def _runs(line: str, kept: list[Figure | str]) -> tuple[Run, ...]:
    """The words of a line with its marks exchanged; neighbouring words become one run."""
    runs: list[Run] = []
    for place, piece in enumerate(_MARK.split(line)):
        run: Run = kept[int(piece)] if place % 2 else piece
        if isinstance(run, str) and runs and isinstance(runs[-1], str):
            runs[-1] += run
        elif run:
            runs.append(run)
    return tuple(runs)
