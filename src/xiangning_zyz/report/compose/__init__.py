"""Results → blocks: every word, order and rounding of a report is decided here, once.

`compose(kind, material, templates)` makes the document of a kind; `material` is all that was computed.
"""

from typing import TYPE_CHECKING

from xiangning_zyz.report.blocks import Document, Kind
from xiangning_zyz.report.compose.material import Material

if TYPE_CHECKING:  # templates need Jinja2, an extra; without it the rest must still load
    from xiangning_zyz.report.compose.prose import Templates


def compose(kind: Kind, material: Material, templates: "Templates") -> Document:
    """The document of *kind*; BadTemplate if a template of the office's cannot be followed."""
    match kind:
        case "bulletin" | "brief":
            from xiangning_zyz.report.compose.letter import letter

            return letter(kind, material, templates)
        case "annex":
            from xiangning_zyz.report.compose.annex import annex

            return annex(material)
        case "dashboard":
            from xiangning_zyz.report.compose.dashboard import dashboard

            return dashboard(material)
