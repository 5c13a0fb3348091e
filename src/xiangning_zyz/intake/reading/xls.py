"""`.xls` and `.et`: the records of a BIFF 8 workbook (Excel 97 on, WPS), and of BIFF 5 before it.

Own code and not a library's, because none tells all that must be known of the form most offices
still use (docs/decisions/0003): error cells, per cent styles, which values are formulas' results,
hidden parts, merges. Reading is bounded by the length of the stream: no record is followed twice.

Format: [MS-XLS] 2.4 (records), 2.5.293 (XLUnicodeRichExtendedString); for BIFF 5 the
OpenOffice documentation of the Excel file format, sections 5 and 6.
"""

import struct
from collections.abc import Iterator
from typing import NamedTuple

from xiangning_zyz.intake.grid import reference
from xiangning_zyz.intake.reading.formats import BUILT_IN, GENERAL, Style, shown, style_of
from xiangning_zyz.intake.reading.packing import Packer, Row
from xiangning_zyz.intake.reading.refusal import Refused, damaged
from xiangning_zyz.intake.reading.texts import bounded
from xiangning_zyz.problem import DAMAGED, ENCRYPTED, NOTHING_TO_READ
