"""What tables say, as facts and problems, by the plan's names and the sheet's own words: `report.read_report`."""
