-- No rows yet: which release this one follows is known when it is written (pipeline/publish/release.py fills the table).
select
    null::varchar as previous_release,
    null::varchar as table_name,
    null::varchar as row_key,
    null::double as previous_p50,
    null::double as p50,
    null::double as change_pct,
    null::varchar as unit,
    null::varchar as attributed_to
where false
