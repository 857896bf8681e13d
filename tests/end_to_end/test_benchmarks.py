"""Measured inference and training: figures worked out by hand from the benchmarks' own files, read from the release."""

from __future__ import annotations

import duckdb
import pytest

BENCHMARKS = ("mlperf_inference", "inferencex", "mlperf_training")
MLPERF = """
    select median(tokens_per_second_per_chip), bool_or(is_mixed_system)
    from market.inference_benchmarks
    where chip_id = ? and round = ? and benchmark_model = ? and scenario = 'Offline'
"""
BEST = """
    select max(tokens_per_second_per_chip)
    from market.inference_benchmarks
    where
        chip_id = ? and weight_precision = ? and benchmark_model = 'deepseek-r1-0528'
        and input_tokens = 8192 and output_tokens = 1024 and interactivity_tokens_per_second_per_user >= 50
        and time_to_first_token_s_p50 <= 5 and published_on <= date '2026-05-31'
"""
TRAINING = """
    select median(achieved_flops_per_s_per_chip) / 1e12
    from market.training_benchmarks
    where submitter = 'NVIDIA' and accelerators = 512 and chip_id = ? and round = ? and benchmark = ?
"""


@pytest.mark.parametrize(
    ("chip_id", "round_", "model", "tokens"),
    [
        ("nvidia-h100-sxm", "v4.1", "llama2-70b-99", 3017),
        ("nvidia-h100-sxm", "v5.1", "llama2-70b-99", 3900),
        ("nvidia-b200", "v5.1", "llama2-70b-99", 12690),
        ("nvidia-l40s", "v4.1", "llama2-70b-99", 465),
        ("amd-mi355x", "v6.0", "llama2-70b-99", 12502),
        ("nvidia-b200", "v5.1", "deepseek-r1", 3859),
        ("nvidia-b200", "v6.0", "deepseek-r1", 7279),
    ],
)
def test_offline_throughput_per_chip(
    release: duckdb.DuckDBPyConnection, chip_id: str, round_: str, model: str, tokens: float
) -> None:
    assert release.execute(MLPERF, [chip_id, round_, model]).fetchone() == (pytest.approx(tokens, rel=0.01), False)


@pytest.mark.parametrize(
    ("chip_id", "precision", "tokens"),
    [
        ("nvidia-h100-sxm", "fp8", 24),
        ("nvidia-h200-sxm", "fp8", 112),
        ("amd-mi355x", "fp4", 251),
        ("nvidia-b200", "fp4", 1056),
        ("nvidia-gb200", "fp4", 1037),
        ("nvidia-gb300", "fp4", 1617),
    ],
)
def test_best_throughput_at_a_speed_for_the_user(
    release: duckdb.DuckDBPyConnection, chip_id: str, precision: str, tokens: float
) -> None:
    assert release.execute(BEST, [chip_id, precision]).fetchone() == (pytest.approx(tokens, rel=0.02),)


@pytest.mark.parametrize(
    ("chip_id", "round_", "benchmark", "tflops"),
    [
        ("nvidia-h100-sxm", "v3.0", "gpt3", 642),
        ("nvidia-h100-sxm", "v4.1", "gpt3", 829),
        ("nvidia-gb200", "v5.0", "llama31_405b", 1717),
        ("nvidia-gb200", "v5.1", "llama31_405b", 2531),
    ],
)
def test_achieved_training_flops(
    release: duckdb.DuckDBPyConnection, chip_id: str, round_: str, benchmark: str, tflops: float
) -> None:
    assert release.execute(TRAINING, [chip_id, round_, benchmark]).fetchone() == (pytest.approx(tflops, rel=0.02),)


def test_every_row_is_accounted_for_and_chips_resolve(release: duckdb.DuckDBPyConnection) -> None:
    counted = (
        f"select sum(rows_in), sum(rows_known + rows_rejected) from market.sources where source_id in {BENCHMARKS}"
    )
    assert release.execute(counted).fetchone() == (5862, 5862)
    both = (
        "(select chip_id, accelerator_as_written, is_mixed_system from market.inference_benchmarks union all "
        "select chip_id, accelerator_as_written, is_mixed_system from market.training_benchmarks)"
    )
    rows, chips = release.execute(f"select count(*), count(distinct chip_id) from {both}").fetchone() or (0, 0)
    assert rows == 5862 and chips >= 30
    unresolved = (
        f"select count(*) from {both} where not is_mixed_system and chip_id is null and accelerator_as_written <> ''"
    )
    listed = f"select count(*) from quality.unknown_names where source_id in {BENCHMARKS}"
    assert release.execute(unresolved).fetchone() == release.execute(listed).fetchone() == (0,)


def test_what_a_system_of_several_kinds_gives_is_nobodys(release: duckdb.DuckDBPyConnection) -> None:
    mixed = "select count(*), count(chip_id), min(accelerators) from market.inference_benchmarks where is_mixed_system"
    assert release.execute(mixed).fetchone() == (12, 0, 24)
    apart = (
        "select distinct chip_id from market.inference_benchmarks where accelerator_as_written like '%CTS%' "
        "or accelerator_as_written like '%Power Cap%' order by 1"
    )
    assert release.execute(apart).fetchall() == [("amd-mi355x-1000w",), ("nvidia-h200-sxm-cts",)]


COSTS = """
    select *
    from market.inference_costs
    where
        benchmark_model = 'deepseek-r1-0528' and input_tokens = 8192 and output_tokens = 1024
        and min_interactivity_tokens_per_second_per_user = 50 and configuration = 'any'
        and valid_from <= date '2026-05-31' and is_current and price_choice = 'newest'
"""


def test_cost_per_token_at_the_quoted_cost_of_a_neocloud(release: duckdb.DuckDBPyConnection) -> None:
    asked = " and price_basis = 'quoted_tco' and price_variant = 'neocloud' and priced_on = date '2026-08-14'"
    found = release.execute(f"{COSTS} {asked} and allocation = 'all_to_output'").df().set_index("chip_id")
    costs = found["output_cost_usd_per_mtok_p50"]
    by_hand = {
        "nvidia-h100-sxm": 17.9,
        "nvidia-h200-sxm": 3.94,
        "amd-mi355x": 2.31,
        "nvidia-b200": 0.54,
        "nvidia-gb200": 0.61,
        "nvidia-gb300": 0.48,
    }
    assert {chip: costs[chip] for chip in by_hand} == pytest.approx(by_hand, rel=0.03)
    split = release.execute(
        """select max(abs(
            output_cost_usd_per_mtok_p50 * tokens_per_second_per_chip
            + input_cost_usd_per_mtok_p50 * input_tokens_per_second_per_chip - usd_per_chip_hour * 1e6 / 3600
        )), count(distinct allocation) from market.inference_costs where input_cost_usd_per_mtok_p50 is not null"""
    ).fetchone()
    assert split == (pytest.approx(0, abs=1e-6), 3)


def test_the_cheapest_chip_stands_in_one_query_on_every_basis(release: duckdb.DuckDBPyConnection) -> None:
    cheapest = dict(
        release.execute(
            f"select price_basis || ' ' || price_variant, chip_id from ({COSTS})"
            " where cost_rank = 1 and allocation = 'all_to_output' and chance_cheaper_than_next > 0.5"
        ).fetchall()
    )
    assert cheapest["quoted_tco neocloud"] == cheapest["contract rate stated for contracts"] == "nvidia-gb300"
    assert cheapest["rental_index median of rate cards"] == "nvidia-b200"
    assert len(cheapest) == 7
    without = release.sql("select * from market.inference_costs where price_basis = 'none'").df()
    assert without["chip_id"].nunique() >= 5 and without["usd_per_chip_hour"].isna().all()


MEASURED_UTILISATION = """
    with best as (
        select workload_phase, chip_id, speed_band, input_tokens, max(share_of_16bit_peak_best) as share
        from market.utilisation_benchmarks
        where
            workload_phase in ('prefill', 'decode') and output_tokens = 1024
            and speed_band in ('20 to 50 tokens/s/user', '50 to 100 tokens/s/user')
        group by all
    ),
    conditions as (
        select workload_phase, avg(share) as share from best group by workload_phase, speed_band, input_tokens
    )
    select workload_phase || '_utilisation_measured', min(share), avg(share), max(share)
    from conditions group by workload_phase
    union all
    select
        'training_utilisation_measured',
        percentile_cont(0.1) within group (order by share_of_16bit_peak_p50),
        percentile_cont(0.5) within group (order by share_of_16bit_peak_p50),
        percentile_cont(0.9) within group (order by share_of_16bit_peak_p50)
    from market.utilisation_benchmarks
    where
        workload_phase = 'training' and speed_band = 'over 1,024 chips'
        and benchmark_model in ('gpt3', 'llama31_405b')
"""


def test_the_compute_models_utilisation_is_what_was_measured(release: duckdb.DuckDBPyConnection) -> None:
    measured = {name: levels for name, *levels in release.execute(MEASURED_UTILISATION).fetchall()}
    assumed = {
        name: levels
        for name, *levels in release.execute(
            "select parameter_id, p10, p50, p90 from forecast.assumptions where parameter_id like '%_utilisation_measured'"
        ).fetchall()
    }
    assert set(assumed) == set(measured) and len(assumed) == 3
    for name, levels in measured.items():
        assert assumed[name] == pytest.approx(levels, rel=0.02), name
