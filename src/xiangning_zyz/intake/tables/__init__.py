"""Tables recognised by meaning on any sheet, no plan known: `find_tables`, then `values_of` each."""

from xiangning_zyz.intake.tables.find import Found, find_tables
from xiangning_zyz.intake.tables.model import Column, FormLine, Row, Table, Unit, Value
from xiangning_zyz.intake.tables.values import values_of

__all__ = ["Column", "FormLine", "Found", "Row", "Table", "Unit", "Value", "find_tables", "values_of"]
