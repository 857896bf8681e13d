-- No rows yet: which release this one follows is known when it is written (pipeline/publish/release.py fills the table).
select
    null::string as previous_release,
    null::string as table_name,
    null::string as row_key,
    null::double as previous_p50,
    null::double as p50,
    null::double as change_pct,
    null::string as unit,
    null::string as attributed_to
where false
