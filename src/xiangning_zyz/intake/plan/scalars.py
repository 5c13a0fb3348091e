"""What one scalar of a plan file may say, and how its text is read.

Every scalar arrives as the text that was written (`yaml_text.py`), so nothing is coerced: 7, 7.0 and
"7" are all decimals, and a number's last zero survives. Each type brings its JSON Schema along.
"""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import BeforeValidator, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from xiangning_zyz import figure
from xiangning_zyz.intake.plan import faults
from xiangning_zyz.period import Period as ReportingPeriod

_ISO_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_NAME = r"""[^\s/@=,，、;；:："'<>]{1,64}"""  # what commands and formulas can name without quoting
_FORMULA = rf"\s*({_NAME})\s*/\s*({_NAME})\s*"


def refusal(kind: faults.FaultKind, **case: object) -> PydanticCustomError:
    """A validation error that `shape.py` turns into a fault of *kind*."""
    return PydanticCustomError(kind.code, "", case)


def read_decimal(text: object) -> Decimal:
    """A plain decimal; `NaN`, `1_000` and `1e5` are none."""
    try:
        return figure.decimal(text if isinstance(text, str) else "")
    except ValueError:
        raise refusal(faults.NOT_A_NUMBER) from None


def read_day(text: object) -> date:
    """A day of the calendar, written 2023-12-31."""
    if isinstance(text, str) and re.fullmatch(_ISO_DAY, text):
        try:
            return date.fromisoformat(text)
        except ValueError:  # no such day, as 2026-02-30
            pass
    raise refusal(faults.NOT_A_DATE)


def read_formula(text: object) -> tuple[str, str]:
    """`numerator / denominator`, both indicator ids."""
    match = re.fullmatch(_FORMULA, text) if isinstance(text, str) else None
    if match is None:
        raise refusal(faults.BAD_FORMULA)
    return match[1], match[2]


def _read_period(text: object) -> ReportingPeriod:
    try:
        return ReportingPeriod.parse(text if isinstance(text, str) else "")
    except ValueError:
        raise refusal(faults.NOT_A_PERIOD) from None


def _read_name(text: object) -> str:
    if isinstance(text, str) and re.fullmatch(_NAME, text):
        return text
    raise refusal(faults.BAD_ID)


def _read_text(text: object) -> str:
    if not isinstance(text, str):
        raise refusal(faults.WRONG_TYPE, expected="文字")
    if not text.strip():
        raise refusal(faults.NO_TEXT)
    return text.strip()


def _read_points(text: object) -> Decimal:
    value = read_decimal(text)
    if not 0 <= value <= 100:
        raise refusal(faults.OUT_OF_BOUNDS, low=0, high=100)
    return value


def _whole(low: int, high: int) -> Callable[[object], int]:
    def read(text: object) -> int:
        if isinstance(text, str) and re.fullmatch("[0-9]{1,4}", text) and low <= int(text) <= high:
            return int(text)
        raise refusal(faults.NOT_WHOLE, low=low, high=high)

    return read


def _listed(name: object) -> object:
    return [name] if isinstance(name, str) else name


_NUMBER_SCHEMA = {"type": ["number", "string"], "pattern": r"^-?[0-9]+(\.[0-9]+)?$"}
_PERIOD_SCHEMA = {"type": ["string", "integer"], "pattern": "^[0-9]{4}(-(H[12]|Q[1-4]|0[1-9]|1[0-2]))?$"}

Text = Annotated[str, PlainValidator(_read_text), WithJsonSchema({"type": "string", "minLength": 1})]
Name = Annotated[str, PlainValidator(_read_name), WithJsonSchema({"type": "string", "pattern": f"^{_NAME}$"})]
Number = Annotated[Decimal, PlainValidator(read_decimal), WithJsonSchema(_NUMBER_SCHEMA)]
Points = Annotated[Decimal, PlainValidator(_read_points), WithJsonSchema(_NUMBER_SCHEMA)]
Day = Annotated[date, PlainValidator(read_day), WithJsonSchema({"type": "string", "format": "date"})]
Period = Annotated[ReportingPeriod, PlainValidator(_read_period), WithJsonSchema(_PERIOD_SCHEMA)]
Formula = Annotated[
    tuple[str, str], PlainValidator(read_formula), WithJsonSchema({"type": "string", "pattern": f"^{_FORMULA}$"})
]
Year = Annotated[
    int, PlainValidator(_whole(1949, 2999)), WithJsonSchema({"type": "integer", "minimum": 1949, "maximum": 2999})
]
Months = Annotated[int, PlainValidator(_whole(0, 60)), WithJsonSchema({"type": "integer", "minimum": 0, "maximum": 60})]
Count = Annotated[int, PlainValidator(_whole(0, 60)), WithJsonSchema({"type": "integer", "minimum": 0, "maximum": 60})]
MonthDay = Annotated[
    int, PlainValidator(_whole(1, 31)), WithJsonSchema({"type": "integer", "minimum": 1, "maximum": 31})
]
Month = Annotated[int, PlainValidator(_whole(1, 12)), WithJsonSchema({"type": "integer", "minimum": 1, "maximum": 12})]
Names = Annotated[list[Name], BeforeValidator(_listed, json_schema_input_type=str | list[str])]
