internal import FoundationEssentials
internal import Platform

/// `qa-agent init`: a project of one's own, with a scenario that runs; what is there is never changed.
enum InitCommand {
  @Sendable
  static func run(_ options: InitOptions, _ context: CommandContext) async throws -> ExitCode {
    let folder = options.folder ?? "."
    do throws(FileError) {
      try Files.makeFolder(folder)
      for line in try lines(folder) { context.output.results.write(line + "\n") }
    } catch {
      throw CommandError(message: error.description)
    }
    let place = folder == "." ? "" : "cd \(TerminalText.neutral(folder)) && "
    context.output.messages.write(
      "\nNext: \(place)qa-agent run\nThen write your own command into scenarios/application.yaml.\n"
    )
    return .success
  }

  /// Writes what is missing; a line for each file.
  private static func lines(_ folder: String) throws(FileError) -> [String] {
    let confined = ConfinedFolder(folder)
    var lines: [String] = []
    for file in ProjectFile.all {
      // A link counts as there, wherever it leads.
      guard confined.find(file.path) == .missing else {
        lines.append("kept  \(file.path)" + (file.advice.map { " (\($0))" } ?? ""))
        continue
      }
      try confined.write(Array(file.text.utf8), to: file.path)
      lines.append("wrote \(file.path)")
    }
    return lines
  }
}

/// What can be said after `init`.
struct InitOptions: CommandOptions {
  var folder: String?

  static var words: [PositionalSpec<Self>] {
    [
      .word(.path("FOLDER"), .optional, "Where the project is (default: this folder)") {
        $0.folder = $1
      }
    ]
  }
}
