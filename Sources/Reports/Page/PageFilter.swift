extension Page {
  /// The filter of cases.
  static let filterScript = #"""
    /**
     * A filter of cases from words such as `login s:failed @smoke !"slow page"`.
     *
     * Words and quoted phrases must be in the name, id, file, reason or tags; `s:` names a verdict,
     * several are alternatives; `@` names a tag; `!` turns a term round.
     */
    function parseFilter(text) {
      const terms = [];
      const pattern = /(!?)(?:"([^"]*)"?|(\S+))/g;
      for (const [, not, phrase, word] of text.matchAll(pattern)) {
        const value = (phrase ?? word).toLowerCase();
        const isQuoted = phrase !== undefined;
        if (!value) continue;
        const add = (kind, start) => terms.push({kind, value: value.slice(start), not: !!not});
        if (!isQuoted && value.startsWith("s:")) add("verdict", 2);
        else if (!isQuoted && value.startsWith("@")) add("tag", 1);
        else add("text", 0);
      }
      return terms;
    }

    function fits(item, terms) {
      const wanted = terms.filter((term) => term.kind === "verdict" && !term.not);
      if (wanted.length && !wanted.some((term) => hasVerdict(item, term.value))) return false;
      return terms.every((term) => {
        if (term.kind === "verdict") return term.not ? !hasVerdict(item, term.value) : true;
        const holds = term.kind === "tag"
          ? item.tags.some((tag) => tag.toLowerCase() === term.value)
          : item.haystack.includes(term.value);
        return holds !== term.not;
      });
    }

    function hasVerdict(item, name) {
      if (name === "bad") return isTrouble(item.verdict);
      if (name === "unchecked") return item.unchecked;
      return item.verdict.toLowerCase() === name || VERDICTS[item.verdict] === name;
    }

    /** The text with a verdict's term added, or taken away when it is there. */
    function toggleVerdict(text, verdict) {
      const term = `s:${verdict.toLowerCase()}`;
      const words = text.split(/\s+/).filter(Boolean);
      const others = words.filter((word) => word.toLowerCase() !== term);
      return (others.length < words.length ? others : [...words, term]).join(" ");
    }
    """#
}
