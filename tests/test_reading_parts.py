"""Small parts of workbooks are parsed once for all files that hold the same bytes; nothing else may change by it."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import pytest

from reading_files import book_of, cells_of, read_here, refusal_of, xlsx, xlsx_parts, zipped
from xiangning_zyz.intake.reading import archive, limits, package
from xiangning_zyz.intake.reading.archive import Archive, SmallPart
from xiangning_zyz.intake.reading.refusal import Refused

ROW = '<row r="1"><c r="A1" s="1"><v>0.5</v></c></row>'


@pytest.fixture(autouse=True)
def nothing_remembered():
    package._remembered.cache_clear()


def test_the_second_file_of_a_sender_is_read_like_the_first():
    first, second = (xlsx(ROW.replace("0.5", value), formats=["0.0%"]) for value in ("0.5", "0.25"))

    assert cells_of(first)["A1"].text == "50%"
    parsed = package._remembered.cache_info().misses
    assert cells_of(second)["A1"].text == "25%"
    assert package._remembered.cache_info().misses == parsed


def test_other_styles_under_the_same_name_are_other_styles():
    assert cells_of(xlsx(ROW, formats=["0.0%"]))["A1"].text == "50%"
    assert cells_of(xlsx(ROW, formats=["0.00"]))["A1"].text == "0.5"


def test_the_same_relationships_lead_elsewhere_from_another_folder():
    parts = xlsx_parts(ROW)
    moved = {name.replace("xl/", "ab/"): data for name, data in parts.items()}
    moved["_rels/.rels"] = str(parts["_rels/.rels"]).replace("xl/", "ab/")

    assert book_of(zipped(parts)).sheets == book_of(zipped(moved)).sheets


def test_damage_is_told_each_time():
    parts = xlsx_parts(ROW) | {"xl/styles.xml": "<styleSheet><cellXfs>"}

    assert [refusal_of(zipped(parts)), refusal_of(zipped(parts))] == ["Z001", "Z001"]


@pytest.mark.parametrize("damage", [b"no deflate stream", b""])
def test_a_damaged_part_is_told_as_if_it_were_large(damage, monkeypatch):
    content = bytearray(xlsx(ROW, formats=["0.0%"]))
    at = content.find(b"xl/styles.xml") + len("xl/styles.xml")
    content[at : at + len(damage)] = damage
    crc = content.rfind(b"xl/styles.xml") - 46 + 16  # in the directory
    content[crc] ^= 1
    small = read_here(bytes(content))
    monkeypatch.setattr(archive, "SMALL", -1)

    assert read_here(bytes(content)) == small


def test_a_part_is_small_up_to_its_bound_and_a_larger_one_is_never_inflated_whole():
    parts = {"a": "x" * archive.SMALL, "b": "x" * (archive.SMALL + 1), "bomb": bytes(50 << 20)}
    opened = Archive(zipped(parts))

    assert content_of(opened.small("a")) == b"x" * archive.SMALL
    assert opened.small("b") is None
    assert opened.small("bomb") is None


@pytest.mark.parametrize("method", [ZIP_STORED, ZIP_DEFLATED])
@pytest.mark.parametrize("field", [16, 24])  # of the directory: checksum, size
def test_a_small_part_that_is_not_what_it_promises_is_not_sound(method, field):
    buffer = BytesIO()
    with ZipFile(buffer, "w", method) as writer:
        writer.writestr("a", "产值" * 10)
    content = bytearray(buffer.getvalue())
    content[content.index(b"PK\x01\x02") + field] ^= 1

    assert content_of(Archive(buffer.getvalue()).small("a")) == ("产值" * 10).encode()
    assert content_of(Archive(bytes(content)).small("a")) is None


def content_of(part: SmallPart | None) -> bytes | None:
    assert part is not None
    return part.content()


def test_what_is_inflated_counts_the_same(monkeypatch):
    """A part met again still takes its share of what one file may inflate to."""
    opened = Archive(zipped({"a": "x" * 100, "b": "x" * 100}))
    monkeypatch.setattr(limits, "INFLATED_BYTES", 150)

    assert content_of(opened.small("a")) == b"x" * 100
    assert opened.small("b") is None
    with pytest.raises(Refused, match="Z004"):
        opened.read("b")


def test_what_is_remembered_is_bounded():
    """The largest results that a part of 32 KiB can have, thirty-two times over: under 20 MB."""
    entry = '<Relationship Id="{}"/>'
    for number in range(100):
        body = "".join(entry.format(f"{number:02}{n:03x}") for n in range(archive.SMALL // 30))
        written = f'<Relationships xmlns="{package._RELATIONSHIPS[0]}">{body}</Relationships>'
        opened = Archive(zipped({"_rels/.rels": written}))
        assert opened.small("_rels/.rels") is not None
        assert len(package.relations_of(opened, "")) == archive.SMALL // 30

    assert package._remembered.cache_info().currsize == 32
