"""What students hand in: files, folders and zips, hostile ones among them."""

from __future__ import annotations

import zipfile
from collections import Counter
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
     [("a/.hidden.md", "is hidden; a person has to look"), ("a/notes.py", ".py files are not read"), ("c.md", "")]),
    ({"a/answer": b"v0 = x", "b/answer.markdown": b"v0 = x", "c/sheet.docm": b"PK", "d/x.tar.xz": b"", "e/core": b"\0"},
     [("a/answer", ""), ("b/answer.markdown", ""), ("c/sheet.docm", ".docm files"), ("d/x.tar.xz", ".xz files"),
      ("e/core", "is no text")]),
    ({"hw/a/answer.md": b"v0 = x", "hw/b/photo.jpg": b"", "hw/submission_metadata.yml": b"", "hw/._b": b""},
     [("hw/a/answer.md", ""), ("hw/b/photo.jpg", ".jpg files")]),
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


def test_links_and_empty_folders_are_in_the_class_with_what_was_the_matter(tmp_path: Path) -> None:
    folder = put(tmp_path / "all", {"a/answer.md": b"v0 = x", "secret.txt": b"v0 = x"})
    (folder / "b").mkdir()
    (folder / "c").mkdir()
    (folder / "c" / "a.md").symlink_to(tmp_path / "elsewhere.md")
    (folder / "d").symlink_to(folder / "a")
    said = {sheet.name: sheet.failure for sheet in collect([folder])}
    assert said.keys() == {"a/answer.md", "b", "c/a.md", "d", "secret.txt"}
    assert said["b"].startswith("nothing was handed in")
    assert all("is a link" in said[name] for name in ("c/a.md", "d"))
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.mkdir("b") if hasattr(archive, "mkdir") else archive.writestr("b/", "")
        link = zipfile.ZipInfo("c/a.md")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    said = {sheet.name: sheet.failure for sheet in collect([tmp_path / "all.zip"])}
    assert said["b"].startswith("nothing was handed in")
    assert "is a link" in said["c/a.md"]


EXPORTED: list[tuple[list[str], dict[str, int]]] = [
    (["A M_7_assignsubmission_file_/a.md", "A M_7_assignsubmission_onlinetext_/t.html",
      "B_8_assignsubmission_file_/b.md"], {"A M_7": 2, "B_8": 1}),
    (["annam_12_900_hw.md", "annam_LATE_12_901_hw-1.md", "bens_13_902_hw.md"], {"annam_12": 2, "bens_13": 1}),
    (["export/submission_1/a.md", "export/submission_1/b.md", "export/submission_2/a.md"],
     {"submission_1": 2, "submission_2": 1}),
    (["anna/a.md", "anna/deep/er/b.md", "ben.md"], {"anna": 2, "ben.md": 1}),
]  # fmt: skip


@pytest.mark.parametrize(("names", "counts"), EXPORTED, ids=["moodle", "canvas", "gradescope", "plain"])
def test_a_file_is_of_the_student_whom_its_platform_says(
    names: list[str], counts: dict[str, int], tmp_path: Path
) -> None:
    (tmp_path / "all.zip").write_bytes(zipped(dict.fromkeys(names, b"v0 = x")))
    for given in (tmp_path / "all.zip", put(tmp_path / "all", dict.fromkeys(names, b"v0 = x"))):
        assert Counter(sheet.student for sheet in collect([given])) == counts


def test_what_is_not_read_beside_an_answer_is_said_with_it_and_no_student_is_another_of_the_same_name(
    tmp_path: Path,
) -> None:
    first = put(tmp_path / "one", {"a/answer.md": b"v0 = x", "a/photo.jpg": b"", "a/.x": b"", "b/answer.md": b""})
    second = put(tmp_path / "two", {"a/answer.md": b"v0 = x"})
    sheets = collect([first, second])
    assert [(sheet.student, sheet.beside) for sheet in sheets] == [
        ("a", ("a/.x", "a/photo.jpg")), ("b", ()), ("a (2)", ())
    ]  # fmt: skip
