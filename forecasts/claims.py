"""The claims of the article, each judged by a query over published tables as they were known on a day.

Belongs here: reading a claimed figure, reading tables as of a day, the verdict. Does not belong here: the article's
figures (`data/claims.csv`) and how a claim is computed (`claims.yml`).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from math import inf, isfinite, nan
from pathlib import Path
from statistics import NormalDist
from typing import Any, Self

import duckdb
import numpy as np
import pandas as pd
import yaml

VERDICTS = ("supported", "contradicted", "outdated", "vendor_claim", "untestable", "pending")
# From the first a chance supports a bound, below the second it contradicts it: the ends of an 80% interval.
SUPPORTED, CONTRADICTED = 0.9, 0.1
WIDE = 10.0  # an 80% interval over more than an order of magnitude tells nothing beside its middle
LEVELS = {"p05": 0.05, "p10": 0.10, "p25": 0.25, "p50": 0.50, "p75": 0.75, "p90": 0.90, "p95": 0.95}
COLUMNS = (
    "claim_id", "judged_as_of", "article_section", "claim_short", "claim_type", "article_value", "article_value_low",
    "article_value_high", "unit", "our_p10", "our_p50", "our_p90", "our_range", "probability", "verdict", "is_computed",
    "reason", "tables_used", "tolerance", "evidence_class",
)  # fmt: skip

_NUMBER = r"-?\d+(?:\.\d+)?(?:e[+-]?\d+)?"
_TABLE = re.compile(r"\b(market|forecast)\.([a-z][a-z_0-9]*)")
_NORMAL = NormalDist()
_FAR = 10.0  # standard deviations to which the outer segments of a distribution are drawn out

Range = tuple[float, float]


def threshold(text: str) -> Range:
    """Lower and upper end of a claimed figure, in the claim's unit; infinite where it is open.

    '3-4' is a range; '>=20', '>1', '<0' and '0.5+' are open; '~1' is 1; '10000s' is 10,000 to 100,000; '350<=384' is
    350 to 384; of '10 / 1.0' the last part counts; '-' claims no figure.
    """
    text = text.split(" / ")[-1].strip()
    if text == "-":
        return -inf, inf
    if two := re.fullmatch(rf"({_NUMBER})(?:-|<=)({_NUMBER})", text):
        return float(two[1]), float(two[2])
    one = re.fullmatch(rf"(>=|>|<=|<|~)?({_NUMBER})([s+])?", text)
    if one is None:
        raise ValueError(f"cannot read the claimed figure {text!r}")
    sign, value, tail = one[1] or "", float(one[2]), one[3]
    if sign.startswith(">") or tail == "+":
        return value, inf
    if sign.startswith("<"):
        return -inf, value
    return value, 10 * value if tail == "s" else value


def rounding(text: str) -> float:
    """Half a unit of the last digit that a claimed figure is written with, in the claim's unit; of a range the finer end's.

    0.05 of '13.2', 500 of '24000', 5e10 of '1e11'; 0 where no figure is claimed.
    """
    figures = [Decimal(found) for found in re.findall(_NUMBER, text.split(" / ")[-1])]
    written = [figure if figure.as_tuple().exponent < 0 else figure.normalize() for figure in figures]  # type: ignore[operator]
    return float(min((Decimal(5).scaleb(int(figure.as_tuple().exponent) - 1) for figure in written), default=0))


@dataclass(frozen=True)
class Distribution:
    """Values at known levels, in the claim's unit, joined by straight lines over normal scores; one value is a fact."""

    values: np.ndarray
    scores: np.ndarray

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Self | None:
        """From the columns p05 … p95 of a row; None where the row has no median."""
        if row.get("p50") is None or not isfinite(row["p50"]):
            return None
        known = [(row[k], _NORMAL.inv_cdf(level)) for k, level in LEVELS.items() if row.get(k) is not None]
        values, scores = np.array([point for point in known if isfinite(point[0])], dtype=float).T
        values = np.maximum.accumulate(values)
        if len(values) == 1:
            return cls(values.repeat(2), np.array([-_FAR, _FAR]))
        slope = np.diff(values) / np.diff(scores)
        low, high = values[0] + slope[0] * (-_FAR - scores[0]), values[-1] + slope[-1] * (_FAR - scores[-1])
        return cls(np.array([low, *values, high]), np.array([-_FAR, *scores, _FAR]))

    def quantile(self, level: float) -> float:
        """The value that the quantity stays below with probability `level`, in the claim's unit."""
        return float(np.interp(_NORMAL.inv_cdf(level), self.scores, self.values))

    def chance(self, claimed: Range) -> float:
        """Probability that the quantity lies in the range."""
        if self.values[0] == self.values[-1]:
            return float(claimed[0] <= self.values[0] <= claimed[1])
        low, high = (_NORMAL.cdf(np.interp(end, self.values, self.scores)) if isfinite(end) else end for end in claimed)
        return float(min(high, 1.0) - max(low, 0.0))


def meets(ours: Range, claimed: Range, half_unit: float) -> bool:
    """Whether our interval meets the claimed range. A fact that rounds to the article's figure is that figure."""
    spare = half_unit if ours[0] == ours[1] else 0.0
    return ours[1] >= claimed[0] - spare and ours[0] <= claimed[1] + spare


def verdict(
    ours: Distribution,
    row: Mapping[str, Any],
    claimed: Range,
    spec: Mapping[str, Any],
    is_open: bool,
    half_unit: float = 0.0,
) -> str:
    """One of VERDICTS, from our distribution of the claimed quantity; one rule for all.

    A figure or a range is supported where our 80% interval meets it, outdated where today's interval no longer does; a
    bound is supported where the interval keeps it, contradicted where the interval breaks it. Between them, and where an
    interval of more than an order of magnitude meets a figure beside its middle, nothing is decided: pending while the
    claim's period is open, else untestable. Where `rule` is holds the query itself compares.
    """
    refuted = spec.get("otherwise", "contradicted")
    undecided = "pending" if is_open else "untestable"
    if not row.get("applies", True):
        return undecided
    if spec.get("rule") == "holds":
        return "supported" if row["holds"] else refuted
    if is_bound(claimed):
        chance = ours.chance(claimed)
        return "supported" if chance >= SUPPORTED else undecided if chance >= CONTRADICTED else refuted
    low, middle, high = (ours.quantile(level) for level in (0.1, 0.5, 0.9))
    if not meets((low, high), claimed, half_unit):
        return refuted
    if 0 < WIDE * low < high and not claimed[0] <= middle <= claimed[1]:
        return undecided
    if row.get("latest_p10") is None or meets((row["latest_p10"], row["latest_p90"]), claimed, half_unit):
        return "supported"
    return "outdated"


def is_bound(claimed: Range) -> bool:
    """Whether one end alone is claimed."""
    return isfinite(claimed[0]) != isfinite(claimed[1])


@cache
def specifications() -> dict[str, dict[str, Any]]:
    """The file `claims.yml`: how each claim is computed."""
    return yaml.safe_load(Path(__file__).with_name("claims.yml").read_text(encoding="utf-8"))


def tables_of(sql: str) -> list[str]:
    """The published tables that a query reads, in order."""
    return list(dict.fromkeys(".".join(found) for found in _TABLE.findall(sql)))


def _as_known(connection: duckdb.DuckDBPyConnection, table: str) -> str | None:
    """The table as of $as_of: facts reported by then, of forecasts the newest; None where nothing was known."""
    schema, name = table.split(".")
    asked = "select column_name from information_schema.columns where table_schema = ? and table_name = ?"
    found = connection.execute(asked, [schema, name]).fetchall()
    rules = []
    if ("reported_on",) in found:
        rules.append("reported_on <= $as_of")
    if ("origin_date",) in found:
        rules.append(f"origin_date = (select max(origin_date) from {table} where origin_date <= $as_of)")
    return f"(select * from {table} where {' and '.join(rules) or 'true'})" if found else None


class _Reader:
    """Reads queries over the tables as they were known on a day; keeps what it learnt about each table."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, as_of: date) -> None:
        self.connection, self.as_of = connection.cursor(), as_of
        self.known: dict[str, str | None] = {}

    def _run(self, sql: str, values: Mapping[str, Any]) -> list[dict[str, Any]]:
        used = {name: values[name] for name in re.findall(r"\$([a-z_0-9]+)", sql)}
        result = self.connection.execute(sql, used)
        names = [column[0] for column in result.description]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    def unknown(self, tables: Iterable[str]) -> list[str]:
        """Those of the tables that are not there or hold nothing by the day."""
        for table in tables:
            if table not in self.known:
                source = _as_known(self.connection, table)
                rows = self._run(f"select 1 from {source} limit 1", {"as_of": self.as_of}) if source else []
                self.known[table] = source if rows else None
        return [table for table in tables if self.known[table] is None]

    def row(self, sql: str, values: Mapping[str, Any]) -> dict[str, Any]:
        """The one row of a query, empty where it gives none."""
        bound = _TABLE.sub(lambda found: str(self.known[found[0]]), sql)
        rows = self._run(bound, {**values, "as_of": self.as_of})
        if len(rows) > 1:
            raise ValueError(f"a claim's query gives {len(rows)} rows: {sql}")
        return rows[0] if rows else {}


def _told(figure: Any) -> Any:
    """A figure as a reason states it: of large ones three digits, where there is none nan."""
    if figure is None:
        return nan
    return float(f"{figure:.3g}") if isinstance(figure, float) and abs(figure) >= 1e5 else figure


def _finding(
    reader: _Reader, spec: Mapping[str, Any], claimed: Range, values: Mapping[str, Any], half_unit: float
) -> dict[str, Any]:
    """The columns of a scorecard row that depend on tables."""
    day, sql = reader.as_of, spec.get("sql", "")
    tables = tables_of(sql) or spec.get("untestable", [])[:1]
    is_open = "until" in spec and day <= spec["until"]
    found: dict[str, Any] = {
        "tables_used": ", ".join(tables),
        "evidence_class": "anchored_prior" if "forecast." in "".join(tables) else "fact",
        "is_computed": False,
        "verdict": "pending" if is_open else "untestable",
    }
    if not sql:
        place, lacking = spec["untestable"]
        return found | {"reason": f"No published table holds {lacking}; {place} would be the place."}
    if missing := reader.unknown(tables):
        return found | {"reason": f"{' and '.join(missing)}: nothing known by {day}."}
    row = reader.row(sql, values)
    ours = Distribution.of(row)
    if ours is None:
        return found | {"reason": f"{' and '.join(tables)}: nothing on this known by {day}."}
    judged = verdict(ours, row, claimed, spec, is_open, half_unit)
    figures = {name: ours.quantile(LEVELS[name]) for name in ("p10", "p50", "p90")}
    chance = ours.chance(claimed) if is_bound(claimed) and spec.get("rule") != "holds" else nan
    told = {**values, **row, **figures, "probability": chance}
    clauses = [spec["reason"].rstrip(".")]
    clauses += [spec["latest"]] if "latest" in spec and row["latest_p10"] is not None else []
    if not row.get("applies", True):
        clauses.append(spec.get("undecided", "so the claim's condition is not met and nothing is decided"))
    elif judged == "untestable":
        clauses.append("our interval is too wide to tell")
    clauses += [f"the evidence is circular: {spec['circular']}"] if "circular" in spec else []
    clauses += ["a prior set after that day is used"] if row.get("hindsight") else []
    return found | {
        **{f"our_{name}": figure for name, figure in figures.items()},
        "our_range": spec.get("range", "80% interval") if figures["p10"] < figures["p90"] else None,
        "probability": chance,
        "verdict": judged,
        "is_computed": bool(tables),
        "reason": "; ".join(clauses).format_map({name: _told(figure) for name, figure in told.items()}) + ".",
        "evidence_class": row.get("evidence_class") or found["evidence_class"],
    }


def judge(connection: duckdb.DuckDBPyConnection, claims: pd.DataFrame, judged_as_of: date) -> pd.DataFrame:
    """The scorecard: one row per claim, judged by what the connected tables hold that was known on the day.

    `claims` has the columns of `data/claims.csv`, all text. Figures are in the claim's unit; NULL is an open end.
    """
    reader, specs = _Reader(connection, judged_as_of), specifications()
    texts = dict(zip(claims["claim_id"], claims["article_value"], strict=True))
    ranges = {claim: threshold(text) for claim, text in texts.items()}
    given = {claim.lower(): low for claim, (low, _) in ranges.items()}
    findings = []
    for claim, (low, high) in ranges.items():
        condition, _ = threshold(texts[claim].split(" / ")[0])
        values = {**given, **specs[claim].get("given", {}), "low": low, "high": high, "condition": condition}
        claimed = (low, inf) if specs[claim].get("bound") == "at_least" else (low, high)
        findings.append(_finding(reader, specs[claim], claimed, values, rounding(texts[claim])))
    ends = pd.DataFrame(ranges.values(), columns=["article_value_low", "article_value_high"]).replace([-inf, inf], nan)
    card = claims.reset_index(drop=True).rename(columns={"section": "article_section", "claim": "claim_short"})
    shares = [rounding(texts[claim]) / abs(low) if isfinite(low) and low else nan for claim, (low, _) in ranges.items()]
    card = card.assign(judged_as_of=judged_as_of, tolerance=shares)
    card = card.join(ends).join(pd.DataFrame(findings)).reindex(columns=list(COLUMNS))
    return card.astype(dict.fromkeys(("our_p10", "our_p50", "our_p90", "probability", "tolerance"), float))
