import pytest


@pytest.mark.parametrize("path", ["/o/%00/meetings", "/o/%00/meetings.ics", "/o/elm%00/meetings.json", "/r/%00"])
def test_an_address_with_a_nul_leads_nowhere(client, path):
    assert client.get(path).status_code == 404
