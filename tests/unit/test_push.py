"""Copies of a release: data before pointers, whole or not at all, going on after an interruption; read by the client."""

from __future__ import annotations

import asyncio
import json
import logging
import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import fsspec
import pytest

from pipeline import files
from pipeline.client import open_release
from pipeline.publish import push
from pipeline.settings import Settings, UserError


def make_release(published: Path, name: str, as_of: str = "2026-11-23", value: float = 1.5) -> Path:
    """A small but whole release, made current."""
    folder = published / "releases" / name
    (folder / "parquet").mkdir(parents=True)
    (folder / "hub").mkdir()
    table = folder / "parquet" / "market.chips.parquet"
    with duckdb.connect(str(folder / "chipcast.duckdb")) as connection:
        connection.execute("create schema market")
        connection.execute(
            f"create table market.chips as select 'h100' as chip_id, {value}::double as value_usd_m, "
            "date '2025-01-31' as reported_on union all select 'b200', 2.5, date '2026-01-31'"
        )
        connection.execute(f"copy market.chips to '{table}' (format parquet)")
    for k in range(5):
        (folder / "hub" / f"{k}.txt").write_text(f"{name} {k}")
    fields = [
        {"name": "chip_id", "type": "string", "description": "Chip."},
        {"name": "value_usd_m", "type": "number", "description": "Value.", "unit": "million USD"},
        {"name": "reported_on", "type": "date", "description": "Day."},
    ]
    described = {
        "name": "market.chips",
        "path": "parquet/market.chips.parquet",
        "row_count": 2,
        "description": "Chips.",
    }
    described |= {"hash": f"sha256:{files.sha256(table)}", "schema": {"fields": fields}}
    database = {"path": "chipcast.duckdb", "hash": f"sha256:{files.sha256(folder / 'chipcast.duckdb')}"}
    package = {"id": name, "as_of": as_of, "database": database, "resources": [described]}
    (folder / "datapackage.json").write_text(json.dumps(package))
    (published / "latest").unlink(missing_ok=True)
    (published / "latest").symlink_to(f"releases/{name}")
    return folder


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """A local S3-compatible server with the bucket `bucket`."""
    import boto3
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    _, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{port}")
        patch.setenv("AWS_ACCESS_KEY_ID", "an-access-key")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "a-secret-key")
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        boto3.client("s3").create_bucket(Bucket="bucket")
        yield "s3://bucket"
    server.stop()


@pytest.fixture(params=["s3", "file"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A place of the test's own on each kind of store."""
    if request.param == "file":
        return f"file://{tmp_path}/copies"
    return f"{request.getfixturevalue('s3')}/{tmp_path.name}"


def settings(tmp_path: Path, store: str, **more: Any) -> Settings:
    return Settings(state=tmp_path / "var", published=tmp_path / "published", publish_to=store, **more)


def names(store: str) -> set[str]:
    filesystem, root = push.open_store(store)
    return {path.removeprefix(f"{root}/") for path in filesystem.find(root)}


class Interrupted(Exception):
    pass


def break_after(monkeypatch: pytest.MonkeyPatch, store: str, files_written: int, order: list[str]) -> None:
    """Let the store take `files_written` files, then fail; `order` gets the name of each file that is tried."""
    kind = type(push.open_store(store)[0])
    name, whole = ("_put_file", "_pipe_file") if store.startswith("s3") else ("put_file", "pipe_file")
    put, pipe, write = getattr(kind, name), getattr(kind, whole), files.write_bytes

    def note(path: str) -> None:
        order.append(str(path))
        if len(order) > files_written:
            raise Interrupted(f"connection lost, key {os.environ.get('AWS_SECRET_ACCESS_KEY')}")

    if store.startswith("s3"):

        async def put_file(self: Any, local: str, remote: str, *rest: Any, **more: Any) -> None:
            try:
                note(remote)
            except Interrupted:
                await asyncio.sleep(0.2)  # the files before it, on their way at the same time, arrive
                raise
            await put(self, local, remote, *rest, **more)

        async def pipe_file(self: Any, path: str, content: bytes, *rest: Any, **more: Any) -> None:
            note(path)
            await pipe(self, path, content, *rest, **more)

        monkeypatch.setattr(kind, name, put_file)
        monkeypatch.setattr(kind, whole, pipe_file)
        kind.clear_instance_cache()
    else:

        def put_local(self: Any, local: str, remote: str, *rest: Any, **more: Any) -> None:
            note(remote)
            put(self, local, remote, *rest, **more)

        def write_bytes(path: Path, content: bytes) -> None:
            note(str(path))
            write(path, content)

        monkeypatch.setattr(kind, name, put_local)
        monkeypatch.setattr(push.files, "write_bytes", write_bytes)


def test_a_release_is_copied_with_the_pointer_last(tmp_path: Path, store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = make_release(tmp_path / "published", "2026-11-23-aaaa")
    order: list[str] = []
    break_after(monkeypatch, store, 10**6, order)
    pushed = push.push(settings(tmp_path, store))
    assert (pushed.release, pushed.copied, pushed.kept, pushed.pointers) == (folder.name, 8, 0, ("latest.json",))
    assert [path.rpartition("/")[2] for path in order[-2:]] == ["datapackage.json", "latest.json"]
    filesystem, root = push.open_store(store)
    for path in (path for path in folder.rglob("*") if path.is_file()):
        copy = f"{root}/releases/{folder.name}/{path.relative_to(folder)}"
        assert filesystem.cat_file(copy) == path.read_bytes()
    again = push.push(settings(tmp_path, store))
    assert (again.copied, again.kept) == (0, 8)


@pytest.mark.parametrize(
    "written", [pytest.param(0, marks=pytest.mark.slow), 3, pytest.param(7, marks=pytest.mark.slow), 8]
)
def test_an_interrupted_push_goes_on(tmp_path: Path, store: str, monkeypatch: pytest.MonkeyPatch, written: int) -> None:
    make_release(tmp_path / "published", "2026-11-20-old", as_of="2026-11-20", value=0.5)
    push.push(settings(tmp_path, store))
    folder = make_release(tmp_path / "published", "2026-11-23-new")
    with monkeypatch.context() as patch:
        break_after(patch, store, written, [])
        with pytest.raises(UserError, match=r"Interrupted: connection lost") as told:
            push.push(settings(tmp_path, store))
    fsspec.get_filesystem_class("s3").clear_instance_cache()
    assert "a-secret-key" not in str(told.value) and "copies what is missing" in str(told.value)
    # whoever reads the copy still finds the old release, whole; here the new one is current
    assert open_release(store).id == "2026-11-20-old"
    assert open_release(store).table("market.chips")["value_usd_m"].tolist() == [0.5, 2.5]
    assert open_release(tmp_path / "published").id == "2026-11-23-new"
    # a file of the right size and the wrong content is not taken for a whole one
    filesystem, root = push.open_store(store)
    if written == 3:
        damaged = filesystem.find(f"{root}/releases/{folder.name}")[0]
        filesystem.pipe_file(damaged, b"x" * filesystem.size(damaged))
    pushed = push.push(settings(tmp_path, store))
    assert pushed.pointers == ("latest.json",)
    assert pushed.copied + pushed.kept == 8
    assert pushed.kept == {0: 0, 3: 2, 7: 7, 8: 8}[written]
    assert open_release(store).id == "2026-11-23-new"
    for path in (path for path in folder.rglob("*") if path.is_file()):
        assert filesystem.cat_file(f"{root}/releases/{folder.name}/{path.relative_to(folder)}") == path.read_bytes()


def test_a_whole_release_is_never_written_again(tmp_path: Path, store: str) -> None:
    folder = make_release(tmp_path / "published", "2026-11-23-aaaa")
    push.push(settings(tmp_path, store))
    (folder / "hub" / "0.txt").write_text("changed here")
    push.push(settings(tmp_path, store))
    filesystem, root = push.open_store(store)
    assert filesystem.cat_file(f"{root}/releases/{folder.name}/hub/0.txt") == b"2026-11-23-aaaa 0"


def test_the_pointer_does_not_go_back_in_time(tmp_path: Path, store: str) -> None:
    make_release(tmp_path / "published", "2026-11-23-new")
    push.push(settings(tmp_path, store))
    make_release(tmp_path / "other" / "published", "2026-11-20-old", as_of="2026-11-20")
    assert push.push(settings(tmp_path / "other", store)).pointers == ()
    assert open_release(store).id == "2026-11-23-new"
    assert open_release(store, at="2026-11-20-old").as_of == date(2026, 11, 20)


def test_a_release_of_the_past_is_found_by_its_day_only(tmp_path: Path, store: str) -> None:
    now = make_release(tmp_path / "published", "2026-11-23-now")
    push.push(settings(tmp_path, store))
    past = make_release(tmp_path / "published", "2025-06-30-then", as_of="2025-06-30", value=9.0)
    for link, folder in (("latest", now), ("as_of/2025-06-30", past)):
        path = tmp_path / "published" / link
        path.parent.mkdir(exist_ok=True)
        path.unlink(missing_ok=True)
        path.symlink_to(folder)
    pushed = push.push(settings(tmp_path, store, requested_as_of=date(2025, 6, 30)))
    assert pushed.pointers == ("as_of/2025-06-30.json",)
    for place in (store, tmp_path / "published"):
        assert open_release(place).id == "2026-11-23-now"
        assert open_release(place, at="2025-06-30").id == "2025-06-30-then"
        with pytest.raises(UserError, match="no release '2024-01-01'"):
            open_release(place, at="2024-01-01")


def test_a_store_that_refuses_is_told(tmp_path: Path, s3: str, monkeypatch: pytest.MonkeyPatch) -> None:
    make_release(tmp_path / "published", "2026-11-23-aaaa")
    with pytest.raises(UserError, match=r"s3://no-such-bucket/x failed: .*bucket does not exist"):
        push.push(settings(tmp_path, "s3://no-such-bucket/x"))
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(UserError, match="is whole and current here"):
        push.push(settings(tmp_path, f"file://{tmp_path}/file/copies"))
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    fsspec.get_filesystem_class("s3").clear_instance_cache()
    with pytest.raises(UserError, match="NoCredentialsError"):
        push.push(settings(tmp_path, f"{s3}/nobody"))
    fsspec.get_filesystem_class("s3").clear_instance_cache()


@pytest.mark.parametrize("url", ["bucket/x", "http://host/x", "s3://", "file://", "ftp://a/b"])
def test_a_strange_target_is_refused_before_the_run(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUBLISH_TO", url)
    with pytest.raises(UserError, match="is no store"):
        Settings.from_env()


def test_credentials_in_the_target_are_refused_and_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUBLISH_TO", "s3://key:hush@bucket/x")
    with pytest.raises(UserError) as told:
        Settings.from_env()
    assert "credentials" in str(told.value) and "hush" not in str(told.value)
    monkeypatch.setenv("PUBLISH_TO", "s3://bucket/x/")
    assert Settings.from_env().publish_to == "s3://bucket/x"


def test_the_client_gives_frames(tmp_path: Path, store: str) -> None:
    make_release(tmp_path / "published", "2026-11-23-aaaa")
    push.push(settings(tmp_path, store))
    for place in (store, tmp_path / "published", tmp_path / "published" / "releases" / "2026-11-23-aaaa"):
        release = open_release(place)
        assert (release.id, release.as_of) == ("2026-11-23-aaaa", date(2026, 11, 23))
        assert release.tables()["table"].tolist() == ["market.chips"]
        chips = release.table("market.chips")
        assert chips["chip_id"].tolist() == ["h100", "b200"]
        assert chips["reported_on"].dtype.kind == "M" and chips.attrs["units"] == {"value_usd_m": "million USD"}
        assert release.table("market.chips", as_of="2025-12-31")["chip_id"].tolist() == ["h100"]
        assert release.sql("select sum(value_usd_m) as total from market.chips")["total"].tolist() == [4.0]
        assert release.describe("market.chips").set_index("column")["unit"]["value_usd_m"] == "million USD"
        with pytest.raises(UserError, match=r"no table 'market\.chip'"):
            release.table("market.chip")


def test_the_client_keeps_to_the_release_that_it_opened_and_sees_damage(tmp_path: Path) -> None:
    first = make_release(tmp_path / "published", "2026-11-23-aaaa")
    release = open_release(tmp_path / "published")
    make_release(tmp_path / "published", "2026-11-24-bbbb", value=7.0)
    assert release.table("market.chips")["value_usd_m"].tolist() == [1.5, 2.5]
    assert release.sql("select max(value_usd_m) as top from market.chips")["top"].tolist() == [2.5]
    table = first / "parquet" / "market.chips.parquet"
    table.write_bytes(table.read_bytes()[:-1] + b"x")
    with pytest.raises(UserError, match="not as it was released"):
        release.table("market.chips")
    with pytest.raises(UserError, match="There is no release in"):
        open_release(tmp_path)
