import gzip

STYLES = "/static/aftercare.css"


def test_a_browser_that_can_unpack_gets_styles_packed(client):
    plain = client.get(STYLES)
    packed = client.get(STYLES, headers={"Accept-Encoding": "gzip, br"})

    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.data) / 2


def test_a_browser_that_cannot_unpack_gets_them_plain(client):
    plain = client.get(STYLES, headers={"Accept-Encoding": "gzip;q=0"})

    assert "Content-Encoding" not in plain.headers
    assert "Accept-Encoding" in plain.vary


def test_packed_styles_are_known_again(client):
    packed = client.get(STYLES, headers={"Accept-Encoding": "gzip"})

    again = client.get(STYLES, headers={"Accept-Encoding": "gzip", "If-None-Match": packed.headers["ETag"]})

    assert (again.status_code, again.data) == (304, b"")


def test_pages_are_not_packed(client):
    assert "Content-Encoding" not in client.get("/sign-in", headers={"Accept-Encoding": "gzip"}).headers
