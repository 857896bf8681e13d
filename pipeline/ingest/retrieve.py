"""Looking at an upstream: its answers, or a file that somebody dropped, into the landing zone."""

import gzip
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from pipeline import files
from pipeline.ingest import http, landing
from pipeline.ingest.http import FetchError
from pipeline.settings import Settings, UserError
from pipeline.sources.base import Source
from pipeline.sources.live import Live, Request


def base_url(source: Source) -> str:
    """Where the source is asked: the environment's address for it, else upstream's."""
    assert source.live
    return (os.environ.get(source.variable("URL")) or source.live.base_url).rstrip("/")


def path(source: Source, request: Request) -> str:
    """What follows the base URL: of a source with one request, the environment's path if it has one."""
    assert source.live
    moved = os.environ.get(source.variable("PATH")) if len(source.live.requests) == 1 else None
    return "/" + moved.lstrip("/") if moved else request.path


def max_lost_share(source: Source) -> float:
    """Share of its rows that the source may lose from one answer to the next: the environment's, else its own.

    Raises UserError where the environment's is no share.
    """
    given = os.environ.get(source.variable("MAX_LOST_SHARE"))
    if not given:
        return source.live.max_lost_share if source.live else 0.0
    try:
        share = float(given)
    except ValueError:
        share = -1
    if not 0 <= share <= 1:
        raise UserError(f"{source.variable('MAX_LOST_SHARE')}={given!r} is no share: write it as a number from 0 to 1.")
    return share


def _headers(source_id: str, live: Live) -> dict[str, str]:
    lacking = [name for name in live.variables if not os.environ.get(name)]
    if lacking:
        raise FetchError(
            f"not asked, because the environment variable {', '.join(lacking)} is not set. Set it; docs/sources.md "
            "says what it is for."
        )
    values = {name: os.environ[name] for name in live.variables}
    return {name: text.format(**values) for name, text in live.headers.items()}


def _ask(
    source: Source, request: Request, name: str, url: str, before: landing.Retrieval | None, settings: Settings
) -> landing.Response:
    live = source.live
    assert live
    # The last answer to the same question, whose validators make the request conditional; none if its copy is damaged.
    same = [one for one in before.responses if (one.name, one.url) == (name, url)] if before else []
    known = next((one for one in same if landing.is_whole(one, source.id, settings)), None)
    call = http.Call(
        url=url,
        media_types=request.media_types,
        max_bytes=request.max_bytes,
        headers=_headers(source.id, live),
        body=request.body,
        hosts=live.hosts,
        per_second=live.requests_per_second,
        etag=known.etag if known else None,
        last_modified=known.last_modified if known else None,
    )
    answer = http.fetch(call, landing.folder(source.id, settings) / "blobs")
    if answer.content is None:
        assert known
        return known
    landing.keep(answer.content, answer.sha256, source.id, settings)
    return landing.Response(
        name=name,
        url=url,
        status=answer.status,
        sha256=answer.sha256,
        size=answer.size,
        media_type=answer.media_type,
        published=str(answer.published) if answer.published else None,
        etag=answer.etag,
        last_modified=answer.last_modified,
        source_version=answer.etag or answer.sha256[:12],
    )


def _address(source: Source, link: str) -> str:
    """Where a link in an answer leads: to upstream, or to one of its other hosts if upstream itself is asked."""
    assert source.live
    base, parts = base_url(source), urlsplit(link)
    if parts.hostname in source.live.hosts and base == source.live.base_url:
        base = f"https://{parts.hostname}"
    return base + parts.path + (f"?{parts.query}" if parts.query else "")


def _answers(
    source: Source, request: Request, before: landing.Retrieval | None, settings: Settings
) -> Iterator[landing.Response]:
    """The answer to a request, and those to which it leads."""
    urls = [base_url(source) + path(source, request)]
    for number, url in enumerate(urls, start=1):
        if number > request.max_answers:
            raise FetchError(f"{url}: more than {request.max_answers} answers. Raise max_answers if that is right.")
        name = request.name if number == 1 else f"{request.name}#{number}"
        answer = _ask(source, request, name, url, before, settings)
        yield answer
        if request.links is None:
            return
        content = gzip.decompress(landing.blob(source.id, answer.sha256, settings).read_bytes())
        try:
            found = [_address(source, link) for link in request.links(content)]
            urls += [url for url in found if url not in urls]
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise FetchError(f"{url}: what it leads to cannot be read ({error})") from None


def look(source: Source, settings: Settings, conditional: bool = True) -> landing.Retrieval:
    """Ask upstream and record what came back, or why nothing did. Never raises for what an upstream does.

    Without `conditional`, upstream sends everything again: for when what it sent last could not be used.
    """
    assert source.live
    landing.sweep(source.id, settings)
    before = landing.last(source.id, "live", settings, landed=True) if conditional else None
    try:
        answers = tuple(
            answer for request in source.live.requests for answer in _answers(source, request, before, settings)
        )
    except FetchError as error:
        return landing.record(source, "live", settings, message=f"Source {source.id}: {error}")
    return landing.record(source, "live", settings, answers)


def _names(source: Source) -> dict[str, str]:
    """File name in the inbox -> name under which the parser knows it."""
    names = {f"{source.id}.csv": f"{source.id}.csv"}
    for request in source.live.requests if source.live else ():
        names |= {request.name: request.name, Path(urlsplit(request.path).path).name: request.name}
    return names


def take_from_inbox(source: Source, settings: Settings) -> landing.Retrieval | None:
    """Land what lies in `inbox/<source_id>/`: upstream's files under their own names, or `<source_id>.csv` in the
    table's own columns. The files stay where they are; None where there are none.
    """
    folder = settings.state / "inbox" / source.id
    paths = sorted(path for path in folder.glob("*") if path.is_file() and not path.name.startswith("."))
    if not paths:
        return None
    names = _names(source)
    unknown = [path.name for path in paths if path.name not in names]
    if unknown:
        message = (
            f"Source {source.id}: inbox/{source.id}/{unknown[0]} is none of its files; expected "
            f"{' or '.join(sorted(set(names)))}. Rename or remove it."
        )
        return landing.record(source, "inbox", settings, message=message)
    answers = []
    for path in paths:
        temporary = landing.folder(source.id, settings) / "blobs" / f".{path.name}.part"
        temporary.parent.mkdir(parents=True, exist_ok=True)
        with path.open("rb") as file, temporary.open("wb") as raw, gzip.GzipFile("", "wb", 6, raw, mtime=0) as packed:
            shutil.copyfileobj(file, packed)
        sha, size, url = files.sha256(path), path.stat().st_size, f"inbox/{source.id}/{path.name}"
        landing.keep(temporary, sha, source.id, settings)
        answers.append(landing.Response(names[path.name], url, 200, sha, size, "", None, source_version=sha[:12]))
    return landing.record(source, "inbox", settings, tuple(answers))
