internal import JSONCoding
internal import Recording

/// `qa-agent show RUN --audit`: the log of commands on hosts, and whether it is as it was written.
enum ShowAudit {
  /// Prints the log of a run, of all its cases or of those whose id begins so; it is proved before a line is printed.
  ///
  /// Exit code 1 is a log that is not as it was written.
  static func run(
    _ folder: RunFolder, isJSON: Bool, onlyVerify: Bool, _ context: CommandContext
  ) throws(CommandError) -> ExitCode {
    let results = context.output.results
    let lines: [JournalLine]
    do {
      lines = try JournalReader.read(folder).lines
    } catch {
      throw CommandError(message: TerminalText.neutral("\(error)"))
    }
    let log: AuditLog?
    do throws(AuditLog.Fault) {
      log = try AuditLog.verified(of: folder, against: lines)
    } catch {
      let told = TerminalText.neutral("\(folder.audit): \(error)")
      results.write(
        isJSON ? json(nil, fault: told).prettyText + "\n" : "not as it was written: \(told)\n")
      return .failed
    }
    if isJSON {
      results.write(json(onlyVerify ? nil : log?.records ?? [], fault: nil).prettyText + "\n")
      return .success
    }
    let records = log?.records ?? []
    if !onlyVerify { for record in records { results.write(line(record) + "\n") } }
    let count = DiagnosticText.plural(records.count, "record")
    let isOver = lines.contains { $0.type == "run.finished" }
    results.write(
      records.isEmpty
        ? "no command ran on a host\n"
        : "\(count), as written\(isOver ? "" : "; the run has not ended, so its end is not proved")\n"
    )
    return .success
  }

  private static func json(_ records: [JSON]?, fault: String?) -> JSON {
    var fields = JSONObject([("version", 1), ("verified", .bool(fault == nil))])
    if let fault { fields["fault"] = .string(fault) }
    if let records { fields["records"] = .array(records) }
    return .object(fields)
  }

  private static func line(_ record: JSON) -> String {
    func text(_ key: String) -> String { record[key]?.string ?? "" }
    let kind = record["decision"]?.string ?? text("kind")
    let host = record["host"]?.string.map { " on \($0)" } ?? ""
    let end = [text("how"), text("reason")].filter { !$0.isEmpty }.joined(separator: "; ")
    return TerminalText.neutral(
      "\(record["record"]?.text ?? "")  \(text("case"))  \(kind) for the \(text("for"))\(host): \(text("command"))"
        + (end.isEmpty ? "" : ": \(end)"))
  }
}
