import Pixels
import Platform
import VNC

/// From nothing to the first picture, and from a key to changed pixels, in turns with other clients: one
/// connection of ours, one of each of them, so that what else the machine does meets all.
enum ConnectBenchmark {
  static func run(_ runs: Int) async throws {
    guard let size = PixelSize(width: 1280, height: 800) else { return }
    for rate in [60, 1000] {
      try await VNCBenchmark.withScreen(size, rate: rate) { screen in
        try await compare(screen, runs, rate)
      }
    }
  }

  /// What one client took, by the clock and of the processor.
  private struct Figures {
    let name: String
    var connect: [(seconds: Double, processor: Double?)] = []
    var key: [(seconds: Double, processor: Double?)] = []
  }

  private static func compare(_ screen: VNCEndpoint, _ runs: Int, _ rate: Int) async throws {
    guard case .unix(let path) = screen.address else { return }
    let peers = await Peer.all(path: path)
    var ours = Figures(name: "ours")
    var theirs = peers.map { Figures(name: $0.name) }
    let kept = try await VNCConnection.connect(to: screen)
    for round in 0...runs {
      // There and back, so that nobody always follows the same one.
      let order = round % 2 == 0 ? Array(0...peers.count) : (0...peers.count).reversed()
      for number in order {
        guard number > 0 else {
          let (connect, key) = (try await connect(screen), try await press(kept))
          guard round > 0 else { continue }
          ours.connect.append(connect)
          ours.key.append((key, nil))
          continue
        }
        let peer = peers[number - 1]
        let (connect, key) = (try await peer.turn("connect"), try await peer.turn("key"))
        guard round > 0 else { continue }
        theirs[number - 1].connect.append(connect)
        theirs[number - 1].key.append(key)
      }
    }
    await kept.close()
    for peer in peers { await peer.stop() }
    Table.title("VNC in turns, 1280x800, Xvnc with \(rate) frames a second (\(runs) rounds)")
    for figures in [ours] + theirs { report(figures, beside: ours) }
  }

  private static func report(_ figures: Figures, beside ours: Figures) {
    func line(_ name: String, _ its: [(seconds: Double, processor: Double?)], _ mine: [Double]) {
      let times = Times(its.map(\.seconds))
      let ratio = Times(zip(mine, its).map { $0 / $1.seconds }).median
      let processor = its.compactMap(\.processor)
      let work =
        processor.isEmpty ? "" : ", processor \(Table.milliseconds(Times(processor).median))"
      let beside =
        figures.name == ours.name ? "" : ", ours in proportion \(Table.decimal(ratio, digits: 2))"
      Table.line(
        "\(figures.name): \(name)", "\(Table.milliseconds(times.median)) ms",
        "p95 \(Table.milliseconds(times.quantile(0.95)))\(work)\(beside)")
    }
    line("connect, first picture", figures.connect, ours.connect.map(\.seconds))
    line("key to changed pixels", figures.key, ours.key.map(\.seconds))
  }

  private static func connect(
    _ screen: VNCEndpoint
  ) async throws -> (seconds: Double, processor: Double?) {
    let used = VNCBenchmark.cpuSeconds()
    let start = ContinuousClock.now
    let connection = try await VNCConnection.connect(to: screen)
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    let processor = VNCBenchmark.cpuSeconds() - used
    await connection.close()
    return (seconds, processor)
  }

  private static func press(_ connection: VNCConnection) async throws -> Double {
    try await Task.sleep(for: .milliseconds(70))
    let before = await connection.sequence
    let key = try VNCBenchmark.key("x")
    let start = ContinuousClock.now
    // From this very thread, as a session presses: a task of another would have to be woken first.
    let pressed = Task.immediate { try await connection.press([key]) }
    guard try await connection.waitForChange(after: before, upTo: .seconds(5)) else {
      throw BenchmarkError(message: "a key changed nothing")
    }
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    try await pressed.value
    return seconds
  }
}
