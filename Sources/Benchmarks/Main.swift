/// `Benchmarks [--runs N] [NAME…]`: measures the rooms; script/bench calls it.
@main
struct Benchmarks {
  /// The benchmarks by name, in the order in which they run.
  private static let all: [(name: String, run: @Sendable (_ runs: Int) async throws -> Void)] = [
    ("model", ModelBenchmark.run), ("imaging", ImagingBenchmarks.run), ("settle", SettleSuite.run),
    ("search", SearchBenchmark.run), ("vnc", VNCBenchmark.run), ("connect", ConnectBenchmark.run),
    ("qemu", GuestBenchmark.run), ("remote", RemoteBenchmark.run),
    ("text", TextBenchmark.run), ("honesty", HonestyBenchmark.run),
    ("typing", TypingBenchmark.run),
  ]

  static func main() async throws {
    var runs = 31
    var names: [String] = []
    var words = CommandLine.arguments.dropFirst()
    while let word = words.popFirst() {
      if word == "--runs" {
        guard let text = words.popFirst(), let number = Int(text), number > 0 else {
          print("Benchmarks: --runs wants a number above 0")
          return
        }
        runs = number
      } else {
        names.append(word)
      }
    }
    for (name, run) in all where names.isEmpty || names.contains(name) { try await run(runs) }
  }
}
