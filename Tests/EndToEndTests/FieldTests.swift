import JSONCoding
import Platform
import Testing

/// What is typed is proved, in the fields of GTK, Qt and Tk.
@Suite(.timeLimit(.minutes(6))) struct FieldTests {
  /// Fields of a toolkit write what is in them to the file `values` whenever that changes.
  private static let tk = """
    import tkinter
    root = tkinter.Tk()
    root.geometry("560x260+20+20")
    names = ["Street", "Town", "Fixed", "Notes"]
    values = ["Old road 1", "Ulm", "kept", ""]
    texts = [tkinter.StringVar(value=value) for value in values]
    for row, (name, text) in enumerate(zip(names, texts)):
        tkinter.Label(root, text=name, font=("DejaVu Sans", 11)).grid(row=row, column=0, padx=12, pady=12)
        entry = tkinter.Entry(root, font=("DejaVu Sans", 11), width=36, textvariable=text)
        entry.grid(row=row, column=1)
        if name == "Fixed":
            entry.config(state="disabled")

    def keep(*rest):
        open("values", "w").write("|".join(text.get() for text in texts))

    for text in texts:
        text.trace_add("write", keep)
    keep()
    root.mainloop()
    """

  private static let gtk = """
    import gi
    gi.require_version("Gtk", "3.0")
    from gi.repository import Gtk, GLib

    window = Gtk.Window(title="Form")
    window.set_default_size(600, 420)
    grid = Gtk.Grid(margin=20, row_spacing=16, column_spacing=12)
    window.add(grid)
    names = ["Guest", "Nights", "Filter", "Room"]
    entries = [Gtk.Entry(), Gtk.SpinButton.new_with_range(1, 99, 1), Gtk.SearchEntry(), Gtk.Entry()]
    for row, (name, entry) in enumerate(zip(names, entries)):
        grid.attach(Gtk.Label(label=name, xalign=0), 0, row, 1, 1)
        entry.set_hexpand(True)
        grid.attach(entry, 1, row, 1, 1)
    guest, nights, filter, room = entries
    room.set_sensitive(False)
    filter.set_text("old words")
    filter.set_placeholder_text("Any word")
    sent = Gtk.Label(label="")
    grid.attach(sent, 0, 6, 2, 1)
    guest.connect("activate", lambda entry: sent.set_text("Sent " + entry.get_text()))

    def keep(*rest):
        open("values", "w").write("|".join(entry.get_text() for entry in entries))

    for entry in entries:
        entry.connect("changed", keep)
    keep()
    window.connect("destroy", Gtk.main_quit)
    window.show_all()
    Gtk.main()
    """

  private static let qt = """
    import sys
    from PyQt5.QtCore import QDate, QDateTime, QTime
    from PyQt5.QtWidgets import *

    app = QApplication(sys.argv)
    app.setStyle("Fusion")
    window = QWidget()
    window.setGeometry(20, 40, 560, 400)
    form = QFormLayout(window)
    weight = QSpinBox(suffix=" kg", maximum=500, value=12)
    born = QDateEdit(QDate(2001, 2, 3), displayFormat="MM/dd/yyyy")
    start = QTimeEdit(QTime(8, 5), displayFormat="hh:mm")
    due = QDateTimeEdit(QDateTime(2001, 2, 3, 4, 5), displayFormat="dd.MM.yyyy hh:mm")
    town = QLineEdit("Ulm", clearButtonEnabled=True)
    hint = QLineEdit(placeholderText="Any name")
    fixed = QLineEdit("kept", readOnly=True)
    wake = QTimeEdit(QTime(8, 5), displayFormat="h:mm AP")
    phone = QLineEdit(inputMask="(999) 999-999;_")
    fields = [weight, born, start, due, town, hint, fixed, wake, phone]
    names = ["Weight", "Birthday", "Start", "Deadline", "Town", "Owner", "Fixed", "Wake", "Phone"]
    for name, field in zip(names, fields):
        form.addRow(name, field)

    def keep(*rest):
        open("values", "w").write("|".join(field.text() for field in fields))

    for field in fields:
        (field if isinstance(field, QLineEdit) else field.lineEdit()).textChanged.connect(keep)
    keep()
    window.show()
    app.exec_()
    """

  /// A page that says below its fields what is in them; `Road` moves down when it is clicked.
  private static let page = """
    <!doctype html><meta charset="utf-8"><title>Form</title>
    <body style="margin: 16px; font: 15px sans-serif">
    <p id="first">Road <input id="road" value="Oak 1" onfocus="if (!this.old) { this.old = 1;
      first.insertAdjacentHTML('beforebegin', '<p>A hint<br>of two lines') }">
    <p>Day <input type="date" id="day" value="2001-02-03">
    <p>Start <input type="time" id="start" value="08:05">
    <p>Alarm <input type="time" id="alarm">
    <p>Meeting <input type="datetime-local" id="meeting" value="2001-02-03T04:05">
    <p>Notes <textarea id="notes" rows="3" cols="24">old words</textarea>
    <p id="said" style="font-size: 18px">
    <script>
    setInterval(() => { said.innerHTML = "road day start alarm meeting notes".split(" ")
      .map((id) => id + " is " + (document.getElementById(id).value || "nothing") + " now").join("<br>") }, 100)
    </script>
    """

  /// A page whose fields turn what is typed into something else, or show it in another form.
  private static let turning = """
    <!doctype html><meta charset="utf-8"><title>Form</title>
    <body style="margin: 16px; font: 15px sans-serif">
    <p>Start <input type="time">
    <p>Alarm <input type="time">
    <p>Month <input type="month">
    <p>Meeting <input type="datetime-local">
    <p>Level <input oninput="if (+this.value > 50) this.value = 50">
    <p>Depth <input oninput="this.value = this.value.replace(/\\D/g, '')">
    <p>Code <input oninput="this.value = this.value.replace(/[^a-z]/g, '')">
    <p>Price <input oninput="this.value = (+this.value.replace(/\\D/g, '')).toLocaleString('en')">
    <p>Degrees <input type="number">
    <p>Name <input oninput="this.value = this.value.toUpperCase()">
    """

  private static let browser =
    "exec chromium --no-sandbox --no-first-run --disable-gpu --disable-sync --disable-extensions "
    + "--disable-background-networking --password-store=basic --user-data-dir=$HOME/profile "
    + "--lang=en-US --window-position=0,0 --window-size=980,740 --app=file://$PWD/form.html"

  private func run(
    _ command: String, _ source: String, to name: String, _ steps: String, waitingFor text: String
  ) async throws -> (program: Program, ran: Program.Ran) {
    let program = try Program()
    try program.write(source, to: name)
    try program.write(
      """
      name: Form
      target:
        desktop: { size: 1000x760, wm: openbox, run: "\(command)" }
      steps:
        - wait: { text: "\(text)" }
          timeout: 60s
      \(steps)
      """, to: "form.yaml")
    return (program, try await program.run(["run", "form.yaml", "--no-model", "-v"]))
  }

  /// What the fields hold.
  private func values(_ program: Program) throws -> [String] {
    let bytes = try Files.read(program.folder.path + "/values", limit: 1 << 16)
    return String(decoding: bytes, as: UTF8.self).split(
      separator: "|", omittingEmptySubsequences: false
    ).map(String.init)
  }

  @Test func `a field is cleared where Control and A goes to the start of the line`() async throws {
    let (program, ran) = try await run(
      "/usr/bin/python3 form.py", Self.tk, to: "form.py",
      """
        - type: { text: New lane 2, into: Street, clear: true, shown: true }
        - act: clear Town
        - { type: { text: more, into: Fixed }, timeout: 1s, optional: true }
        - { act: clear Fixed, timeout: 1s, optional: true }
        - type: { text: done, into: Notes }
      """, waitingFor: "Notes")
    #expect(ran.code == 0, "\(ran.all)")
    #expect(try values(program) == ["New lane 2", "", "kept", "done"], "\(ran.all)")
    #expect(ran.all.contains("nothing changed in “Fixed” when “more” was typed"), "\(ran.all)")
    #expect(ran.all.contains("“Fixed” still shows “kept” after it was cleared"), "\(ran.all)")
  }

  @Test func `nothing arrives in a field that is disabled`() async throws {
    let (program, ran) = try await run(
      "/usr/bin/python3 form.py", Self.gtk, to: "form.py",
      """
        - type: { text: Ann, into: Guest, enter: true }
        - expect: Sent Ann
        - type: { text: "12", into: Nights, clear: true, shown: true }
        - act: clear Filter
        - type: { text: new, into: Filter, clear: true, shown: true }
        - { type: { text: attic, into: Room }, timeout: 1s, optional: true }
        - expect: Sent Ann
      """, waitingFor: "Room")
    #expect(ran.code == 0, "\(ran.all)")
    // The focus stayed where it was, and so the text went there.
    #expect(try values(program) == ["Ann", "12", "newattic", ""], "\(ran.all)")
    #expect(ran.all.contains("nothing changed in “Room” when “attic” was typed"), "\(ran.all)")
  }

  @Test func `dates and times are entered whole in a form of Qt`() async throws {
    let (program, ran) = try await run(
      "/usr/bin/python3 form.py", Self.qt, to: "form.py",
      """
        - type: { text: 05/22/2010, into: Birthday, clear: true }
        - type: { text: "21:45", into: Start }
        - type: { text: "22.05.2010 21:45", into: Deadline }
        - type: { text: "77", into: Weight, clear: true }
        - type: { text: Bonn, into: Town, clear: true, shown: true }
        - act: clear Owner
        - type: { text: Ann, into: Owner, clear: true, shown: true }
        - { act: clear Fixed, timeout: 1s, optional: true }
        - { type: { text: "21:30", into: Wake, clear: true }, timeout: 2s, optional: true }
        - type: { text: "9:30 PM", into: Wake, clear: true }
        - type: { text: "123456789", into: Phone, clear: true }
      """, waitingFor: "Owner")
    #expect(ran.code == 0, "\(ran.all)")
    let expected = [
      "77 kg", "05/22/2010", "21:45", "22.05.2010 21:45", "Bonn", "Ann", "kept", "9:30 PM",
      "(123) 456-789",
    ]
    #expect(try values(program) == expected, "\(ran.all)")
    #expect(ran.all.contains("“Fixed” still shows “kept” after it was cleared"), "\(ran.all)")
    #expect(ran.all.contains("“Wake” shows “2:05 AM” after “21:30” was typed"), "\(ran.all)")
  }

  @Test(.enabled(if: Executables.find("chromium") != nil, "Chromium is not installed"))
  func `dates and times are entered whole in a form of a browser`() async throws {
    let (_, ran) = try await run(
      Self.browser, Self.page, to: "form.html",
      """
        - type: { text: New lane 2, into: Road, clear: true, shown: true }
        - type: { text: 12/24/2031, into: Day }
        - type: { text: "9:30 PM", into: Start, clear: true }
        - type: { text: "6:05 AM", into: Alarm }
        - type: { text: "12/24/2031, 09:30 PM", into: Meeting, clear: true }
        - act: clear Notes
        - expect: road is New lane 2 now
        - expect: day is 2031-12-24 now
        - expect: start is 21:30 now
        - expect: alarm is 06:05 now
        - expect: { matches: "meeting is 2031-12-24T21:30 now" }
        - expect: notes is nothing now
      """, waitingFor: "Notes")
    #expect(ran.code == 0, "\(ran.all)")
  }

  @Test(.enabled(if: Executables.find("chromium") != nil, "Chromium is not installed"))
  func `a value that a field of a browser turns into another is not entered`() async throws {
    let (_, ran) = try await run(
      Self.browser, Self.turning, to: "form.html",
      """
        - { type: { text: "21:30", into: Start }, timeout: 2s, optional: true }
        - { type: { text: "06:05", into: Alarm }, timeout: 2s, optional: true }
        - { type: { text: "2026-05", into: Month }, timeout: 2s, optional: true }
        - { type: { text: "2026-05-22 21:30", into: Meeting }, timeout: 2s, optional: true }
        - { type: { text: "77", into: Level }, timeout: 2s, optional: true }
        - { type: { text: "-7", into: Depth }, timeout: 2s, optional: true }
        - { type: { text: "ab1c", into: Code }, timeout: 2s, optional: true }
        - { type: { text: "1234567", into: Price }, timeout: 4s }
        - { type: { text: "-7", into: Degrees }, timeout: 4s }
        - { type: { text: "alice", into: Name }, timeout: 4s }
        - { type: { text: "May 2026", into: Month }, timeout: 4s }
        - expect: Degrees
      """, waitingFor: "Degrees")
    #expect(ran.code == 0, "\(ran.all)")
    let refused = ran.output.split(separator: "\n").filter {
      $0.contains("· an optional step did not work")
    }
    #expect(refused.count == 7, "\(ran.all)")
    for (line, name) in zip(
      refused, ["Start", "Alarm", "Month", "Meeting", "Level", "Depth", "Code"])
    {
      #expect(line.contains("“\(name)”"), "\(line)")
    }
    #expect(ran.all.contains("“Level” shows “50” after “77” was typed into it"), "\(ran.all)")
    #expect(ran.all.contains("it was read as “06:05 --”"), "\(ran.all)")
  }
}
