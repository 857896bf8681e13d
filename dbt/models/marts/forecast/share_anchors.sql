select * from {{ source('forecasts', 'share_anchors') }}
