"""Made-up XBRL facts of all filers, in the shape of the raw table `xbrl_facts`."""

from __future__ import annotations

from pathlib import Path

import duckdb

CIKS = (1652044, 1018724, 1326801, 789019, 1341439)  # the five firms whose capex is published
TAGS = (
    "PaymentsToAcquirePropertyPlantAndEquipment", "PaymentsToAcquireProductiveAssets", "Assets", "Revenues",
    "OperatingIncomeLoss", "NetCashProvidedByUsedInOperatingActivities", "InventoryNet", "ResearchAndDevelopmentExpense",
)  # fmt: skip
QUARTERS = 60
# Every fact stands in the filing of its quarter and, as comparison, in that of a year later.
FACTS_PER_FILER = len(TAGS) * QUARTERS * 2


def write(state: Path, facts: int) -> int:
    """Write `raw/xbrl_facts.parquet` and `raw/run_context.parquet` with about `facts` rows; return their number."""
    raw = state / "raw"
    raw.mkdir(parents=True, exist_ok=True)
    filers = max(len(CIKS), round(facts / FACTS_PER_FILER))
    with duckdb.connect() as connection:
        connection.execute(
            f"copy (select date '2026-11-23' as as_of, 'embedded' as mode, date '2026-11-23' as snapshot_date) "
            f"to '{raw}/run_context.parquet' (format parquet)"
        )
        sql = f"""
            with facts as (
                select
                    case when f < {len(CIKS)} then {list(CIKS)}[f + 1] else 2000000 + f end::varchar as cik,
                    {list(TAGS)}[t + 1] as tag,
                    (date '2011-01-01' + to_months(((q // 4) * 12)::int))::date as period_start,
                    last_day((date '2011-01-01' + to_months((q * 3 + 2)::int))::date) as period_end,
                    (q % 4 + 1) * (1e8 + hash(f, t, q) % 1000000000) + v * 1e6 as value,
                    last_day((date '2011-01-01' + to_months((q * 3 + 2 + 12 * v)::int))::date) + 40 as filed_on,
                    f, q, v
                from range({filers}) as filers(f), range({len(TAGS)}) as tags(t), range({QUARTERS}) as quarters(q),
                    range(2) as vintages(v)
            )
            select
                'xbrl_facts' as source_id, cik, 'filer ' || f as entity, 'us-gaap' as taxonomy, tag, 'USD' as unit,
                period_start, period_end, value, printf('%010d-%02d-%06d', f, q, v) as accession,
                case when q % 4 = 3 then '10-K' else '10-Q' end as form, filed_on, null::varchar as source_url,
                'made up' as source_citation, filed_on as reported_on, 'filed' as reported_on_basis,
                'verified' as confidence, date '2026-11-23' as retrieved_at,
                null::date as superseded_on,
                'accession=' || printf('%010d-%02d-%06d', f, q, v) || '; tag=' || tag as source_row
            from facts where filed_on <= date '2026-11-23'
        """
        target = f"{raw}/xbrl_facts.parquet"
        return connection.execute(f"copy ({sql}) to '{target}' (format parquet, compression zstd)").fetchall()[0][0]
