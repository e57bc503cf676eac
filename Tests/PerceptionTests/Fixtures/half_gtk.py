import gi

gi.require_version("Gtk", "3.0")
from gi.repository import Gtk

window = Gtk.Window(title="Half")
window.set_default_size(420, 300)
box = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, margin=16, spacing=8)
window.add(box)
for name, is_on, is_half in [
    ("All files", False, True), ("Pictures", True, False), ("Papers", False, False), ("Letters", True, True),
]:
    toggle = Gtk.CheckButton(label=name, active=is_on, inconsistent=is_half)
    box.add(toggle)
text = "The changes of your letter were not saved. Do you want to keep them or to throw them away?"
for justify in [Gtk.Justification.LEFT, Gtk.Justification.CENTER, Gtk.Justification.RIGHT]:
    box.add(Gtk.Label(label=text, wrap=True, max_width_chars=34, justify=justify))
window.connect("destroy", Gtk.main_quit)
window.show_all()
Gtk.main()
