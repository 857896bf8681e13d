"""The commands: the same code that the assets call, for people and for programs (`--json`)."""

import atexit
import json
import os
import signal
import sys
from contextlib import suppress
from dataclasses import asdict
from difflib import get_close_matches
from multiprocessing import resource_tracker
from pathlib import Path
from typing import Annotated, Any

import duckdb
import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress
from rich.table import Table as RichTable

from pipeline import files, forecast_log
from pipeline.build import dbt
from pipeline.ingest.snapshot import build
from pipeline.publish import changes_page, release
from pipeline.publish.compare import compare
from pipeline.publish.reader import Release
from pipeline.read import explain as explaining
from pipeline.read import query, results
from pipeline.read.explain import view
from pipeline.report import sections
from pipeline.settings import PROJECT, Settings, UserError
from pipeline.sources import all_sources

WORKSPACE = "workspace.yaml"
# Copies of upstream files, which their licences do not let us publish: not part of the repository.
UPSTREAM = PROJECT / "upstream"

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.")]
At = Annotated[str, typer.Option("--at", envvar="AT", help="Release id or AS_OF day; the latest if not given.")]
# As wide as the terminal; unbounded in a pipe, so that nothing is cut from what a program reads.
console = Console(width=None if sys.stdout.isatty() else 200, highlight=False)


def _show(rows: list[dict[str, Any]], as_json: bool, title: str = "") -> None:
    if as_json:
        print(json.dumps(rows, default=str, indent=1))
        return
    text = [{name: query.printable(value) for name, value in row.items()} for row in rows]
    # Every column needs room for its longest word, or letters stand under one another.
    words = [(name, *(row[name] for row in text)) for name in text[0]] if text else []
    if sum(2 + max(len(word) for cell in column for word in cell.split() or [""]) for column in words) > console.width:
        _show_vertically(text, title)
        return
    table = RichTable(title=title, title_justify="left", box=None, pad_edge=False)
    for name in rows[0] if rows else ["nothing"]:
        numeric = any(isinstance(row[name], int | float) for row in rows)
        table.add_column(escape(query.printable(name)), justify="right" if numeric else "left")
    for row in text:
        table.add_row(*map(escape, row.values()))
    console.print(table)


def _show_vertically(rows: list[dict[str, str]], title: str) -> None:
    """A line a cell, for rows too wide to stand side by side."""
    if title:
        console.print(title, markup=False)
    width = max(map(len, rows[0]))
    for number, row in enumerate(rows, 1):
        console.print(f"── row {number} of {len(rows)}", markup=False)
        for name, value in row.items():
            console.print(f"{name:<{width}}  {value}", markup=False, soft_wrap=True)


def _hide_interrupts_from_children() -> None:
    """A terminal's Ctrl-C goes to every process: children inherit this, and leave the telling to this one's `cli`."""
    resource_tracker.ensure_running()  # at its start it lets the signal through again
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})


def _query(folder: Path, sql: str) -> list[dict[str, Any]]:
    return query.run(folder / release.DATABASE, sql).to_pylist()


@app.command()
def refresh(
    select: Annotated[str, typer.Option(envvar="SELECT", help="Only these assets, in Dagster's syntax.")] = "",
    force: Annotated[bool, typer.Option(help="Compute again what has not changed (FORCE=1).")] = False,
    quiet: Annotated[bool, typer.Option(help="No progress, no summary.")] = False,
    from_landing: Annotated[bool, typer.Option(help="Live mode without a look at upstreams: use what landed.")] = False,
    accept_revisions: Annotated[str, typer.Option(help="Why more of the past may change than 5% of a table.")] = "",
) -> None:
    """Run the whole pipeline and publish a release; LIVE=1 looks at the upstreams first."""
    # A tenth of a second to load, which the commands that read do without.
    from assets import refresh as job
    from assets import summary

    if from_landing:
        os.environ["FROM_LANDING"] = "1"
    if accept_revisions:
        os.environ["ACCEPT_REVISIONS"] = accept_revisions  # the run reads its settings from the environment
    settings = Settings.from_env()
    force = force or os.environ.get("FORCE", "") not in ("", "0")
    _hide_interrupts_from_children()
    outcome = job.run(settings, force=force, select=select or None, quiet=quiet)
    if not quiet and outcome.folder:
        summary.show(console, outcome, settings)
    elif not quiet:
        console.print(f"Done: {select}. The release was not among the selected assets.")


@app.command()
def backtest(
    verified_only: Annotated[bool, typer.Option(help="Show the scores on values read in documents.")] = False,
) -> None:
    """Show the recommended model's scores; rerun the rolling backtest first (minutes) where facts or code changed.

    The result is stored in data/backtest/ under the hash of its facts and code. FORCE=1 reruns it in any case.
    """
    from pipeline.build import backtesting

    settings = Settings.from_env()
    anew = os.environ.get("FORCE", "") not in ("", "0") or backtesting.is_stale(settings)
    result = None if anew else backtesting.load(settings)
    if result is None:
        _hide_interrupts_from_children()
        with Progress(console=Console(stderr=True)) as bar:
            task = bar.add_task("Rolling origins", total=None)
            result = backtesting.run(settings, lambda done, total: bar.update(task, completed=done, total=total))
    panel = "verified_only" if verified_only else "spliced"
    found = result.scores.query(
        "entity_id == 'pooled' and window == 'all' and model_id == 'recommended' and panel == @panel "
        "and metric in ['log_wis', 'coverage_80'] and horizon in [1, 2, 4, 8]"
    )
    columns = ["horizon", "metric", "baseline_id", "value", "skill", "n", "recalled_share"]
    rows = [dict(zip(columns, row, strict=True)) for row in found[columns].round(3).itertuples(index=False)]
    _show(rows, False, f"Recommended model, four vendors pooled, {panel}")


@app.command()
def ui(port: int = 3000) -> None:
    """Start the Dagster UI with the daemon, so that schedules run."""

    # Dagster takes half a second to load, which the commands that read do without.
    from assets import runs

    settings = Settings.from_env()
    home = runs.dagster_home(settings)
    dbt.ensure_manifest(settings.state)
    # A refresh that holds the lock goes on; whatever else looks unfinished died with the last UI.
    with suppress(UserError), files.state_lock(settings.state), runs.instance_of(home) as instance:
        runs.end_dead_runs(instance)
    os.chdir(PROJECT)
    # Not the script beside it: that of a copied environment names the folder that it was copied from.
    os.execv(sys.executable, [sys.executable, "-m", "dagster", "dev", "-w", WORKSPACE, "-p", str(port)])


@app.command()
def status(as_json: AsJson = False, at: At = "") -> None:
    """The release's sources (mode, rows, newest fact, age), checks that did not pass, the last run's end, and a verdict."""
    # Dagster takes half a second to load, which the other commands that read do without.
    from assets import runs

    settings = Settings.from_env()
    folder = release.find(settings, at)
    sources = _query(
        folder,
        "select source_id, mode, rows, rows_rejected, newest_fact, age_days, status from quality.freshness "
        "where kind = 'source' order by source_id",
    )
    checks = _query(folder, "select * from quality.checks where status <> 'pass' order by all")
    with duckdb.connect(str(folder / release.DATABASE), read_only=True) as connection:
        needs = results.needs_a_look(connection)
        told = [results.newest(connection), results.documents(connection)]
    if as_json:
        last = runs.last_run(settings)
        found = {"release": folder.resolve().name, "sources": sources, "checks": checks, "needs_a_look": needs}
        print(json.dumps(found | {"last_run": asdict(last) if last else None}, default=str))
        return
    name = folder.resolve().name
    _show(sources, False, f"Release {name}")
    for line in told:
        console.print(line, soft_wrap=True)
    if checks:
        _show(checks, False, f"Checks of release {name} that did not pass")
    if last := runs.last_run(settings):
        console.print(f"Last run: {last.job}, {last.status} at {last.at} UTC.")
        for line in last.failed:
            console.print(escape(query.printable(line)), soft_wrap=True)
    console.print(results.verdict(needs), soft_wrap=True)


@app.command()
def tables(as_json: AsJson = False, at: At = "") -> None:
    """The published tables with their row counts."""
    shown = Release(release.find(Settings.from_env(), at)).tables()
    _show([dict(zip(shown.columns, row, strict=True)) for row in shown.itertuples(index=False)], as_json)


@app.command()
def describe(table: str, as_json: AsJson = False, at: At = "") -> None:
    """A table's columns: type, unit and description."""
    folder = release.find(Settings.from_env(), at)
    found = Release(folder)
    same_name = [name for name in found.columns if name.endswith(f".{table}")]
    table = same_name[0] if len(same_name) == 1 else table
    if table not in found.columns:
        bare = {name.split(".")[1]: name for name in found.columns}
        near = ", ".join(bare[name] for name in get_close_matches(table.split(".")[-1], bare, n=3, cutoff=0))
        raise UserError(f"There is no table {table!r}. Nearest: {near}.")
    if not as_json:
        console.print(found.resource(table)["description"] + "\n")
    types = {row["column_name"]: row["column_type"] for row in _query(folder, f"describe {table}")}
    _show(
        [
            {"column": f["name"], "type": types[f["name"]], "unit": f.get("unit"), "description": f["description"]}
            for f in found.resource(table)["schema"]["fields"]
        ],
        as_json,
    )


@app.command()
def diff(before: str, after: str, as_json: AsJson = False) -> None:
    """What differs between two releases (`latest` is one): facts come, gone or revised, forecasts and why they moved."""
    settings = Settings.from_env()
    found = compare(release.find(settings, before), release.find(settings, after))
    if as_json:
        print(json.dumps(asdict(found), default=str, indent=1))
    else:
        print(changes_page.page(found, found.after), end="")


@app.command()
def explain(
    table: str,
    where: Annotated[str, typer.Option(help="SQL condition that names one row or a few.")],
    column: Annotated[str, typer.Option(help="Only this column of them.")] = "",
    as_json: AsJson = False,
    at: At = "",
) -> None:
    """Where a cell or forecast comes from: model, parents, source rows with their file and its hash, assumptions."""
    found = explaining.explain(release.find(Settings.from_env(), at), table, where, column or None)
    if as_json:
        print(json.dumps(found, default=str, indent=1))
        return
    for chain in found:
        console.print(view.tree(chain))


@app.command()
def sql(
    statement: Annotated[str, typer.Argument(metavar="QUERY")] = "",
    kind: Annotated[query.Format | None, typer.Option("--format", help="table, csv, json or parquet.")] = None,
    out: Annotated[Path | None, typer.Option(help="File to write the answer to; its ending names the format.")] = None,
    as_json: AsJson = False,
    at: At = "",
) -> None:
    """Run one query on a release, or open DuckDB's shell on it: it changes nothing and reaches no other file.

    In CSV, text that a spreadsheet would take for a formula gets an apostrophe before it.
    """
    folder = release.find(Settings.from_env(), at)
    if not statement:
        shell = Path(sys.executable).with_name("duckdb")
        # Its own option `-safe` does not start with every version of the shell; the command does.
        os.execv(shell, [str(shell), "-readonly", "-cmd", ".safe_mode", str(folder / release.DATABASE)])
    kind = "json" if as_json else kind or (query.format_of(out) if out else "table")
    if kind == "table" and out:
        raise UserError("--out needs --format csv, json or parquet.")
    answer = query.run(folder / release.DATABASE, statement)
    if kind == "table":
        _show(answer.to_pylist(), False)
    else:
        sys.stdout.write(query.write(answer, kind, out))


@app.command()
def report(at: At = "") -> None:
    """Print the path of a release's report page, to open in a browser."""
    print(release.find(Settings.from_env(), at) / "index.html")


@app.command()
def releases(as_json: AsJson = False) -> None:
    """All releases, oldest first, each verified against its recorded hashes."""
    settings = Settings.from_env()
    latest = settings.latest.resolve()
    rows = []
    for folder in release.listed(settings):
        package = json.loads((folder / "datapackage.json").read_text())
        wrong = release.verify(folder)
        rows.append(
            {
                "release": folder.name,
                "created": package["created"],
                "as_of": package["as_of"],
                "mode": package["mode"],
                "latest": folder == latest,
                "verified": "ok" if not wrong else "; ".join(wrong),
            }
        )
    _show(rows, as_json)


@app.command()
def rebuild(as_json: AsJson = False, at: At = "") -> None:
    """Figures that others publish, each rebuilt by one query over a release: theirs, ours, the ratio, the verdict, the page.

    `--json` adds the bridge between the definitions and the input that explains what is left.
    """
    answer = query.run(
        release.find(Settings.from_env(), at) / release.DATABASE, sections.query("rebuilt", "figures", {})
    )
    rows = answer.to_pylist()
    if as_json:
        _show(rows, as_json)
        return
    for row in rows:
        console.print(
            f"{row['figure']:<26}{row['theirs']:>10,.5g} {row['ours']:>10,.5g} {row['ratio']:>6.2f}  {row['verdict']:<19}"
            f"{row['source_url'] or row['document_title']}",
            soft_wrap=True,
            markup=False,
        )


log = typer.Typer(
    no_args_is_help=True,
    help="`chipcast log verify` proves that published/log.jsonl, what releases said of reports, is as it was.",
)
app.add_typer(log, name="log")


@log.command("verify")
def verify_log() -> None:
    """Prove that no entry of the log was changed: by the hashes in it, and by the heads that the releases here state."""
    settings = Settings.from_env()
    lines, stated = forecast_log.read(settings), forecast_log.stated_heads(settings)
    console.print(
        f"{len(lines)} entries, each with the hash of the one before; {len(stated)} releases state heads, and all agree. "
        f"Head: {forecast_log.head(lines)['head']}",
        soft_wrap=True,
    )


@app.command()
def sources(as_json: AsJson = False) -> None:
    """Where facts come from: licence, cadence, address."""
    rows = [
        {"source": s.id, "domain": s.domain, "licence": s.licence, "cadence": s.cadence, "title": s.title}
        for s in all_sources()
    ]
    _show(rows, as_json)


@app.command()
def snapshot(
    source: Annotated[str, typer.Argument(help="Only this source; all if not given.")] = "",
    folder: Annotated[Path, typer.Option(help="Folder of upstream files, by the names in `Source.files`.")] = UPSTREAM,
) -> None:
    """Build the embedded snapshot in data/, or one source's table in it, from a folder of upstream files."""
    if not folder.is_dir():
        raise UserError(f"{folder} is not a folder of upstream files.")
    built = build(folder, Settings.from_env().data, source or None)
    _show([{"source": name, "rows": rows} for name, rows in built], False)


def main() -> None:
    """Run the command line; a user's mistake is one message, a bug of ours a traceback."""
    try:
        app()
    except UserError as error:
        Console(stderr=True, highlight=False).print(f"[bold red]chipcast:[/] {escape(str(error))}", soft_wrap=True)
        sys.exit(1)
    except SystemExit as ended:
        if ended.code:
            raise
        # All is written: Python would spend over a second on taking half a million objects apart.
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)
