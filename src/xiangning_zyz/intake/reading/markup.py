"""XML parts of foreign files, without the features that only attacks use.

expat keeps no tree and expands nothing here: a DOCTYPE (and with it every entity) is refused in
any encoding before it takes effect, and nesting is counted.
"""

from collections.abc import Callable, Iterable
from xml.parsers.expat import ExpatError, ParserCreate

from xiangning_zyz.intake.reading import limits
from xiangning_zyz.intake.reading.refusal import damaged, hostile

MAIN = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",  # Strict OOXML (ISO/IEC 29500-1)
)

Start = Callable[[str, dict[str, str]], None]
End = Callable[[str], None]
Text = Callable[[str], None]


class Enough(Exception):  # a signal, not an error
    """Raised by a handler that needs nothing more of the part."""


class LocalNames(dict[str, str]):
    """`namespace name` → `name` for the given namespaces; names of others stay whole."""

    def __init__(self, namespaces: tuple[str, ...]) -> None:
        super().__init__()
        self._namespaces = namespaces

    def __missing__(self, name: str) -> str:
        namespace, _, local = name.rpartition(" ")
        self[name] = local if not namespace or namespace in self._namespaces else name
        return self[name]


class Parser:
    """expat, fed piece by piece; set `handlers` before the first. Elements are named `namespace local`."""

    def __init__(self) -> None:
        self.handlers = ParserCreate(namespace_separator=" ")
        self.handlers.buffer_text = True
        self.handlers.StartDoctypeDeclHandler = _refuse_doctype
        self.handlers.XmlDeclHandler = self._declared
        self.encoding = "utf-8"  # as declared
        self._fed = 0

    def feed(self, data: bytes, *, last: bool = False) -> None:
        """Parse one more piece; what expat cannot accept is `Refused` as damage."""
        self._fed += len(data)
        try:
            self.handlers.Parse(data, last)
        except ExpatError as error:
            raise damaged(f"XML 有误（第 {error.lineno} 行）") from error
        except (ValueError, LookupError) as error:  # an encoding expat has no table for
            raise damaged("XML 的文字编码无法识别") from error
        # Old versions of expat look through an unfinished token again at every piece (CVE-2023-52425).
        if self._fed - self.handlers.CurrentByteIndex > limits.XML_TOKEN_BYTES and not last:
            raise hostile("XML 中有过长的标记")
        if len(self.handlers.intern) > limits.XML_NAMES:
            raise hostile("XML 中的名称过多")

    def close(self) -> None:
        """Let go of the handlers.

        They hold this parser as it holds them: with all they know, the workbook, they would wait for the collector.
        """
        del self.handlers

    def _declared(self, _version: str, encoding: str | None, _standalone: int) -> None:
        self.encoding = encoding or self.encoding


def walk(chunks: Iterable[bytes], start: Start, end: End, text: Text, namespaces: tuple[str, ...] = MAIN) -> None:
    """Call the handlers over a whole part, elements by local name; ends early on `Enough`."""
    local = LocalNames(namespaces)
    depth = 0

    def opened(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > limits.XML_DEPTH:
            raise too_deep()
        start(local[name], attributes)

    def closed(name: str) -> None:
        nonlocal depth
        depth -= 1
        end(local[name])

    parser = Parser()
    parser.handlers.StartElementHandler = opened
    parser.handlers.EndElementHandler = closed
    parser.handlers.CharacterDataHandler = text
    try:
        for data in chunks:
            parser.feed(data)
        parser.feed(b"", last=True)
    except Enough:
        return
    finally:
        parser.close()


def too_deep() -> Exception:
    """What to raise for nesting beyond the limit."""
    return hostile(f"XML 嵌套超过 {limits.XML_DEPTH} 层")


def ignore(_: str) -> None:
    """A handler for text or ends that mean nothing here."""


def _refuse_doctype(*_: object) -> None:
    raise hostile("XML 中有文档类型声明（DOCTYPE）")
