select
    table_name,
    sum(rows) as rows,
    sum(rows_with_address) / sum(rows) as addressed,
    sum(share_of_rows) filter (where confidence = 'verified') as verified,
    sum(share_of_rows) filter (where confidence = 'quoted') as quoted,
    sum(share_of_rows) filter (where confidence = 'derived') as derived,
    sum(share_of_rows) filter (where confidence = 'estimate') as estimated,
    sum(share_of_rows) filter (where confidence = 'recalled') as recalled
from quality.confidence_shares
group by table_name
order by table_name
