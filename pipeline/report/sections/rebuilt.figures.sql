select
    ours.figure,
    theirs.publisher,
    theirs.quantity,
    theirs.target_period,
    theirs.value as theirs,
    ours.ours,
    theirs.unit,
    ours.ours / theirs.value as ratio,
    case
        when theirs.value_low = theirs.value and ours.ours >= theirs.value then 'their bound holds'
        when ours.ours between theirs.value_low and theirs.value_high then 'within their range'
        when ratio between 1 / 1.1 and 1.1 then 'reproduced'
        when ratio between 1 / 1.5 and 1.5 then 'near'
        else 'differs'
    end as verdict,
    ours.bridge,
    ours.explained_by,
    ours.moved_by,
    theirs.source_url,
    theirs.document_title
from ours
inner join market.published_forecasts as theirs
    on
        ours.publisher = theirs.publisher
        and ours.quantity = theirs.quantity
        and ours.target_period = theirs.target_period
        and starts_with(theirs.definition, ours.begins)
where ours.ours is not null
qualify row_number() over (partition by ours.figure order by theirs.reported_on desc, theirs.source_url asc) = 1
order by ours.figure
