"""The application as a web server loads it: `aftercare.wsgi:app`."""

from aftercare.app import create_app

app = create_app()
