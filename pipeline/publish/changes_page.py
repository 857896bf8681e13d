"""`CHANGES.md` of a release, and the check that stops one in which too much of the past changed."""

from pathlib import Path
from typing import Any

from pipeline.publish.compare import Diff
from pipeline.publish.diff import TableDiff
from pipeline.settings import Settings

PAGE = "CHANGES.md"
# A release stops where more than this share of a table's earlier facts is revised or gone …
MAX_CHANGED_SHARE = 0.05
# … but a few rows of a small table may always change.
FREE_ROWS = 4
MOST_MOVES = 15
REASONS = {
    "new_truth": "new results",
    "truth_of_others": "results of others",
    "revised_truth": "revised results",
    "assumption": "assumption",
    "model": "model",
    "code": "code",
}


def previous(settings: Settings) -> Path | None:
    """The release that a new one follows: the latest, or for a rebuild of the past the last one of that day."""
    link = settings.published / "as_of" / str(settings.as_of) if settings.requested_as_of else settings.latest
    return link.resolve() if (link / "datapackage.json").exists() else None


def excessive(found: Diff) -> list[TableDiff]:
    """Tables in which more of the past changed than may change without a reason.

    Live upstreams withdraw offers every day, and the raw stage limits what a source may lose: there only revisions count.
    A later edition takes no word back.
    """
    return [
        table
        for table in found.facts
        if table.revised - table.followed + (0 if found.is_live else table.removed)
        > max(FREE_ROWS, MAX_CHANGED_SHARE * table.rows_before)
    ]


def refusal(found: Diff, reason: str) -> str | None:
    """What to say, naming tables and first revisions, if too much of the past changed and no reason accepts it."""
    stopped = excessive(found)
    if not stopped or reason.strip():
        return None
    lines = []
    for table in stopped:
        lines.append(
            f"{table.table}: {table.revised} revised and {table.removed} gone of {table.rows_before} rows "
            f"({(table.revised + table.removed) / table.rows_before:.0%})"
        )
        lines += [f"  {_told(example)}" for example in table.examples[:2]]
    return (
        f"More of the past changed since release {found.before} than the {MAX_CHANGED_SHARE:.0%} of a table's rows that "
        "may; the last release stays current.\n  " + "\n  ".join(lines) + "\n  If this is right, say why: "
        '`chipcast refresh --accept-revisions "reason"`, or ACCEPT_REVISIONS="reason" make refresh.'
    )


def revisions(found: Diff | None, reason: str) -> str:
    """How much of the past a release changed, in a line."""
    if found is None:
        return "there is no earlier release to compare with, or it is the same"
    revised, gone = sum(table.revised for table in found.facts), sum(table.removed for table in found.facts)
    accepted = (
        f"; more than the limit in {len(excessive(found))} tables, accepted: {reason}" if excessive(found) else ""
    )
    return f"{revised} facts revised and {gone} gone since release {found.before}{accepted}"


def page(found: Diff | None, name: str, reason: str = "") -> str:
    """The text of `CHANGES.md`: what differs from the release before, or that there is none."""
    if found is None:
        return f"# {name}\n\nThe first release here: nothing to compare with.\n"
    lines = [f"# {name}\n", f"Compared with {found.before}.\n"]
    if reason and excessive(found):
        lines.append(f"Revisions beyond the limit were accepted: {_inert(reason)}\n")
    if found.schema:
        lines += ["## Schema\n", *(f"- {line}" for line in found.schema), ""]
    if found.vanished:
        lines += [
            "## Rows that vanished: they broke their contract\n",
            *(f"- {_inert(row)}" for row in found.vanished),
            "",
        ]
    lines += _facts(found)
    lines += _forecasts(found)
    return "\n".join(lines) + "\n"


def _facts(found: Diff) -> list[str]:
    changed = [table for table in found.facts if not table.is_empty]
    if not changed:
        return ["## Facts\n", "None came, went or changed.", ""]
    lines = [
        "## Facts\n",
        "| table | before | new | gone | revised | of these by a later edition | other source or date only |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    for t in changed:
        lines.append(
            f"| {t.table} | {t.rows_before} | {t.added} | {t.removed} | {t.revised} | {t.followed} | {t.resourced} |"
        )
    revised = [f"- {table.table}: {_told(example)}" for table in changed for example in table.examples]
    return [*lines, "", *(["Revised, the first of each table:\n", *revised, ""] if revised else [])]


def _forecasts(found: Diff) -> list[str]:
    lines = ["## Forecasts\n"]
    for reason, items in found.causes.items():
        if items:
            lines.append(f"- {REASONS[reason]}: {_inert('; '.join(items))}")
    if not found.forecasts:
        return [*lines, "\nNo median of the base scenario moved."]
    by_reason: dict[str, int] = {}
    for move in found.forecasts:
        told = _reasons(move["reasons"])
        by_reason[told] = by_reason.get(told, 0) + 1
    counted = "; ".join(f"{count} by {told}" for told, count in by_reason.items())
    lines += [
        f"\n{len(found.forecasts)} medians moved: {counted}. Where several reasons stand, each plays a part. Largest:\n",
        "| table | what | before | after | change | why |",
        "|---|---|---:|---:|---:|---|",
    ]
    for move in found.forecasts[:MOST_MOVES]:
        what = _inert(" ".join(str(value) for value in move["key"].values()))
        change = f"{move['change_pct']:+.1f}%" if move["change_pct"] is not None else ""
        why = _reasons(move["reasons"])
        lines.append(f"| {move['table']} | {what} | {move['before']:.6g} | {move['after']:.6g} | {change} | {why} |")
    return lines


def _reasons(words: list[str]) -> str:
    return " and ".join(REASONS[word] for word in words) or "nothing recorded: earlier release without lineage"


def _told(example: dict[str, Any]) -> str:
    changes = ", ".join(f"{name} {was} → {now}" for name, (was, now) in example["columns"].items())
    return _inert(f"{example['key']}: {changes}")


def _inert(text: str) -> str:
    """Text from data as Markdown text: no markup, no table cell, no element."""
    return " ".join(text.replace("&", "&amp;").replace("<", "&lt;").replace("|", "\\|").replace("`", "'").split())
