"""LiteLLM's price list as dated copies show it: every first sight, change and removal of a key since January 2024."""

import pandas as pd

from pipeline.sources.base import Provenance, Source, Upstream, day, text
from pipeline.sources.token_prices import CACHED, PRICES

RELEASES = "llm_prices_litellm/litellm_price_changes.csv"  # ten releases of the package
COPIES = "llm_prices_litellm/litellm_changes_2024_2025.csv"  # 91 days of the list as the package tokencost copied it
COPIED_BY = {
    "release": ("LiteLLM, the package's last release before the day", None),
    "tokencost": ("LiteLLM, as AgentOps-AI/tokencost copied it", "https://github.com/AgentOps-AI/tokencost"),
}


def parse(upstream: Upstream) -> pd.DataFrame:
    """One row per key, day of the copy and kind of copy; a removal has no price."""
    releases = upstream.csv(RELEASES).rename(columns={"snapshot_date": "seen_on"}).assign(copy="release")
    rows = pd.concat([releases, upstream.csv(COPIES).assign(copy="tokencost")], ignore_index=True)
    rows["change"] = rows["change"].replace("price_change", "changed")
    return rows.assign(
        copied_by=rows["copy"].map({copy: by for copy, (by, _) in COPIED_BY.items()}),
        address=rows["copy"].map({copy: url for copy, (_, url) in COPIED_BY.items()}),
    )


SOURCE = Source(
    title="LiteLLM: token prices as they changed",
    description="USD per million tokens by key on the day of the first copy that shows it: the latest day of its start.",
    licence="MIT",
    credit="BerriAI/litellm, AgentOps-AI/tokencost",
    cadence="monthly",
    files=(RELEASES, COPIES),
    parse=parse,
    key=("seen_on", "model_key", "copy"),
    provenance=Provenance(
        "{copied_by}", confidence="quoted", reported_on="{seen_on}", basis="price_date", url="{address}"
    ),
    columns={
        "seen_on": day(past=True),
        "model_key": text(),
        "copy": text(choices=("release", "tokencost")),
        "provider": text(nullable=True),
        "mode": text(nullable=True),
        "change": text(choices=("first_seen", "changed", "removed")),
        **PRICES,
        **CACHED,
    },
)
