import FoundationEssentials
import Pixels
import Platform
import VNC

/// Encodings over lines of different speed, by the bare client on LibVNCClient, and ours beside them: the first
/// picture of a terminal full of text, and the whole of it again on a standing connection.
enum RemoteBenchmark {
  private static let encodings = [
    "raw", "hextile copyrect raw", "zrle copyrect raw", "tight copyrect raw",
  ]

  static func run(_ runs: Int) async throws {
    let environment = ProcessEnvironment.current
    guard let probe = environment["QA_VNC_PROBE"], let line = environment["QA_SLOW_LINE"],
      let size = PixelSize(width: 1280, height: 800)
    else { return print("(script/bench compiles the bare client to compare with)") }
    let text = "sh -c 'ls -l --color=always /usr/bin | head -60; exec cat'"
    try await VNCBenchmark.withScreen(size, rate: 60, shows: text) { screen in
      guard case .unix(let target) = screen.address else { return }
      try await compare(probe, target, "on the same machine", runs)
      for (delay, rate) in [(20, 100), (20, 10)] {
        let folder = try TemporaryFolder(prefix: "qa-bench")
        let socket = folder.path + "/line"
        let slow = try await Self.start(line, [socket, target, "\(delay)", "\(rate)"])
        do {
          try await compare(
            probe, socket, "\(delay) ms each way, \(rate) Mbit/s", max(runs / 6, 3))
        } catch {
          await slow.terminate(grace: .zero)
          throw error
        }
        await slow.terminate(grace: .zero)
      }
    }
  }

  /// Starts the slow line and returns when it can be connected to.
  private static func start(
    _ script: String, _ arguments: [String]
  ) async throws -> SupervisedProcess {
    let (ready, sink) = AsyncStream.makeStream(of: Void.self)
    var specification = ProcessSpecification("python3", [script] + arguments)
    specification.standardOutput = .sink { _ in sink.yield() }
    let process = try await SupervisedProcess.start(specification)
    for await _ in ready { break }
    return process
  }

  private static func compare(
    _ probe: String, _ path: String, _ name: String, _ runs: Int
  ) async throws {
    var peers: [Peer] = []
    for encoding in encodings {
      peers.append(try await Peer.start(encoding, probe, [path, "-", encoding]))
    }
    var first = [[Double]](repeating: [], count: peers.count + 1)
    var again = first
    let endpoint = VNCEndpoint(address: .unix(path: path))
    let kept = try await VNCConnection.connect(to: endpoint)
    for _ in 0..<runs {
      for (index, peer) in peers.enumerated() {
        first[index].append(try await peer.turn("connect").seconds)
        again[index].append(try await peer.turn("refresh").seconds)
      }
      let start = ContinuousClock.now
      let connection = try await VNCConnection.connect(to: endpoint)
      first[peers.count].append((ContinuousClock.now - start) / .seconds(1))
      await connection.close()
      let asked = ContinuousClock.now
      try await kept.refresh()
      again[peers.count].append((ContinuousClock.now - asked) / .seconds(1))
    }
    await kept.close()
    for peer in peers { await peer.stop() }
    Table.title("Encodings, 1280x800 full of text, \(name) (\(runs) rounds)")
    for (index, name) in (encodings + ["ours"]).enumerated() {
      Table.line(
        name, "\(Table.milliseconds(Times(first[index]).median)) ms",
        "first picture; again \(Table.milliseconds(Times(again[index]).median))")
    }
  }
}
