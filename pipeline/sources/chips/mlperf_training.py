"""MLPerf Training (MLCommons): minutes to train a benchmark to its target quality, one row per system and benchmark."""

import re

import pandas as pd

from pipeline.sources.base import Provenance, Source, SourceError, Upstream, amount, day, flag, text
from pipeline.sources.live import CSV, MEGABYTE, Live, Request
from pipeline.sources.mlperf import CREDIT, FILES_URL, LICENCE, accelerator_columns, address
from pipeline.sources.responses import decimal, plain, text_frame

ID = "mlperf_training"
# Rounds that are read live, with the day of their publication. A new one is a line.
ROUNDS = {"v6.0": "2026-06-16"}
# A round's summary is one line per system: these columns, then those of each benchmark ("llama31_8b:GBS").
OF_SYSTEM = {
    "division": "division",
    "submitter": "submitter",
    "status": "availability",
    "accelerator": "accelerator_model_name",
    "accelerators": "accelerators_count",
    "nodes": "number_of_nodes",
}
OF_BENCHMARK = {
    "minutes_to_train": "time_to_train",
    "global_batch_size": "GBS",
    "progress_at_stop_median": "samples_to_converge",
}
STATUS = {
    "Available on-premise": "available, on premise",
    "Available cloud": "available, cloud",
    "Preview": "preview",
    "Research, Development, or Internal (RDI)": "rdi",
}


def parse_live(upstream: Upstream) -> pd.DataFrame:
    """One row per system and benchmark that it was measured on, out of each round's summary."""
    rows = []
    for round_, published_on in ROUNDS.items():
        wide = upstream.csv(round_)
        has = [str(name) for name in wide.columns]
        benchmarks = list(dict.fromkeys(name.split(":")[0] for name in has if ":" in name))
        expected = [
            *OF_SYSTEM.values(),
            "details_url",
            *(f"{one}:{name}" for one in benchmarks for name in OF_BENCHMARK.values()),
        ]
        missing = [name for name in expected if name not in has]
        if missing or not benchmarks:
            raise SourceError(
                f"Source {ID}: the summary of {round_} lacks the column(s) {', '.join(missing) or 'of any benchmark'}; it "
                f"has {', '.join(has)}. Adapt pipeline/sources/chips/{ID}.py to the new layout."
            )
        for line in wide.to_dict("records"):
            system = {str(name): cell for name, cell in line.items() if pd.notna(cell)}
            cells = {ours: system.get(theirs) for ours, theirs in OF_SYSTEM.items()}
            # The page of a system is named by the folder of its results.
            page = re.search(r"/systems/(.+)\.json$", system.get("details_url", ""))
            folder = page[1] if page else None
            count, nodes = decimal(cells["accelerators"]), decimal(cells["nodes"])
            per_node = plain(count / nodes) if count is not None and nodes else None
            for benchmark in benchmarks:
                if f"{benchmark}:time_to_train" not in system:
                    continue
                rows.append(
                    {
                        **cells,
                        **{ours: system.get(f"{benchmark}:{theirs}") for ours, theirs in OF_BENCHMARK.items()},
                        "round": round_,
                        "published_on": published_on,
                        "status": STATUS.get(cells["status"] or "", cells["status"]),
                        "system": folder,
                        "benchmark": benchmark,
                        "benchmark_family": benchmark,
                        "accelerators_per_node": per_node,
                        "results_path": f"{cells['submitter']}/results/{folder}/{benchmark}",
                    }
                )
    return text_frame(rows, [*SOURCE.columns, "results_path"])


def tidy(listed: pd.DataFrame) -> pd.DataFrame:
    """The words for an accelerator apart, and the address of the folder of result logs."""
    repository = "mlcommons/training_results_" + listed["round"]
    return listed.assign(
        **accelerator_columns(listed["accelerator"]), logs_url=address(repository, "tree", listed["results_path"])
    )


SOURCE = Source(
    title="MLPerf Training: minutes to train",
    description="Time to the target quality by benchmark, system and number of accelerators, from the submissions' own "
    "result logs: the mean of the runs without the fastest and the slowest. The rounds' correction for convergence is "
    "not applied, so most figures lie within 1% of the published ones and a few within 6%. Rounds that are read live are "
    "those of their summary, with that correction and without the single runs.",
    licence=LICENCE,
    credit=CREDIT,
    homepage_url="https://mlcommons.org/benchmarks/training/",
    cadence="half-yearly",
    files=("mlperf_training/results.csv",),
    key=("round", "division", "submitter", "system", "benchmark"),
    provenance=Provenance(
        "MLPerf Training {round}, {division} division",
        confidence="verified",
        reported_on="{published_on}",
        url="{logs_url}",
    ),
    tidy=tidy,
    columns={
        "round": text(),
        "published_on": day(past=True),
        "submitter": text(),
        "division": text(choices=("closed", "open")),
        "status": text(),
        "system": text(),
        "benchmark": text(),
        "benchmark_family": text(),
        "accelerator": text(nullable=True),
        "accelerator_name": text(nullable=True),
        "is_mixed_system": flag(),
        "nodes": amount(high=100_000),
        "accelerators_per_node": amount(high=10_000),
        "accelerators": amount(nullable=True, high=1_000_000),
        "runs": amount(nullable=True, high=1000),
        "successful_runs": amount(nullable=True, high=1000),
        "failed_runs": amount(nullable=True, high=1000),
        "logs_missing": amount(nullable=True, high=1000),
        "minutes_to_train": amount(nullable=True, high=100_000),
        "minutes_min": amount(nullable=True, high=100_000),
        "minutes_max": amount(nullable=True, high=100_000),
        "global_batch_size": amount(nullable=True, high=1e9),
        "progress_at_stop_median": amount(nullable=True, high=1e15),
        "max_sequence_length": amount(nullable=True, high=1e7),
    },
    live=Live(
        FILES_URL,
        tuple(
            Request(
                round_,
                f"/mlcommons/training_results_{round_}/results_branch/summary_detailed.csv",
                CSV,
                max_bytes=20 * MEGABYTE,
            )
            for round_ in ROUNDS
        ),
        parse_live,
        whole=False,
    ),
)
