import FoundationEssentials
import Platform
import VNC

/// A QEMU guest that draws by itself: how long a change takes to be seen after 13 seconds of rest.
///
/// QEMU looks at such a guest ever less often; the unmoved pointer that is reported while somebody waits keeps
/// it looking. Several guests run at once, half of them without those reports.
enum GuestBenchmark {
  static func run(_ runs: Int) async throws {
    guard Self.isInstalled else {
      return print(
        "\n(QEMU is missing: install Debian's qemu-system-x86 to measure a guest that draws)")
    }
    let folder = try TemporaryFolder(prefix: "qa-bench")
    let disk = folder.path + "/boot.img"
    try Data(bootSector).write(to: URL(filePath: disk))
    let changes = max(runs / 8, 1)
    let times = try await withThrowingTaskGroup(of: (nudged: Bool, times: [Double]).self) { group in
      for number in 0..<8 {
        group.addTask {
          // Not all at the same moment.
          try await Task.sleep(for: .milliseconds(1700 * number))
          let nudged = number % 2 == 0
          let socket = "\(folder.path)/vnc-\(number)"
          return (nudged, try await watch(disk, socket, nudged: nudged, changes: changes))
        }
      }
      return try await group.reduce(into: [(nudged: Bool, times: [Double])]()) { $0.append($1) }
    }
    Table.title("QEMU, a guest changes by itself every 13 s, 8 guests, \(changes) changes each")
    for nudged in [true, false] {
      let all = Times(times.filter { $0.nudged == nudged }.flatMap(\.times))
      Table.line(
        nudged ? "change to seen" : "change to seen, no reports of the pointer",
        "\(Table.milliseconds(all.median)) ms",
        "p90 \(Table.milliseconds(all.quantile(0.9))), most \(Table.milliseconds(all.quantile(1)))"
          + (nudged ? "   reach p90 80 ms" : ""))
    }
  }

  private static let program = "qemu-system-x86_64"

  private static var isInstalled: Bool {
    (ProcessEnvironment.current["PATH"] ?? "").split(separator: ":").contains {
      FileManager.default.isExecutableFile(atPath: "\($0)/\(program)")
    }
  }

  /// Boots a guest and gives the seconds from each of its changes to the moment we knew.
  private static func watch(
    _ disk: String, _ socket: String, nudged: Bool, changes: Int
  ) async throws -> [Double] {
    // The guest says through its debug port that it has changed the screen.
    let (marks, sink) = AsyncStream.makeStream(of: ContinuousClock.Instant.self)
    var specification = ProcessSpecification(
      program,
      [
        "-m", "16", "-display", "none", "-vnc", "unix:\(socket)", "-debugcon", "stdio",
        "-serial", "none", "-monitor", "none", "-net", "none",
        "-drive", "file=\(disk),format=raw,if=floppy,readonly=on", "-boot", "a",
      ])
    specification.standardOutput = .sink { bytes in
      if bytes.contains(UInt8(ascii: "!")) { sink.yield(.now) }
    }
    let guest = try await SupervisedProcess.start(specification)
    do {
      let times = try await watch(socket, marks, nudged: nudged, changes: changes)
      await guest.terminate(grace: .zero)
      return times
    } catch {
      await guest.terminate(grace: .zero)
      throw error
    }
  }

  private static func watch(
    _ socket: String, _ marks: AsyncStream<ContinuousClock.Instant>, nudged: Bool, changes: Int
  ) async throws -> [Double] {
    let options = VNCOptions(nudgeInterval: nudged ? nil : .seconds(3600))
    let connection = try await connect(to: VNCEndpoint(address: .unix(path: socket)), options)
    var marks = marks.makeAsyncIterator()
    // What the machine shows while it starts is over with its first change.
    _ = await marks.next()
    try await Task.sleep(for: .seconds(3))
    var times: [Double] = []
    for _ in 0..<changes {
      let before = await connection.sequence
      guard try await connection.waitForChange(after: before, upTo: .seconds(30)) else {
        throw BenchmarkError(message: "the guest has changed nothing")
      }
      let seen = ContinuousClock.now
      guard let changed = await marks.next() else { break }
      times.append((seen - changed) / .seconds(1))
      try await Task.sleep(for: .seconds(1))
    }
    await connection.close()
    return times
  }

  private static func connect(
    to endpoint: VNCEndpoint, _ options: VNCOptions
  ) async throws -> VNCConnection {
    for _ in 0..<100 {
      if let connection = try? await VNCConnection.connect(to: endpoint, options: options) {
        return connection
      }
      try await Task.sleep(for: .milliseconds(100))
    }
    return try await VNCConnection.connect(to: endpoint, options: options)
  }

  /// A sector that a PC boots.
  ///
  /// ```
  ///        xor ax,ax / mov ds,ax / mov ss,ax / mov sp,7c00h
  ///        mov ax,3 / int 10h             a screen of text
  ///        mov ah,1 / mov cx,2000h / int 10h    without a cursor
  ///        mov ax,b800h / mov es,ax / sti
  /// next:  mov dx,[46ch] / add dx,237     13 s in ticks of the timer
  /// rest:  hlt / mov ax,[46ch] / sub ax,dx / js rest
  ///        xor di,di / mov cx,400         five lines change their colour
  /// flip:  xor byte es:[di+1],70h / add di,2 / loop flip
  ///        mov al,'!' / out e9h,al        and that is said
  ///        jmp next
  /// ```
  private static var bootSector: [UInt8] {
    let code: [UInt8] = [
      0x31, 0xC0, 0x8E, 0xD8, 0x8E, 0xD0, 0xBC, 0x00, 0x7C, 0xB8, 0x03, 0x00, 0xCD, 0x10, 0xB4,
      0x01, 0xB9, 0x00, 0x20, 0xCD, 0x10, 0xB8, 0x00, 0xB8, 0x8E, 0xC0, 0xFB, 0x8B, 0x16, 0x6C,
      0x04, 0x81, 0xC2, 0xED, 0x00, 0xF4, 0xA1, 0x6C, 0x04, 0x29, 0xD0, 0x78, 0xF8, 0x31, 0xFF,
      0xB9, 0x90, 0x01, 0x26, 0x80, 0x75, 0x01, 0x70, 0x83, 0xC7, 0x02, 0xE2, 0xF6, 0xB0, 0x21,
      0xE6, 0xE9, 0xEB, 0xDB,
    ]
    // The last two bytes say that it can be booted; a floppy of 1440 KiB, as every BIOS knows it.
    let sector = code + [UInt8](repeating: 0, count: 510 - code.count) + [0x55, 0xAA]
    return sector + [UInt8](repeating: 0, count: 1440 * 1024 - 512)
  }
}
