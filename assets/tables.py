"""The dbt project as assets, in two steps: tables that rest on facts, then those that rest on forecasts."""

import re
from collections.abc import Iterator, Mapping
from itertools import takewhile
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, dbt_assets
from dagster_dbt.asset_utils import get_asset_check_key_for_test

from assets import metadata
from assets.resources import OWNERS
from pipeline.build import check_results, dbt, lineage
from pipeline.build.dbt_reuse import NodeResult
from pipeline.settings import Settings, UserError

# Models that read what the forecasting stage wrote, and all that rests on them.
FORECAST_STAGE = "tag:forecast_stage+"
# What is built last of all: the judged claims and the results of every check.
CLAIMS_STAGE = "tag:claims_stage"

# As DuckDB says that a table, or the Parquet file of a source, is missing.
NOT_THERE = re.compile("does not exist|No files found")

MANIFEST = dbt.load_manifest() if dbt.ensure_manifest(Settings.from_env().state) else {}


def _meaning(node: Mapping[str, Any]) -> str:
    """What a model, seed or test is: its description, else the comment that its SQL begins with, else its source's."""
    lines = takewhile(lambda line: line.startswith("--"), node.get("raw_code", "").splitlines())
    comment = " ".join(line.removeprefix("--").strip() for line in lines)
    sources = [MANIFEST["sources"].get(uid) for uid in node.get("depends_on", {}).get("nodes", [])]
    return node["description"] or comment or "; ".join(source["description"] for source in sources if source)


class Translator(DagsterDbtTranslator):
    """Asset keys are `schema/table`; groups are the stage and the domain folder of the model."""

    def __init__(self) -> None:
        super().__init__()
        # dagster-dbt asks for a node's spec with every edge: five times each.
        self._specs: dict[str, dg.AssetSpec] = {}

    def get_description(self, dbt_resource_props: Mapping[str, Any]) -> str:
        """The meaning of a node, with its SQL below."""
        return super().get_description({**dbt_resource_props, "description": _meaning(dbt_resource_props)})

    def get_asset_check_spec(
        self, asset_spec: dg.AssetSpec, manifest: Mapping[str, Any], unique_id: str, project: Any
    ) -> dg.AssetCheckSpec | None:
        """The spec of one dbt test, which says what must hold."""
        spec = super().get_asset_check_spec(asset_spec, manifest, unique_id, project)
        return spec and spec._replace(description=_meaning(manifest["nodes"][unique_id]))

    def get_asset_spec(self, manifest: Mapping[str, Any], unique_id: str, project: Any) -> dg.AssetSpec:
        """The spec of one dbt node, with the key, group, owner and kinds of this project."""
        if unique_id not in self._specs:
            self._specs[unique_id] = self._made(manifest, unique_id, project)
        return self._specs[unique_id]

    def _made(self, manifest: Mapping[str, Any], unique_id: str, project: Any) -> dg.AssetSpec:
        spec = super().get_asset_spec(manifest, unique_id, project)
        node = manifest.get("nodes", {}).get(unique_id) or manifest["sources"][unique_id]
        if node["resource_type"] == "source":
            return spec
        schema = node["schema"]
        domains = [part for part in node["path"].split("/")[1:-1] if part != schema]
        spec = spec.replace_attributes(
            key=dg.AssetKey([schema, node["alias"]]),
            group_name="_".join(["tables", schema, *domains]),
            owners=OWNERS,
            kinds={"dbt", "duckdb"},
        )
        return spec.merge_attributes(tags={"stage": "tables", **({"domain": domains[0]} if domains else {})})


TRANSLATOR = Translator()


def _shown(results: list[NodeResult], settings: Settings) -> dict[str, dict[str, Any]]:
    """Metadata of every table and view that dbt built."""
    built = {result.unique_id for result in results if result.ok}
    nodes = lineage.of_models(settings, unique_ids=built)
    found = {}
    with dbt.reading(settings) as connection:
        said = metadata.meanings()
        for result in results:
            node = MANIFEST["nodes"].get(result.unique_id, {})
            if result.ok and node.get("resource_type") in ("model", "seed"):
                table = metadata.relation(node["schema"], node["alias"])
                if node["schema"] == "forecast":
                    found[result.unique_id] = metadata.of_forecast(connection, node["alias"], table, settings, said)
                else:
                    found[result.unique_id] = metadata.describe(connection, table, said)
                found[result.unique_id] |= metadata.column_lineage(nodes[f"{node['schema']}.{node['alias']}"].columns)
    return found


def _what_is_wrong(result: NodeResult) -> dict[str, dg.MetadataValue]:
    """Of a test that found something: its first rows, the rows of sources that they came from, the query."""
    if not result.first_rows:
        return {}
    names = list(result.first_rows[0])
    rows = [list(row.values()) for row in result.first_rows]
    return {
        "first_rows": dg.MetadataValue.md(metadata.preview(names, rows)),
        "came_from": dg.MetadataValue.text("\n".join(result.came_from)),
        "query": dg.MetadataValue.text(result.query),
    }


def _results(context: dg.AssetExecutionContext, results: list[NodeResult], settings: Settings) -> Iterator[Any]:
    """Dagster events for what dbt did: a materialisation per table, a check result per test."""
    shown = _shown(results, settings)
    selected_checks = context.selected_asset_check_keys
    for result in results:
        node = MANIFEST["nodes"].get(result.unique_id)
        if node is None:
            continue
        if node["resource_type"] in ("model", "seed") and result.ok:
            key = TRANSLATOR.get_asset_spec(MANIFEST, result.unique_id, None).key
            yield dg.MaterializeResult(asset_key=key, metadata={**shown[result.unique_id], "seconds": result.seconds})
        elif node["resource_type"] == "test":
            check = get_asset_check_key_for_test(MANIFEST, TRANSLATOR, result.unique_id, project=None)
            # One that dbt skipped, as what it tests was not built, has no result: it did not run.
            if check and check in selected_checks and result.status != "skipped":
                yield dg.AssetCheckResult(
                    asset_key=check.asset_key,
                    check_name=check.name,
                    passed=result.status == "pass",
                    severity=dg.AssetCheckSeverity.WARN if result.status == "warn" else dg.AssetCheckSeverity.ERROR,
                    metadata={"rows_failed": result.failures, "message": result.message, **_what_is_wrong(result)},
                )


def _selection(context: dg.AssetExecutionContext, everything: str) -> str:
    """dbt's selection for what was picked in the UI: the whole stage, or just those models and seeds."""
    if not context.is_subset:
        return everything
    by_key = {
        TRANSLATOR.get_asset_spec(MANIFEST, uid, None).key: node
        for uid, node in MANIFEST["nodes"].items()
        if node["resource_type"] in ("model", "seed")
    }
    return " ".join(".".join(by_key[key]["fqn"]) for key in context.selected_asset_keys)


def _stage(name: str, meaning: str, select: str, exclude: str = "") -> dg.AssetsDefinition:
    """The tables of a stage, built and tested by dbt in one step."""

    def build(context: dg.AssetExecutionContext) -> Iterator[Any]:
        settings = context.resources.workspace.settings
        had_tables = settings.warehouse.exists()
        results = dbt.build(settings, _selection(context, select), exclude, again=context.is_subset)
        if not had_tables and any(NOT_THERE.search(result.message) for result in results if not result.ok):
            raise UserError(
                "What these tables rest on is not built, as in a state folder that is new or was mended. "
                "The job refresh (make refresh) builds everything; it also runs every night."
            )
        if select != CLAIMS_STAGE:  # whose table of checks is built by then
            check_results.record_dbt(name, results, MANIFEST, settings)
        yield from _results(context, results, settings)
        dbt.complain(results)

    build.__doc__ = meaning
    return dbt_assets(
        manifest=MANIFEST,
        select=select,
        exclude=exclude,
        name=name,
        dagster_dbt_translator=TRANSLATOR,
        required_resource_keys={"workspace"},
    )(build)


tables_from_facts = _stage(
    "tables_from_facts", "Staging, intermediate and market tables.", "fqn:*", exclude=FORECAST_STAGE
)
tables_from_forecasts = _stage(
    "tables_from_forecasts",
    "Forecast and quality tables, and the market tables that rest on forecasts.",
    FORECAST_STAGE,
    exclude=CLAIMS_STAGE,
)
tables_of_judgements = _stage("tables_of_judgements", "The judged claims, and every check of this run.", CLAIMS_STAGE)
