import Platform

/// Another client that takes turns with ours.
///
/// A program that reads what to do, `connect`, `key` or `refresh`, and answers each with its name and the seconds
/// that took, a line each: see script/vnc-probe.c.
final class Peer: Sendable {
  let name: String
  private let process: SupervisedProcess
  private let lines: AsyncStream<String>

  private init(_ name: String, _ process: SupervisedProcess, _ lines: AsyncStream<String>) {
    self.name = name
    self.process = process
    self.lines = lines
  }

  /// Starts it for a server.
  static func start(_ name: String, _ program: String, _ arguments: [String]) async throws -> Peer {
    let (lines, sink) = AsyncStream.makeStream(of: String.self)
    let rest = Locked("")
    var specification = ProcessSpecification(program, arguments)
    specification.standardInput = .pipe
    specification.standardOutput = .sink { bytes in
      let whole = rest.withLock { rest in
        rest += String(decoding: bytes, as: UTF8.self)
        let parts = rest.split(separator: "\n", omittingEmptySubsequences: false)
        rest = String(parts.last ?? "")
        return parts.dropLast().map(String.init)
      }
      for line in whole { sink.yield(line) }
      if bytes.isEmpty { sink.finish() }
    }
    return Peer(name, try await SupervisedProcess.start(specification), lines)
  }

  /// Has it do something once; the seconds that took, and what of it the processor worked, where it says so.
  func turn(_ what: String) async throws -> (seconds: Double, processor: Double?) {
    try await process.standardInput?.write(Array("\(what)\n".utf8))
    for await line in lines {
      let words = line.split(separator: " ")
      guard words.count > 1, words[0] == what[...], let seconds = Double(words[1]) else { continue }
      return (seconds, words.count > 2 ? Double(words[2]) : nil)
    }
    throw BenchmarkError(message: "\(name) has ended")
  }

  /// Ends it.
  func stop() async {
    await process.terminate(grace: .zero)
  }
}

extension Peer {
  /// The clients that script/bench has prepared, for a server at a unix socket.
  static func all(path: String) async -> [Peer] {
    let environment = ProcessEnvironment.current
    var peers: [Peer] = []
    func add(_ name: String, _ program: String?, _ arguments: [String?]) async {
      guard let program else { return }
      do {
        peers.append(try await start(name, program, arguments.compactMap(\.self)))
      } catch {
        print("\(name) cannot be started: \(error)")
      }
    }
    await add("LibVNCClient, bare", environment["QA_VNC_PROBE"], [path, "-"])
    if let python = environment["QA_VNC_PYTHON"] {
      await add("vncdotool", python, [environment["QA_VNC_SCRIPT"], path])
    }
    if let script = environment["QA_VNC_PERL"] {
      await add("os-autoinst", "perl", [script, path])
    }
    return peers
  }
}
