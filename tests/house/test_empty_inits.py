from tests.house.source import ROOT, name_of


def test_no_init_defines_anything():
    inits = [path for folder in ("aftercare", "tests") for path in (ROOT / folder).rglob("__init__.py")]

    assert [name_of(path) for path in inits if path.stat().st_size] == []
