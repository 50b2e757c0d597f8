import zoneinfo
from importlib import metadata
from pathlib import Path

from aftercare.core import zone_data


def folder_of_zones(folder, **files):
    (folder / "Etc").mkdir(parents=True)
    (folder / "Etc" / "UTC").write_bytes(b"TZif")
    for name, text in files.items():
        (folder / name.replace("_", ".")).write_text(text)
    return folder


def test_the_edition_is_that_of_the_folder_that_zones_are_read_from(tmp_path):
    first = folder_of_zones(tmp_path / "first", tzdata_zi="# version 2026b\n# more\n")
    second = folder_of_zones(tmp_path / "second", tzdata_zi="# version 2025a\n")

    assert zone_data.edition_in([tmp_path / "nowhere", first, second]) == "2026b"


def test_without_zones_of_the_system_the_package_says_it(tmp_path):
    assert zone_data.edition_in([tmp_path]) == metadata.version("tzdata")


def test_zones_that_do_not_say_their_edition_have_one_that_never_changes(tmp_path):
    assert zone_data.edition_in([folder_of_zones(tmp_path / "zones")]) == "unknown"


def test_this_process_knows_its_own_edition():
    assert zone_data.edition() == zone_data.edition_in([Path(each) for each in zoneinfo.TZPATH])
