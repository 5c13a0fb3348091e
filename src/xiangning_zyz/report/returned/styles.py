"""The workbook's style sheet: what is added to it, and a cell's own style with a coloured ground."""

from xiangning_zyz.problem import Severity
from xiangning_zyz.report.returned.markup import (
    Edit,
    apply,
    grown,
    outline,
    prefix,
    with_attributes,
    with_prefix,
)

# Order of the schema (CT_Stylesheet); a group that is missing goes before the first later one.
_GROUPS = (
    "numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs",
    "cellStyles", "dxfs", "tableStyles", "colors", "extLst",
)  # fmt: skip
# What each group must begin with; Excel keeps the first two fills for itself.
_FIRST = {
    "fonts": ('<font><sz val="11"/><name val="宋体"/></font>',),
    "fills": ('<fill><patternFill patternType="none"/></fill>', '<fill><patternFill patternType="gray125"/></fill>'),
    "borders": ("<border><left/><right/><top/><bottom/><diagonal/></border>",),
    "cellStyleXfs": ('<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>',),
    "cellXfs": ('<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>',),
}
# Black text keeps a contrast of 8 : 1 on the red and 16 : 1 on the yellow.
_GROUND: dict[Severity, str] = {"error": "FFFF7C80", "warning": "FFFFE699"}


class Styles:
    """One style sheet and the additions to it; nothing that was there changes."""

    def __init__(self, data: bytes) -> None:
        root = outline(data)
        if root.closes_itself(data):
            data = apply(data, grown(data, root, b""))
        self._data = data
        self._root = outline(data)
        self._prefix = prefix(data, self._root.start)
        self._added: dict[str, list[bytes]] = {}
        self._fills: dict[Severity, int] = {}
        self._marked: dict[tuple[int, Severity], int] = {}

    def add(self, group: str, xml: str) -> int:
        """Put *xml*, written without prefixes, last in *group* and give its index."""
        return self._put(group, with_prefix(xml, self._prefix))

    def marked(self, base: int, severity: Severity) -> int:
        """Index of the cell style *base* on a red (error) or yellow (warning) ground, all else kept."""
        if (base, severity) not in self._marked:
            if severity not in self._fills:
                self._fills[severity] = self.add("fills", solid(_GROUND[severity]))
            ground = {"fillId": str(self._fills[severity]), "applyFill": "1"}
            self._marked[base, severity] = self._put("cellXfs", self._copy(base, ground))
        return self._marked[base, severity]

    def to_bytes(self) -> bytes:
        """The style sheet with everything that was added."""
        edits: list[Edit] = []
        for name in _GROUPS:
            items = self._added.get(name, [])
            group = self._root.child(name)
            if items and group:
                count = {"count": str(len(group.children) + len(items))}
                edits += grown(self._data, group, b"".join(items), count)
            elif items:
                edits.append(self._new_group(name, items))
        return apply(self._data, edits)

    def _put(self, group: str, item: bytes) -> int:
        there = self._root.child(group)
        old = len(there.children) if there else 0
        items = self._added.setdefault(group, [])
        if not old and not items:
            items += (with_prefix(first, self._prefix) for first in _FIRST[group])
        items.append(item)
        return old + len(items) - 1

    def _copy(self, base: int, attributes: dict[str, str]) -> bytes:
        """The `xf` at index *base* (the first when there is none such) with *attributes* set."""
        group = self._root.child("cellXfs")
        formats = group.children if group else []
        if not formats:
            return with_attributes(with_prefix(_FIRST["cellXfs"][0], self._prefix), attributes)
        old = formats[base if base < len(formats) else 0]
        tag = with_attributes(self._data[old.start : old.inner], attributes)
        return tag + self._data[old.inner : old.end]

    def _new_group(self, name: str, items: list[bytes]) -> Edit:
        later = _GROUPS[_GROUPS.index(name) + 1 :]
        at = next((child.start for child in self._root.children if child.name in later), self._root.close)
        begin = with_prefix(f'<{name} count="{len(items)}">', self._prefix)
        return Edit(at, at, begin + b"".join(items) + with_prefix(f"</{name}>", self._prefix))


def empty_styles(namespace: str) -> bytes:
    """The style sheet of a workbook that has none: the one format all cells have."""
    groups = "".join(f'<{name} count="{len(_FIRST[name])}">{"".join(_FIRST[name])}</{name}>' for name in _FIRST)
    normal = '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    return f'{declaration}<styleSheet xmlns="{namespace}">{groups}{normal}</styleSheet>'.encode()


def solid(rgb: str) -> str:
    """A fill of one colour."""
    return f'<fill><patternFill patternType="solid"><fgColor rgb="{rgb}"/><bgColor indexed="64"/></patternFill></fill>'
