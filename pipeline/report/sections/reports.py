"""What was said of reports before they came: the consensus of the eve, guidance and our model; and the log."""

from pipeline.report.section import Listing, Section, interval, shown
from pipeline.report.text import Row

MODELS = {
    "median_beat": "guidance times the usual beat",
    "recommended": "our model",
    "consensus_corrected": "the consensus times its usual surprise",
}


def _holds(row: Row) -> str:
    if not row["is_closer"]:
        return "not shown"
    return "closer, a quarter earlier" if row["days_ahead"] > 60 else "closer, on the same eve"


SECTION = Section(
    75, "Reports", "Was the forecast right?",
    "Against what analysts expected on the eve. Guidance and our model speak on the day of the report before, about three months "
    "earlier. These are replays: made since from what was known then, by methods chosen since. What a release says of the next "
    "reports goes into its log, which nobody can change unseen, and is scored below as reports come.",
    tables=[
        Listing("eve", "Guidance, our model and the corrected consensus against the consensus of the eve", [
            ("companies", "companies"), ("forecast", lambda r: MODELS[r["model_id"]]), ("reports", "n"),
            ("mean error", shown("error", "{:.1%}".format)), ("the consensus's", shown("error_of_eve", "{:.1%}".format)), ("closer in", "closer"),
            ("chance by a coin", shown("chance", "{:.2g}".format)), ("closer than Wall Street?", _holds),
        ], "Mean absolute log error of the revenue of whole companies; a claim stands where it is lower and a coin would do as well in fewer than one of twenty cases. Our model speaks of NVIDIA's and TSMC's whole revenue alone."),
        Listing("log", "The last word of the log before each report", [
            ("series", "entity_id"), ("period", "target_period"), ("said on", "recorded_on"), ("said (80%)", interval("p10", "p50", "p90")),
            ("came", shown("outcome", "{:,.5g}".format)), ("reported on", "outcome_reported_on"), ("inside", "is_inside_80"),
        ], "Empty until a report comes after a release that states a log."),
    ],
)  # fmt: skip
