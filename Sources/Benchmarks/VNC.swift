import Desktops
import FoundationEssentials
import Glibc
import Pixels
import Platform
import VNC

/// What the VNC room costs; `ConnectBenchmark` compares it with other clients.
///
/// The screen is an Xvnc of our own with a terminal that echoes keys.
enum VNCBenchmark {
  static func run(_ runs: Int) async throws {
    guard let small = PixelSize(width: 1280, height: 800),
      let large = PixelSize(width: 1920, height: 1080)
    else { return }
    for rate in [60, 1000] {
      try await withScreen(small, rate: rate) { screen in
        Table.title("VNC, 1280x800, Xvnc with \(rate) frames a second (\(runs) runs)")
        try await connecting(screen, runs)
        try await keys(screen, runs, .requested, "asked for")
        try await keys(screen, runs, .continuous, "unasked")
        try await throughTunnel(screen) { far in
          try await connecting(far, runs, " through SSH")
          try await keys(far, runs, .requested, "asked for, through SSH")
        }
        if rate == 60 { try await settling(screen, runs) }
      }
    }
    try await withScreen(large, rate: 60) { screen in
      Table.title("VNC, 1920x1080, nothing happens for 10 s")
      try await others(screen)
      try await idle(screen)
    }
  }

  // MARK: - The screen

  static func withScreen(
    _ size: PixelSize, rate: Int, shows command: String = "cat",
    _ body: (VNCEndpoint) async throws -> Void
  ) async throws {
    var specification = DesktopSpecification(
      size: size, command: "exec xterm -geometry 330x90+0+0 -e \(command)")
    specification.frameRate = rate
    let desktop = try await PrivateDesktop.start(specification)
    do {
      let connection = try await VNCConnection.connect(to: desktop.endpoint)
      _ = try await connection.waitForChange(after: 1, upTo: .seconds(10))
      _ = try await connection.settle(SettlePolicy(quiet: .milliseconds(500)), after: 1)
      await connection.close()
      try await body(desktop.endpoint)
    } catch {
      await desktop.stop()
      throw error
    }
    await desktop.stop()
  }

  // MARK: - Ours

  private static func connecting(
    _ screen: VNCEndpoint, _ runs: Int, _ way: String = ""
  ) async throws {
    var seconds: [Double] = []
    for _ in 0...runs {
      let start = ContinuousClock.now
      let connection = try await VNCConnection.connect(to: screen)
      seconds.append((ContinuousClock.now - start) / .seconds(1))
      await connection.close()
    }
    line("connect, first picture\(way)", Times(Array(seconds.dropFirst())))
  }

  private static func keys(
    _ screen: VNCEndpoint, _ runs: Int, _ updates: VNCOptions.Updates, _ name: String
  ) async throws {
    let connection = try await VNCConnection.connect(
      to: screen, options: VNCOptions(updates: updates))
    let key = try key("x")
    var seconds: [Double] = []
    for _ in 0...runs {
      try await Task.sleep(for: .milliseconds(70))
      let before = await connection.sequence
      let start = ContinuousClock.now
      let pressed = Task.immediate { try await connection.press([key]) }
      guard try await connection.waitForChange(after: before, upTo: .seconds(5)) else {
        throw BenchmarkError(message: "a key changed nothing")
      }
      seconds.append((ContinuousClock.now - start) / .seconds(1))
      try await pressed.value
    }
    line("key to changed pixels, updates \(name)", Times(Array(seconds.dropFirst())))
    var trips: [Double] = []
    for _ in 0..<runs { trips.append(try await connection.confirmAlive() / .seconds(1)) }
    if updates == .requested { line("sign of life", Times(trips)) }
    await connection.close()
  }

  private static func settling(_ screen: VNCEndpoint, _ runs: Int) async throws {
    let connection = try await VNCConnection.connect(to: screen)
    var settled: [Double] = []
    var without: [Double] = []
    for _ in 0...runs {
      if let time = try await settle(connection, try key("x")) { settled.append(time) }
      if let time = try await settle(connection, try key("ctrl")) { without.append(time) }
    }
    let quiet = SettlePolicy().quiet / .milliseconds(1)
    line(
      "settled after the last changed pixel", Times(settled),
      "p95 \(Table.milliseconds(Times(settled).quantile(0.95))), of it \(Int(quiet)) ms of rest")
    line(
      "no effect, after the action", Times(without),
      "p95 \(Table.milliseconds(Times(without).quantile(0.95)))")
    await connection.close()
  }

  /// From the last changed pixel, or from the action where nothing changed, to the answer.
  private static func settle(_ connection: VNCConnection, _ key: Key) async throws -> Double? {
    let before = await connection.sequence
    try await connection.press([key])
    let acted = ContinuousClock.now
    let outcome = try await connection.settle(after: before)
    let elapsed = ContinuousClock.now - acted
    switch outcome {
    case .quiet(let last): return (elapsed - last) / .seconds(1)
    case .noEffect, .feedback: return elapsed / .seconds(1)
    case .animated, .timedOut: return nil
    }
  }

  private static func idle(_ screen: VNCEndpoint) async throws {
    let before = residentKilobytes()
    let connection = try await VNCConnection.connect(to: screen)
    _ = try await connection.frame()
    try await Task.sleep(for: .milliseconds(500))
    let start = cpuSeconds()
    let end = ContinuousClock.now + .seconds(10)
    while ContinuousClock.now < end {
      let sequence = await connection.sequence
      _ = try await connection.waitForChange(after: sequence, upTo: end - .now)
    }
    let share = (cpuSeconds() - start) / 10
    let after = residentKilobytes()
    report("idle, waiting for a change", share, after, "the connection: \(after - before) kB")
    await connection.close()
  }

  // MARK: - Others

  private static func others(_ screen: VNCEndpoint) async throws {
    guard case .unix(let path) = screen.address else { return }
    guard let probe = ProcessEnvironment.current["QA_VNC_PROBE"] else {
      return print("(script/bench compiles the bare client to compare with)")
    }
    let output = try await runCommand(
      ProcessSpecification(probe, [path, "1", "10"]), timeout: .seconds(120))
    guard output.exit.isSuccess else {
      return print("LibVNCClient: \(output.exit) \(output.errorText.suffix(300))")
    }
    let lines = output.text.split(separator: "\n").map { $0.split(separator: " ") }
    guard let idle = lines.first(where: { $0.first == "idle" }), idle.count == 3,
      let share = Double(idle[1]), let size = Int(idle[2])
    else { return }
    report("LibVNCClient: idle", share, size)
  }

  // MARK: - Figures

  private static func line(_ name: String, _ times: Times, _ note: String? = nil) {
    let most = Table.milliseconds(times.quantile(1))
    let least = Table.milliseconds(times.quantile(0))
    Table.line(
      name, "\(Table.milliseconds(times.median)) ms",
      note ?? "p95 \(Table.milliseconds(times.quantile(0.95))) (\(least) to \(most))")
  }

  private static func report(_ name: String, _ share: Double, _ size: Int, _ note: String = "") {
    let core = Table.decimal(share * 100, digits: 2)
    Table.line(
      name, "\(core) % CPU", "\(Table.decimal(Double(size) / 1024, digits: 1)) MB  \(note)")
  }

  static func key(_ name: String) throws -> Key {
    guard let key = Key(name) else { throw BenchmarkError(message: "no key \(name)") }
    return key
  }

  static func cpuSeconds() -> Double {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    let whole = usage.ru_utime.tv_sec + usage.ru_stime.tv_sec
    return Double(whole) + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6
  }

  private static func residentKilobytes() -> Int {
    guard let data = try? Data(contentsOf: URL(filePath: "/proc/self/statm")) else { return 0 }
    let fields = String(decoding: data, as: UTF8.self).split(separator: " ")
    return fields.count > 1 ? (Int(fields[1]) ?? 0) * 4 : 0
  }
}

/// Why a benchmark has no figure.
struct BenchmarkError: Error, CustomStringConvertible {
  let message: String
  var description: String { message }
}
