select
    count(*) filter (status = 'pass') as passed,
    count(*) filter (status = 'warn') as warned,
    count(*) filter (status not in ('pass', 'warn')) as failed,
    (select count(*) from quality.rejected_rows) as rejected
from quality.checks
