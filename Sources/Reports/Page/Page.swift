/// The page of the HTML report, as it is written and without any data.
enum Page {
  /// The frame: each `{{name}}` is filled in once.
  static let frame = #"""
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="{{policy}}">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta name="referrer" content="no-referrer">
    <title>{{title}}</title>
    <link rel="icon" href="data:,">
    <style>{{style}}</style>
    </head>
    <body>
    <svg width="0" height="0" class="symbols" aria-hidden="true" focusable="false">
      <symbol id="i-passed" viewBox="0 0 16 16"><path d="M3.2 8.4l3.2 3.3 6.4-7" /></symbol>
      <symbol id="i-failed" viewBox="0 0 16 16"><path d="M4 4l8 8M12 4l-8 8" /></symbol>
      <symbol id="i-error" viewBox="0 0 16 16"><path d="M8 3v6.2M8 12.4v.4" /></symbol>
      <symbol id="i-timedOut" viewBox="0 0 16 16">
        <path d="M8 4v4.4l3 2" /><circle cx="8" cy="8" r="6" /></symbol>
      <symbol id="i-flaky" viewBox="0 0 16 16">
        <path d="M2.5 9.5c2-5 3.5-5 5.5-1.5s3.5 3.5 5.5-1.5" /></symbol>
      <symbol id="i-skipped" viewBox="0 0 16 16"><path d="M4 8h8" /></symbol>
      <symbol id="i-interrupted" viewBox="0 0 16 16"><path d="M5 5h6v6H5z" /></symbol>
      <symbol id="i-copy" viewBox="0 0 16 16"><path d="M5.5 5.5h7v7h-7zM3.5 10.5v-7h7" /></symbol>
    </svg>
    <noscript><h1>{{headline}}</h1><p>This report needs JavaScript to show the details.
    The same results are in
    junit.xml and results.json beside it.</p></noscript>
    <a class="skip" href="#detail">Skip to the case</a>
    <header id="top"></header>
    <div id="warnings" role="status"></div>
    <main>
      <nav id="side" aria-label="Cases">
        <label class="search"><span class="hidden">Filter the cases</span>
          <input id="filter" type="search" autocomplete="off" spellcheck="false"
            placeholder="Filter: words, s:failed, @tag, !not"></label>
        <div id="chips" role="group" aria-label="Verdicts"></div>
        <ol id="cases"></ol>
        <p id="none" hidden>No case fits the filter.</p>
      </nav>
      <article id="detail" tabindex="-1" aria-label="Case"></article>
    </main>
    <footer id="foot"></footer>
    <dialog id="zoom" aria-label="Picture"></dialog>
    <dialog id="help" aria-label="Keys"></dialog>
    <div id="said" class="hidden" role="status"></div>
    <script type="application/json" id="summary">{{summary}}</script>
    {{details}}<script>{{script}}</script>
    </body>
    </html>
    """#

  /// All of its style.
  static let allStyle = [style, caseStyle, mediumStyle].joined(separator: "\n\n")
  /// All of its script, in the order in which the parts need each other.
  static let allScript = [
    baseScript, filterScript, pictureScript, storyScript, caseScript, pageScript,
  ].joined(separator: "\n\n")
}
