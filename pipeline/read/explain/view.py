"""A chain as a tree on the terminal."""

from typing import Any

from rich.markup import escape
from rich.tree import Tree

_PROVENANCE = ("source_citation", "source_url", "reported_on", "confidence")
# More assumptions than this are counted and named in one line.
_LISTED = 12


def _pairs(row: dict[str, Any], names: list[str] | None = None) -> str:
    shown = [(name, row[name]) for name in names or row if row.get(name) is not None]
    return escape(", ".join(f"{name} {value}" for name, value in shown))


def tree(chain: dict[str, Any], title: str = "") -> Tree:
    """The chain behind one row; every text that came from data is escaped."""
    root = Tree(f"[bold]{escape(title or chain['table'])}[/] {_pairs(chain['row'])}")
    root.add(f"model {escape(chain['model']['path'])}")
    if not title:
        columns = root.add("columns")
        for column, made_of in chain["columns"].items():
            columns.add(f"{escape(column)} ← {escape(', '.join(made_of)) or 'set by the model'}")
        above = [f"{parent['name']} ({parent['kind']})" for parent in chain["parents"]]
        root.add("parents " + escape(", ".join(above)))
    for fact in chain["facts"]:
        _fact(root, fact)
    if "forecast" in chain:
        _forecast(root, chain["forecast"])
    return root


def _fact(root: Tree, fact: dict[str, Any]) -> None:
    what = f"all of its {fact['rows_found']} rows; newest:" if fact["whole"] else f"{fact['rows_found']} row(s)"
    branch = root.add(f"source [bold]{escape(fact['source_id'])}[/] ({escape(fact['title'])}): {what}")
    days = {str(row.get("retrieved_at")) for row in fact["rows"]}
    for file in [one for one in fact["landed"] if one["retrieved_on"] in days] or [fact]:
        branch.add(f"file {escape(file['file'])}, sha256 {file['sha256']}")
    for row in fact["rows"]:
        leaf = branch.add(_pairs({k: v for k, v in row.items() if k not in _PROVENANCE}))
        leaf.add(_pairs(row, list(_PROVENANCE)) or "no citation recorded")


def _forecast(root: Tree, forecast: dict[str, Any]) -> None:
    branch = root.add(
        f"forecast made on {forecast['origin_date']} by {', '.join(s['path'] for s in forecast['steps'])}"
    )
    for file in forecast["committed"]:
        branch.add(f"stated in {escape(file['file'])}, sha256 {file['sha256']}")
    for given in forecast["inputs"]:
        rows = given.get("rows_known_at_origin")
        label = f"reads {given['table']}" + (f": {rows} rows known at the origin" if rows else "")
        if given.get("rows_of_the_same_entity"):
            label += f", {given['rows_of_the_same_entity']} of the same entity"
        below = branch.add(label + "; newest:")
        for fact in given.get("sources", []):
            _fact(below, fact)
        for shown in given.get("shown", []):
            below.add(tree(shown, title=shown["table"]))
    assumptions = forecast["assumptions"]
    if assumptions:
        below = branch.add(f"{len(assumptions)} assumptions (forecast.assumptions)")
        for each in assumptions[:_LISTED]:
            named = ["parameter_id", "p10", "p50", "p90", "unit", "source", "known_from"]
            below.add(_pairs(each, named))
        if len(assumptions) > _LISTED:
            below.add(escape(", ".join(each["parameter_id"] for each in assumptions[_LISTED:])))
