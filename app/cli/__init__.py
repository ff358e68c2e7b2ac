"""The shell. Its language is chosen when it is imported, since the help of its commands is put together then."""

import os
import sys

from app import words
from inbox.errors import BadSettings

try:
    words.speak(words.choose(os.environ))
except BadSettings as error:
    words.speak("en")
    sys.exit(f"vigie: {error}")
