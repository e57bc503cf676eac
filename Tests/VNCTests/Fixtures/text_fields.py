"""A GTK window with an entry and a text view, for the tests of typing.

F5 writes what the field with the focus holds to the file of the first argument, behind a line with a
number that grows, and empties the field. F7 does so and leaves the field as it is. F6 moves the focus to the other field.
"""
import os
import sys

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("Gdk", "3.0")
from gi.repository import Gdk, Gtk

path = sys.argv[1]
number = 0

window = Gtk.Window()
window.set_default_size(640, 480)
box = Gtk.Box(orientation=Gtk.Orientation.VERTICAL)
entry = Gtk.Entry()
view = Gtk.TextView()
box.pack_start(entry, False, False, 0)
box.pack_start(view, True, True, 0)
window.add(box)


def take(field, keep):
    if field is entry:
        text = entry.get_text()
        if not keep:
            entry.set_text("")
        return text
    buffer = view.get_buffer()
    text = buffer.get_text(buffer.get_start_iter(), buffer.get_end_iter(), True)
    if not keep:
        buffer.set_text("")
    return text


def report(*_, keep=False):
    global number
    number += 1
    with open(path + ".new", "w", encoding="utf-8", newline="") as file:
        file.write("%d\n%s" % (number, take(window.get_focus(), keep)))
    os.rename(path + ".new", path)


def press(_, event):
    if event.keyval == Gdk.KEY_F5:
        report()
        return True
    if event.keyval == Gdk.KEY_F7:
        report(keep=True)
        return True
    if event.keyval == Gdk.KEY_F6:
        (entry if window.get_focus() is view else view).grab_focus()
        return True
    return False


window.connect("key-press-event", press)
window.connect("map-event", report)
view.grab_focus()
window.show_all()
Gtk.main()
