"""The sections of the page: each one file that holds its `SECTION`, with its SQL beside it as `<section>.<query>.sql`.

Belongs here: what is said, drawn and listed. What several sections need stands in `charts`, `text` and `section`.
"""

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from pipeline.report.section import Section

FOLDER = Path(__file__).parent


def sections() -> dict[str, Section]:
    """Every section by the name of its file, in the order of the page."""
    found = {module.name: import_module(f"{__name__}.{module.name}").SECTION for module in iter_modules(__path__)}
    return dict(sorted(found.items(), key=lambda named: named[1].place))


def query(section: str, name: str, words: Mapping[str, object]) -> str:
    """The SQL of a section's figure or table, with words in place of its braces; where it has a folder, it stands on `ours` of that."""
    file = FOLDER / f"{section}.{name}.sql"
    sql = file.read_text().strip()
    if file.with_suffix("").is_dir():
        sql = ours(file.with_suffix("")) + sql
    for key, value in words.items():
        sql = sql.replace(f"{{{key}}}", str(value))
    return sql


def ours(folder: Path) -> str:
    """What begins a query over published figures and ours: a file each gives our value, its first lines what is compared.

    theirs: publisher | quantity | period | beginning of the definition; bridge: how definitions differ; explained by: the
    input that the rest comes from; moved by: a column of a table that our value moves with.
    """
    rows = []
    for path in sorted(folder.glob("*.sql")):
        lines = path.read_text().strip().split("\n")
        said = [line.split(": ", 1)[1].replace("'", "''") for line in lines[:4]]
        words = [path.stem, *(part.strip() for part in said[0].split("|")), *said[1:]]
        rows.append("(" + ", ".join(f"'{word}'" for word in words) + ", (\n" + "\n".join(lines[4:]) + "\n))")
    names = "figure, publisher, quantity, target_period, begins, bridge, explained_by, moved_by, ours"
    return f"with ours ({names}) as (\nvalues\n" + ",\n".join(rows) + "\n)\n\n"
