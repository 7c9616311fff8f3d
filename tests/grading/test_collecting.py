"""What students hand in: files, folders and zips, hostile ones among them."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

import pytest

from tracegen.errors import TracegenError
from tracegen.grading.classes import collecting
from tracegen.grading.classes.collecting import LARGEST_SHEET, collect


def zipped(entries: Mapping[str, bytes]) -> bytes:
    written = BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return written.getvalue()


def locked(content: bytes) -> bytes:
    """A zip whose entries say that they are locked."""
    data = bytearray(content)
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(signature)
        while at >= 0:
            data[at + flags] |= 1
            at = data.find(signature, at + 4)
    return bytes(data)


def put(folder: Path, entries: Mapping[str, bytes]) -> Path:
    for name, content in entries.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


INNER = zipped({"sub/answer.md": b"v0 = x", "plot.png": b""})

HANDED_IN: list[tuple[dict[str, bytes], list[tuple[str, str]]]] = [
    ({"a/answer.md": b"v0 = x", "b/answer.md": b""}, [("a/answer.md", ""), ("b/answer.md", "")]),
    ({"a.pdf": b"%PDF", "b.md": b"v0 = x"}, [("a.pdf", ".pdf files are not read"), ("b.md", "")]),
    ({"a/photo.JPG": b"\xff", "a/answer.md": b"v0 = x"}, [("a/answer.md", "")]),
    ({"a/photo.JPG": b"\xff", "a/two/more.heic": b""}, [("a/photo.JPG", ".jpg files"), ("a/two/more.heic", ".heic")]),
    ({"a/.hidden.md": b"", "__MACOSX/a/answer.md": b"", ".git/x.md": b"", "a/notes.py": b"", "c.md": b""},
     [("c.md", "")]),
    ({"a/mine.zip": INNER, "b.md": b"v0 = x"}, [("a/mine/sub/answer.md", ""), ("b.md", "")]),
    ({"a.zip": b"no zip at all", "b.md": b""}, [("a.zip", "the zip can't be read: "), ("b.md", "")]),
    ({"a.zip": zipped({"x.pdf": b""}), "b.zip": zipped({})},
     [("a/x.pdf", ".pdf files"), ("b.zip", "there is no sheet in the zip")]),
    ({"a.zip": zipped({"b.zip": INNER})}, [("a/b.zip", ".zip files are not read")]),
    ({"a.zip": locked(zipped({"x.md": b"v0 = x"})), "b.md": b""}, [("a/x.md", "locked by a password"), ("b.md", "")]),
    ({"big.md": b"0" * (LARGEST_SHEET + 1), "b.md": b""}, [("b.md", ""), ("big.md", " longer than 4 MB")]),
]  # fmt: skip


@pytest.mark.parametrize(("entries", "expected"), HANDED_IN)
@pytest.mark.parametrize("is_zip", [False, True], ids=["folder", "zip"])
def test_folders_and_zips(
    entries: dict[str, bytes], expected: list[tuple[str, str]], is_zip: bool, tmp_path: Path
) -> None:
    given = tmp_path / "all.zip" if is_zip else put(tmp_path / "all", entries)
    if is_zip:
        given.write_bytes(zipped(entries))
    sheets = sorted(collect([given]), key=lambda sheet: sheet.name)
    assert [sheet.name for sheet in sheets] == [name for name, _ in expected]
    for sheet, (_, failure) in zip(sheets, expected, strict=True):
        assert failure in sheet.failure
        assert bool(failure) == bool(sheet.failure)


@pytest.mark.parametrize("name", ["../../etc/x.md", "/etc/x.md", "..\\..\\etc\\x.md", "a/../../etc/x.md"])
def test_no_name_in_a_zip_leads_out_of_a_folder(name: str, tmp_path: Path) -> None:
    (tmp_path / "all.zip").write_bytes(zipped({name: b"v0 = x"}))
    (sheet,) = collect([tmp_path / "all.zip"])
    assert sheet.name.removeprefix("a/") == "etc/x.md"
    assert not sheet.failure


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "is not a zip"), (b"PK\x03\x04", "is not a zip"), (zipped({"a.md": b"0" * 99})[:-30], "is not a zip")],
    ids=["nothing", "its first letters", "without its end"],
)  # fmt: skip
def test_a_zip_that_is_none_is_an_error_with_its_place(content: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / "all.zip"
    path.write_bytes(content)
    with pytest.raises(TracegenError, match=said) as caught:
        collect([path])
    assert caught.value.place
    assert caught.value.place.source == str(path)


def test_an_entry_that_is_damaged_stops_no_other(tmp_path: Path) -> None:
    data = zipped({"a.md": b"v0 = x1 = 2\n" * 40, "b.md": b"v0 = x"})
    at = data.index(b"a.md") + 10
    (tmp_path / "all.zip").write_bytes(data[:at] + b"\xff\xff\xff" + data[at + 3 :])
    damaged, fine = collect([tmp_path / "all.zip"])
    assert damaged.failure.startswith("can't be read: ")
    assert (fine.name, fine.text, fine.failure) == ("b.md", "v0 = x", "")


def test_there_is_a_bound_on_a_class(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "all.zip").write_bytes(zipped({f"{number}.md": b"0" * 1000 for number in range(30)}))
    assert len(collect([tmp_path / "all.zip"])) == 30
    monkeypatch.setattr(collecting, "MOST_SHEETS", 29)
    with pytest.raises(TracegenError, match="more than 29 sheets"):
        collect([tmp_path / "all.zip"])
    monkeypatch.setattr(collecting, "MOST_SHEETS", 30)
    monkeypatch.setattr(collecting, "MOST_CHARACTERS", 29_999)
    with pytest.raises(TracegenError, match="more than 29,999 characters"):
        collect([tmp_path / "all.zip"])


def test_sheets_of_one_name_are_told_apart(tmp_path: Path) -> None:
    for name in ("a", "b"):
        put(tmp_path / name, {"answer.md": b"v0 = x"})
    names = [sheet.name for sheet in collect([tmp_path / "a", tmp_path / "b", tmp_path / "a" / "answer.md"])]
    assert names == ["answer.md", "answer.md (2)", "answer.md (3)"]
