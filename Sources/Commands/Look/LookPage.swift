internal import Adapters
internal import FoundationEssentials
internal import Pixels

/// One page with the picture, on which a click on a thing gives the step to paste.
///
/// It needs no network, and runs no script but its own.
struct LookPage {
  private let look: ScreenLook
  private let picture: String

  init(_ look: ScreenLook) throws(PictureEyes.Failure) {
    self.look = look
    picture = Data(try look.png()).base64EncodedString()
  }

  var text: String {
    """
    <!doctype html>
    <html lang="en"><head><meta charset="utf-8"><title>What is seen</title>
    <meta http-equiv="Content-Security-Policy"
     content="default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
    <style>
    body { margin: 0; font: 14px/1.5 system-ui, sans-serif; background: #16181d; color: #e8eaf0 }
    header { position: sticky; top: 0; z-index: 1; padding: 10px 16px; background: #20242c; display: flex; gap: 12px;
      align-items: center; border-bottom: 1px solid #353b47 }
    pre { margin: 0; padding: 6px 10px; flex: 1; background: #12141a; border-radius: 6px; overflow-x: auto;
      font: 13px/1.5 ui-monospace, monospace; min-height: 1.5em }
    button { font: inherit; padding: 5px 12px; border: 0; border-radius: 6px; background: #3b82f6; color: #fff;
      cursor: pointer }
    main { position: relative; margin: 16px; width: max-content }
    img { display: block }
    a { position: absolute; border: 1.5px solid #3b82f6aa; border-radius: 3px; cursor: pointer }
    a.field { border-color: #10b981aa } a.toggle { border-color: #f59e0baa } a.none { border-color: #ef4444aa;
      border-style: dashed }
    a:hover, a.chosen { background: #3b82f633; border-color: #fff }
    </style></head><body>
    <header><pre id="step">click a thing on the picture</pre><button id="copy">Copy</button></header>
    <main><img alt="the screen" src="data:image/png;base64,\(picture)">
    \(look.things.map(mark).joined(separator: "\n"))
    \(look.unread.map { mark($0.box, "none", "not read: \($0.why)", "# not read: \($0.why)") }.joined(separator: "\n"))
    </main>
    <script>
    const step = document.getElementById("step");
    for (const mark of document.querySelectorAll("main a")) mark.addEventListener("click", () => {
      document.querySelector("a.chosen")?.classList.remove("chosen");
      mark.classList.add("chosen");
      step.textContent = mark.dataset.step;
    });
    document.getElementById("copy").addEventListener("click", () => {
      const range = document.createRange();
      range.selectNodeContents(step);
      getSelection().removeAllRanges();
      getSelection().addRange(range);
      if (navigator.clipboard) navigator.clipboard.writeText(step.textContent);
      else document.execCommand("copy");
    });
    </script></body></html>

    """
  }

  private func mark(_ thing: ScreenLook.Thing) -> String {
    mark(
      thing.box, thing.step == nil ? "none" : thing.kind.rawValue,
      "\(thing.kind.rawValue): \(thing.text)",
      thing.step ?? "# no step: \(thing.refusal ?? "")")
  }

  private func mark(_ box: PixelRect, _ kind: String, _ title: String, _ step: String) -> String {
    "<a class=\"\(kind)\" title=\"\(Self.escaped(title))\" data-step=\"\(Self.escaped(step))\" "
      + "style=\"left:\(box.x)px;top:\(box.y)px;width:\(box.width)px;height:\(box.height)px\"></a>"
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("\"", with: "&quot;").replacing("<", with: "&lt;")
      .replacing(">", with: "&gt;")
  }
}
