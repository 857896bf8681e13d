"""Where every published column comes from: read by sqlglot out of the SQL that dbt ran, never from a list kept by hand.

A node is one relation: a dbt model or seed (`market.chips`), what the forecasting stage wrote (`forecasts.scores`) or
the rows of a source (`raw.xbrl_facts`).
"""

import json
from collections.abc import Container, Iterable, Iterator
from dataclasses import asdict, astuple, dataclass
from pathlib import Path
from typing import Any

import duckdb
import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.lineage import Node as Step
from sqlglot.lineage import lineage
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import build_scope

from pipeline import files
from pipeline.build import backtesting, claims, dbt, forecasting
from pipeline.ingest import landing
from pipeline.settings import PROJECT, Settings
from pipeline.sources import all_sources

Schema = dict[str, Any]  # schema → table → column → type


@dataclass(frozen=True)
class Origin:
    """A column that another one is made of; `direct` if it is carried over as it is, but for its name and type."""

    node: str
    column: str
    direct: bool


@dataclass(frozen=True)
class Node:
    """A relation: its kind, the file it is made by, what it reads, and per column what that is made of.

    `sha256` is that of the file for a source or seed, whose facts stand in it; `landed` are the answers of an upstream
    that rows of a source may come from, by the day of retrieval.
    """

    kind: str
    path: str
    parents: tuple[str, ...]
    columns: dict[str, tuple[Origin, ...]]
    sha256: str | None = None
    landed: tuple[dict[str, str], ...] = ()


def _plain(expression: exp.Expr) -> bool:
    """Whether a selected expression is a column as it stands, under whatever name and type."""
    while isinstance(expression, exp.Alias | exp.Cast | exp.TryCast | exp.Paren):
        expression = expression.this
    return isinstance(expression, exp.Column)


def _leaves(step: Step, direct: bool = True) -> Iterator[Origin]:
    if isinstance(step.expression, exp.Table):
        if step.expression.db:  # else a list of values in the query, or a table function
            yield Origin(f"{step.expression.db}.{step.expression.name}", step.name.rsplit(".", 1)[-1], direct)
        return
    plain = direct and (isinstance(step.source, exp.SetOperation) or _plain(step.expression))
    for below in step.downstream:
        yield from _leaves(below, plain)


def _arms(query: exp.Expr) -> list[exp.Select]:
    if isinstance(query, exp.SetOperation):
        return [*_arms(query.left), *_arms(query.right)]
    return _arms(query.this) if isinstance(query, exp.Subquery) else [query]  # type: ignore[list-item]


def _by_position(query: exp.Expr) -> None:
    """Turn every `union by name` into one by position, which is how sqlglot follows columns through a union."""
    for union in reversed(list(query.find_all(exp.SetOperation))):
        if union.args.get("by_name"):
            arms = _arms(union)
            names = list(dict.fromkeys(name for arm in arms for name in arm.named_selects))
            for arm in arms:
                have = {select.alias_or_name: select for select in arm.selects}
                arm.set("expressions", [have.get(name) or exp.alias_(exp.null(), name) for name in names])
            union.set("by_name", False)


def columns_of(sql: str, schema: Schema) -> dict[str, tuple[Origin, ...]]:
    """Per output column of a query: the columns of its tables that it is made of.

    `schema` gives schema → table → column → type. A table that is a Parquet path `folder/name.parquet`, as dbt-duckdb
    writes it, counts as `folder.name`. Columns behind a `struct.*` are not resolved and missing.
    """
    query = sqlglot.parse_one(sql, dialect="duckdb")
    for table in query.find_all(exp.Table):
        path = Path(table.name)
        if path.suffix == ".parquet":
            table.set("this", exp.to_identifier(path.stem))
            table.set("db", exp.to_identifier(path.parent.name))
        table.set("catalog", None)
    # sqlglot goes through all that it is given for each query, twice.
    read = {(table.db, table.name) for table in query.find_all(exp.Table)}
    schema = {
        db: known for db, tables in schema.items() if (known := {n: tables[n] for n in tables if (db, n) in read})
    }
    query = qualify(query, schema=schema, dialect="duckdb", validate_qualify_columns=False, identify=False)
    _by_position(query)
    found = lineage(None, query, schema, scope=build_scope(query), dialect="duckdb", trim_selects=False)
    # sqlglot's own order differs from process to process.
    return {name: tuple(sorted(set(_leaves(step)), key=astuple)) for name, step in found.items() if name != "*"}


def catalogue(settings: Settings) -> Schema:
    """Columns and types of every relation: the warehouse's tables and views, and the Parquet files that they read."""
    schema: Schema = {}
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        listed = connection.execute(
            "select schema_name, table_name, column_name, data_type from duckdb_columns() where not internal "
            "order by all"
        ).fetchall()
        for folder in (settings.raw, settings.forecasts):
            for path in sorted(folder.glob("*.parquet")):
                described = connection.execute(f"describe from '{path}'").fetchall()
                schema.setdefault(folder.name, {})[path.stem] = {row[0]: row[1] for row in described}
    for schema_name, table, column, kind in listed:
        schema.setdefault(schema_name, {}).setdefault(table, {})[column] = kind
    return schema


def _model(sql: str, parents: tuple[str, ...], schema: Schema, name: str) -> dict[str, tuple[Origin, ...]]:
    try:
        found = columns_of(sql, schema)
    except SqlglotError:
        found = {}
    for column in _columns(schema, name):
        if column not in found:
            # Behind a `struct.*` or an unpivot: the parents' columns of that name, not claimed to be carried over.
            held = [parent for parent in parents if column in _columns(schema, parent)]
            found[column] = tuple(Origin(parent, column, False) for parent in held)
    return found


def _columns(schema: Schema, name: str) -> dict[str, str]:
    folder, table = name.split(".")
    return schema.get(folder, {}).get(table, {})


def _forecast_nodes(tables: Container[str]) -> dict[str, Node]:
    """What the forecasting stage wrote, with the tables that each step reads."""
    nodes = {}
    for step, (tables_read, _) in forecasting.STEPS.items():
        for table in forecasting.TABLES[step]:
            nodes[f"forecasts.{table}"] = Node("forecast", f"forecasts, step {step}", tuple(tables_read.values()), {})
    nodes[f"forecasts.{claims.TABLE}"] = Node("forecast", "forecasts/claims.py", (), {})
    # A state folder may hold files of tables that an older version wrote.
    return {name: node for name, node in nodes.items() if name.split(".")[1] in tables}


def _source_nodes(tables: Iterable[str], settings: Settings) -> dict[str, Node]:
    """Rows of sources, each with the committed and the landed files that they were read from."""
    sources = {source.id for source in all_sources()}
    nodes = {}
    for table in tables:
        if table not in sources:
            nodes[f"raw.{table}"] = Node("run", "recorded by the run itself", (), {})
            continue
        landed = tuple(
            {
                "retrieved_on": str(retrieval.retrieved_on),
                "source_url": response.url,
                "file": f"landing/{table}/blobs/{response.sha256}.gz",
                "sha256": response.sha256,
            }
            for retrieval in (landing.history(table, settings) if settings.live else [])
            for response in retrieval.responses
            if retrieval.retrieved_on <= settings.as_of
        )
        file = settings.data / f"{table}.csv"
        path, sha256 = (f"data/{file.name}", files.sha256(file)) if file.exists() else ("no committed rows", None)
        nodes[f"raw.{table}"] = Node("source", path, (), {}, sha256, landed)
    return nodes


def build(settings: Settings) -> dict[str, Any]:
    """The graph of relations behind the published tables as JSON holds it; columns are read anew if a model changed.

    Needs the SQL that dbt compiled in the state folder. `targets` says in which forecast table a target_id stands,
    `committed` gives the hashes of files that state assumptions, scenarios, model cards and claims, `code` those of the
    code of tables, forecasts and models (with the stored backtest, which gives the models their weights).
    """
    schema = catalogue(settings)
    models_read = {name: asdict(node) for name, node in of_models(settings, schema).items()}
    others = _forecast_nodes(schema["forecasts"]) | _source_nodes(schema["raw"], settings)
    nodes = models_read | {name: asdict(node) for name, node in others.items()}
    stated = sorted([*(PROJECT / "forecasts").rglob("*.yml"), PROJECT / "data" / "claims.csv"])
    return {
        "targets": _targets(settings),
        "committed": {str(path.relative_to(PROJECT)): files.sha256(path) for path in stated},
        "code": _code(settings),
        "nodes": dict(sorted(nodes.items())),
    }


def of_models(
    settings: Settings, schema: Schema | None = None, unique_ids: Container[str] | None = None
) -> dict[str, Node]:
    """The nodes of dbt's seeds and models, all or the named ones, that dbt has compiled in the state folder.

    A model is read anew only if its SQL or a column that it reads or gives has changed.
    """
    schema = schema or catalogue(settings)
    stored = settings.state / "lineage.json"
    known = json.loads(stored.read_text()) if stored.exists() else {}
    manifest = dbt.load_manifest()
    everything = manifest["nodes"] | manifest["sources"]

    def relation(unique_id: str) -> str:
        node = everything[unique_id]
        if node["resource_type"] == "source":
            return f"{Path(node['config']['external_location']).parent.name}.{node['name']}"
        return f"{node['schema']}.{node['alias']}"

    code, changed, nodes = files.sha256(Path(__file__)) + sqlglot.__version__, False, {}
    for unique_id, node in manifest["nodes"].items():
        if unique_ids is not None and unique_id not in unique_ids:
            continue
        path, name = node["original_file_path"], relation(unique_id)
        if node["resource_type"] == "seed":
            nodes[name] = Node("seed", f"dbt/{path}", (), {}, files.sha256(dbt.PROJECT_DIR / path))
        elif node["resource_type"] == "model":
            sql = (settings.state / "dbt_target" / "compiled" / "chipcast" / path).read_text()
            parents = tuple(sorted(relation(parent) for parent in node["depends_on"]["nodes"]))
            key = files.digest([], code, sql, json.dumps([_columns(schema, one) for one in (name, *parents)]))
            if known.get(name, {}).get("key") != key:
                found = _model(sql, parents, schema, name)
                known[name] = {"key": key, "columns": {c: [asdict(o) for o in origins] for c, origins in found.items()}}
                changed = True
            columns = {c: tuple(Origin(**o) for o in origins) for c, origins in known[name]["columns"].items()}
            nodes[name] = Node("model", f"dbt/{path}", parents, columns)
    if changed:
        files.write_bytes(stored, json.dumps(known).encode())
    return nodes


def _code(settings: Settings) -> dict[str, str]:
    forecasts = PROJECT / "forecasts"
    models = [*forecasts.glob("models/*.py"), *forecasts.glob("cards/*.yml"), forecasts / "tasks.yml"]
    tables = [*(PROJECT / "pipeline" / "sources").rglob("*.py"), *dbt.project_files()]
    return {
        "models": files.digest(models, backtesting.stored_key(settings)),
        "forecasts": files.digest([*forecasts.glob("*.py"), PROJECT / "pipeline" / "build" / "forecasting.py"]),
        "tables": files.digest(tables),
    }


def _targets(settings: Settings) -> dict[str, str]:
    found: dict[str, str] = {}
    with duckdb.connect() as connection:
        # Vendors own a target that scenarios repeat.
        for name in ("compute_quantiles", "rental_quantiles", "vendor_quantiles"):
            targets = connection.execute(f"select distinct target_id from '{settings.forecasts / name}.parquet'")
            found |= {target: f"forecasts.{name}" for (target,) in targets.fetchall()}
    return dict(sorted(found.items()))
