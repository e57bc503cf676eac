"""Fetches every text that is put on the clipboard, as clipboard managers do, and keeps it in a file."""
import os
import sys

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("Gdk", "3.0")
from gi.repository import Gdk, Gtk

seen = open(sys.argv[1] + ".new", "w", encoding="utf-8")


def keep(_, text):
    seen.write("%s\n" % text)
    seen.flush()


clipboard = Gtk.Clipboard.get(Gdk.SELECTION_CLIPBOARD)
clipboard.connect("owner-change", lambda *_: clipboard.request_text(keep))
Gdk.Display.get_default().sync()
os.link(sys.argv[1] + ".new", sys.argv[1])
Gtk.main()
