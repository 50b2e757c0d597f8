from aftercare.reports.definitions import DEFINITIONS, FINDINGS, NOTES, Figure, Note
from aftercare.reports.holdout import Finding
from tests.translations import forms, spanish


def test_every_figure_note_and_finding_has_its_sentence_in_both_languages():
    assert (set(DEFINITIONS), set(NOTES), set(FINDINGS)) == (set(Figure), set(Note), set(Finding))

    known = spanish()
    for sentence in (*DEFINITIONS.values(), *NOTES.values(), *FINDINGS.values()):
        assert all(forms(known[sentence].string)), sentence
