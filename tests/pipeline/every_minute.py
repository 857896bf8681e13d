"""See every_minute.yaml."""

from assets import schedules

schedules.PLAN = tuple(
    (name, job, domain, "* * * * *" if name == "full_refresh_nightly" else cron, description)
    for name, job, domain, cron, description in schedules.PLAN
)

from assets.definitions import defs as defs  # noqa: E402  the plan must be changed before they are made
