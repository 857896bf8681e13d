"""What sqlfluff takes for dbt's `adapter`: it lints each model as DuckDB gets it."""

from jinja2 import pass_context


@pass_context
def dispatch(context, name):
    """The macro `name` in DuckDB's form."""
    return context[f"duckdb__{name}"]
