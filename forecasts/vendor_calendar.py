"""Labels and last days of fiscal quarters that lie ahead."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd

from forecasts.panel import QUARTERS_PER_YEAR, History, Target, quarter_label

WEEKDAYS = {"saturday": 5, "sunday": 6}
QUARTER = timedelta(weeks=13)


def fiscal_label(last: str, ahead: int) -> str:
    """The fiscal label `ahead` quarters after `last`: ('FY2027Q2', 3) gives 'FY2028Q1'."""
    year, quarter = last.removeprefix("FY").split("Q")
    return "FY" + quarter_label(int(year) * QUARTERS_PER_YEAR + int(quarter) - 1 + ahead)


def _year_end(year: int, rule: dict) -> date:
    """Last day of the fiscal year that ends in calendar `year` (for 'nearest', possibly days after the month)."""
    month_end = (pd.Timestamp(year, rule["month"], 1) + pd.offsets.MonthEnd(0)).date()
    back = timedelta(days=(month_end.weekday() - WEEKDAYS[rule["weekday"]]) % 7)
    # 3: a weekday at most three days past the month's end is nearer than the one before it
    late = rule["rule"] == "nearest" and back.days > 3
    return month_end - back + (timedelta(days=7) if late else timedelta(0))


def period_end(target: Target, history: History, ahead: int) -> date:
    """Last day of the quarter `ahead` quarters after the newest reported one."""
    if not target.fiscal_year:
        return (pd.Timestamp(history.period_end) + pd.offsets.MonthEnd(3 * ahead)).date()
    rule = dict(target.fiscal_year)
    year, quarter = (int(part) for part in fiscal_label(history.fiscal_period, ahead)[2:].split("Q"))
    if rule["long_quarter"] == 1:
        return _year_end(year, rule) - (QUARTERS_PER_YEAR - quarter) * QUARTER
    return _year_end(year, rule) if quarter == QUARTERS_PER_YEAR else _year_end(year - 1, rule) + quarter * QUARTER
