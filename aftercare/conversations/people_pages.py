"""The pages on which staff find a person, and see to their number and their texts."""

from flask import Blueprint

door = Blueprint("people_pages", __name__, url_prefix="/staff/people")
