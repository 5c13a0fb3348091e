"""The workbook's style sheet: what is added to it, and a cell's own style with a coloured ground."""

from xiangning_zyz.problem import Severity
from xiangning_zyz.report.returned.markup import (
    Edit,
    Element,
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
    "cellXfs": ('<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>',),
}
# Black text keeps a contrast of 8 : 1 on the red and 16 : 1 on the yellow.
_GROUND: dict[Severity, str] = {"error": "FFFF7C80", "warning": "FFFFE699"}


def empty_styles(strict: bool) -> bytes:
    """The style sheet of a workbook that has none."""
    edition = "purl.oclc.org/ooxml" if strict else "schemas.openxmlformats.org"
    year = "" if strict else "/2006"
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<styleSheet xmlns="http://{edition}/spreadsheetml{year}/main"/>'
    ).encode()


class Styles:
    """One style sheet and the additions to it; nothing that was there changes."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._root = outline(data)
        self._prefix = prefix(data, self._root.start)
        self._added: dict[str, list[bytes]] = {}
        self._fills: dict[Severity, int] = {}
        self._marked: dict[tuple[int, Severity], int] = {}

    def add(self, group: str, xml: str) -> int:
        """Put *xml* (without prefixes) last in *group* and give its index."""
        return self._put(group, with_prefix(xml, self._prefix))

    def fill(self, rgb: str) -> int:
        """Index of a new solid fill."""
        return self.add(
            "fills", f'<fill><patternFill patternType="solid"><fgColor rgb="{rgb}"/><bgColor indexed="64"/></patternFill></fill>'
        )

    def marked(self, base: int, severity: Severity) -> int:
        """Index of the cell style *base* on a red (error) or yellow (warning) ground, all else kept."""
        if (base, severity) not in self._marked:
            if severity not in self._fills:
                self._fills[severity] = self.fill(_GROUND[severity])
            ground = {"fillId": str(self._fills[severity]), "applyFill": "1"}
            self._marked[base, severity] = self._put("cellXfs", self._copy_of(base, ground))
        return self._marked[base, severity]

    def to_bytes(self) -> bytes:
        """The style sheet with everything that was added."""
        if closes := self._root.inner == self._root.end:
            return apply(self._data, grown(self._data, self._root, self._new_groups()))
        edits: list[Edit] = []
        for name, items in self._added.items():
            group = self._root.child(name)
            if group is None:
                edits.append(self._new_group(name, items))
            else:
                count = {"count": str(len(group.children) + len(items))}
                edits += grown(self._data, group, b"".join(items), count)
        return apply(self._data, edits)
