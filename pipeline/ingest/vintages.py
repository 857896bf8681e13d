"""What upstream said when: the versions of a source's table as one bitemporal table.

Periods say what a fact is about; `reported_on` and `superseded_on` when it was known (a slowly changing dimension of type
2): a row holds from the one until the other (exclusive; missing while it stands). A changed fact is a second row; the
first is ended on the day the second became known, so a run as of an earlier day still sees the first. To combine is
idempotent: what upstream repeats adds no row.
"""

from collections.abc import Iterable
from datetime import date

import pandas as pd

from pipeline.sources.base import Source

REVISION_COLUMNS = ["source_id", "row_key", "field", "old_value", "new_value", "revised_on", "retrieved_at"]
# A table this many times longer than last time, beyond a first few thousand rows, is not the same table.
MAX_GROWTH, FREE_ROWS = 10, 10_000
# A median that moves this much is a change of units.
UNITS_CHANGED, FEWEST_VALUES = 100, 5


def drift(source: Source, before: pd.DataFrame, now: pd.DataFrame, expected_rows: int, max_lost_share: float) -> str:
    """Why the rows of a retrieval cannot be the successor of the last good ones; empty where they can.

    Checks the number of rows (against that of the last list, 0 where there is none) and, per numeric field, its median.
    """
    if len(now) < (1 - max_lost_share) * expected_rows:
        return (
            f"{len(now)} rows where the last good copy had {expected_rows}: more than {max_lost_share:.0%} were lost "
            f"(field {source.key[0]}). If upstream really dropped them, accept that with "
            f"{source.variable('MAX_LOST_SHARE')}={1 - len(now) / expected_rows + 0.01:.2f}."
        )
    if len(now) > MAX_GROWTH * len(before) + FREE_ROWS:
        return (
            f"{len(now)} rows where the last good copy had {len(before)}: more than {MAX_GROWTH} times as many (field "
            f"{source.key[0]}). See what upstream added; adapt the parser if it is right."
        )
    for name, column in source.columns.items():
        if column.kind != "number":
            continue
        old, new = (frame.loc[frame[name] != 0, name].dropna().abs() for frame in (before, now))
        if min(len(old), len(new)) < FEWEST_VALUES:
            continue
        ratio = new.median() / old.median()
        if not 1 / UNITS_CHANGED < ratio < UNITS_CHANGED:
            return (
                f"field {name}: the median went from {old.median():g} to {new.median():g}, as if the unit had changed. "
                "Compare with upstream's documentation; adapt the parser if the unit is new."
            )
    return ""


def row_keys(source: Source, frame: pd.DataFrame) -> pd.Series:
    """The row's key as one readable text."""
    key = pd.Series("", index=frame.index, dtype="string")
    for position, name in enumerate(source.key):
        cells = frame[name]
        words = cells.dt.strftime("%Y-%m-%d") if source.all_columns[name].kind == "day" else cells.astype("string")
        key += ("; " if position else "") + f"{name}=" + words.fillna("")
    return key


def _text(value: object) -> str | None:
    if pd.isna(value):  # type: ignore[call-overload]
        return None
    if isinstance(value, pd.Timestamp):
        return str(value.date())
    return f"{value:g}" if isinstance(value, float) else str(value)


def _changed(source: Source, old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """Which facts differ, one column per field: provenance is not a fact."""
    differs = {}
    for name in source.columns:
        same = (old[name] == new[name]).fillna(False) | (old[name].isna() & new[name].isna())
        differs[name] = ~same.astype(bool)
    return pd.DataFrame(differs, index=old.index)


def _below(table: pd.DataFrame, added: pd.DataFrame) -> pd.DataFrame:
    """Rows added below, each column of the kind it has: one without any value must not change it."""
    return pd.concat([table.astype(object), added.astype(object)], ignore_index=True).astype(table.dtypes.to_dict())


def _one_a_day(revisions: pd.DataFrame) -> pd.DataFrame:
    """Changes of one field within a day as one, from the first value to the last; none where it came back."""
    key = ["source_id", "row_key", "field", "revised_on"]
    first = revisions.drop_duplicates(key).set_index(key)
    last = revisions.drop_duplicates(key, keep="last").set_index(key)
    last["old_value"] = first["old_value"]
    return last[last["old_value"].fillna("") != last["new_value"].fillna("")].reset_index()[REVISION_COLUMNS]


def combine(
    source: Source, first: pd.DataFrame, later: Iterable[tuple[date, pd.DataFrame]]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """All versions as one table with `superseded_on`, and the revisions between them (`REVISION_COLUMNS`).

    `first` are the embedded rows; `later` each good version with the day it became known, oldest first. A row that a
    later version repeats unchanged stays the earlier one.
    """
    whole = source.live.whole if source.live else False
    table = first.reset_index(drop=True).copy()
    table["superseded_on"] = pd.Series(pd.NaT, index=table.index, dtype="datetime64[ns]")
    revisions: list[tuple] = []
    for day, version in later:
        known = pd.Timestamp(day)
        new = version.reset_index(drop=True).assign(superseded_on=pd.Series(pd.NaT, dtype="datetime64[ns]"))
        standing = table[table["superseded_on"].isna()]
        old_by_key = standing.set_index(row_keys(source, standing))
        new_by_key = new.set_index(row_keys(source, new))
        both = old_by_key.index.intersection(new_by_key.index, sort=False)
        differs = _changed(source, old_by_key.loc[both], new_by_key.loc[both])
        revised = differs.index[differs.any(axis=1)]
        gone = old_by_key.index.difference(new_by_key.index, sort=False) if whole else pd.Index([])
        retrieved = new["retrieved_at"].max()

        added = new_by_key.drop(index=both.difference(revised))
        moved = added.index.isin(revised) & (added["reported_on"] < known)
        added.loc[moved, "reported_on"] = known
        added.loc[moved, "reported_on_basis"] = "upper_bound"
        positions = pd.Series(standing.index, index=old_by_key.index)
        table.loc[positions.loc[revised], "superseded_on"] = added.loc[revised, "reported_on"].to_numpy()
        table.loc[positions.loc[gone], "superseded_on"] = known

        for name in differs.columns:
            for key in differs.index[differs[name]]:
                old_value, new_value = _text(old_by_key.at[key, name]), _text(new_by_key.at[key, name])
                revisions.append((source.id, key, name, old_value, new_value, added.at[key, "reported_on"], retrieved))
        revisions += [(source.id, key, "(row)", "listed", None, known, retrieved) for key in gone]
        if len(added):
            table = added.reset_index(drop=True) if table.empty else _below(table, added)
    found = _one_a_day(pd.DataFrame(revisions, columns=REVISION_COLUMNS))
    days = {name: pd.to_datetime(found[name]) for name in ("revised_on", "retrieved_at")}
    text = {name: found[name].astype("string") for name in REVISION_COLUMNS if name not in days}
    return table, found.assign(**text, **days)
