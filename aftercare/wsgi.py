"""The application as a web server loads it: `aftercare.wsgi:app`."""

from aftercare import config
from aftercare.app import create_app
from aftercare.core import logs

settings = config.read()
logs.configure(settings.log)
app = create_app(settings)
