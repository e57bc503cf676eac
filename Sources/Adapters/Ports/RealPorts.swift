internal import Imaging
internal import Numbers
internal import Perception
internal import Pixels
internal import Platform
internal import Policy
internal import Recording
internal import Runner
internal import Scenario
internal import ScenarioFiles
internal import Driving
internal import Story
internal import VNC

/// The ports of real runs, and what of this machine they need.
struct RealPorts: PortFactory {
  let requirements: Requirements
  let findings: [ModelFinding]
  var models: [RunSettings.Model] { roles?.inForce ?? [] }
  private let request: RunRequest
  private let settings: PortSettings
  private let folder: RunFolder
  private let roles: ModelRoles?
  private let readers = ReaderPool()

  /// Looks at the machine and at the model endpoint, once for the run.
  ///
  /// - Parameter tell: hears what takes a while.
  static func make(
    _ request: RunRequest, _ settings: PortSettings, folder: RunFolder,
    tell: @escaping @Sendable (String) -> Void
  ) async -> RealPorts {
    var found = ModelReadiness.Result(roles: nil, model: .forbidden)
    if request.cases.isEmpty {
      found.model = .absent(fix: "no case is run")
    } else if let setup = settings.models {
      let readiness = ModelReadiness(
        setup: setup, cache: .ofUser(settings.environment), tell: tell)
      found = await readiness.look(request.cases)
    }
    return RealPorts(request, settings, folder, found)
  }

  private init(
    _ request: RunRequest, _ settings: PortSettings, _ folder: RunFolder,
    _ found: ModelReadiness.Result
  ) {
    self.request = request
    self.settings = settings
    self.folder = folder
    findings = found.findings
    requirements = Requirements(model: found.model) { [path = settings.environment["PATH"]] name in
      Executables.find(name, path: path)
    }
    if case .available = found.model { roles = found.roles } else { roles = nil }
  }

  func target(
    of testCase: Case, attempt: Int
  ) throws(Fault) -> (screen: any ScreenPort, host: (any HostPort)?) {
    let scenario = testCase.scenario
    let line = try line(of: scenario)
    let home = CaseHome(project: scenario.root, environment: settings.environment)
    let host = CommandHosts(
      ssh: try SSHHosts(
        scenario.target, over: line, policy: settings.policy, root: scenario.root,
        secrets: request.secrets, environment: settings.environment),
      runner: RunnerHost(
        home, policy: settings.policy, secrets: request.secrets,
        log: RunnerHost.Log(
          path: "\(folder.path)/\(LogName.path(testCase.id, attempt: attempt).dropLast(4))",
          redact: Redactor(secrets: request.secrets).redact)))
    guard scenario.target.screen != .nothing else {
      return (NoScreen(address: scenario.target.ssh?.url.description ?? "hosts"), host)
    }
    return (try screen(for: testCase, attempt: attempt, home, over: line), host)
  }

  private func screen(
    for testCase: Case, attempt: Int, _ home: CaseHome, over line: SSHLine?
  ) throws(Fault) -> any ScreenPort {
    let target = testCase.scenario.target
    let foreign = try foreign(testCase.scenario, over: line)
    let source: any ScreenSource
    if let foreign { source = foreign } else { source = try own(testCase, attempt, home) }
    return VNCScreen(
      source: source, secrets: request.secrets,
      typing: typing(on: foreign), host: HostHands(target, over: line),
      spent: foreign.map {
        TypingShelf.ofUser(settings.environment).spentSigns(of: $0.typingKey, at: $0.ownAddress)
      })
  }

  /// What is kept of how to type on a foreign server; a private desktop is known.
  private func typing(on screen: ForeignScreen?) -> TypingShelf.Finding {
    guard let screen else { return .nothing }
    return TypingShelf.ofUser(settings.environment).finding(for: screen.typingKey)
  }

  /// What is wrong with kept typing profiles that this run would use.
  var warnings: [String] {
    var problems: [String] = []
    for scenario in request.cases.map(\.scenario) {
      // What is wrong with the target itself is said when the case runs.
      guard let screen = try? foreign(scenario, over: try line(of: scenario)),
        case .damaged(let path, let reason) = typing(on: screen)
      else { continue }
      let problem = TypingShelf.words(ofDamaged: path, reason)
      if !problems.contains(problem) { problems.append(problem) }
    }
    return problems
  }

  private func line(of scenario: Scenario) throws(Fault) -> SSHLine? {
    try SSHLine.needed(
      by: scenario.target, root: scenario.root, secrets: request.secrets,
      environment: settings.environment)
  }

  private func foreign(
    _ scenario: Scenario, over line: SSHLine?
  ) throws(Fault) -> ForeignScreen? {
    try ForeignScreen(
      scenario.target, root: scenario.root, secrets: request.secrets, over: line)
  }

  /// A screen that the runner starts and ends.
  private func own(
    _ testCase: Case, _ attempt: Int, _ home: CaseHome
  ) throws(Fault) -> any ScreenSource {
    let scenario = testCase.scenario
    switch scenario.target.screen {
    case .vnc, .nothing: throw Fault(.harness, "internal error: this screen is not our own")
    case .demo(let name): return DemoSource(name: name)
    case .desktop(let desktop):
      try? Files.makeFolder(folder.recording + "/logs")
      return DesktopSource(
        desktop: desktop, command: try SecretValues(request.secrets).fill(desktop.run),
        root: scenario.root,
        variables: try SecretValues(request.secrets).fill(desktop.environment ?? [:]),
        environment: settings.environment, home: home,
        log: DesktopSource.Log(
          folder: folder.path,
          file: LogName.path(testCase.id, attempt: attempt), secrets: request.secrets,
          redact: Redactor(secrets: request.secrets).redact))
    }
  }

  func perception(for testCase: Case) async throws(Fault) -> any PerceptionPort {
    LocalPerception(
      reader: try await readers.reader(of: testCase.scenario.ocr ?? []), secrets: request.secrets,
      pictures: PictureShelf(for: testCase, updates: settings.updatesBaselines),
      numbers: testCase.scenario.hasDecimalComma == true ? .comma : .point)
  }

  func model(keep: @escaping RequestKeeping) -> (any ModelPort)? {
    roles.map { ModelAdapter(roles: $0, keep: keep) }
  }

  func encoder(forModels: Bool) -> any FrameEncoder {
    PNGFrames(strips: PNGStrips(makesText: forModels))
  }

  var hasFastModel: Bool { roles?.hasFast ?? false }

  func modelProfile(for testCase: Case) -> ModelProfile? {
    roles?.profile(for: testCase.scenario.modelRole)
  }

  func policy(for testCase: Case) -> PolicyRecord? {
    let scenario = testCase.scenario
    let hasHost = scenario.target.ssh != nil || scenario.target.hosts?.isEmpty == false
    let isAsked = hasHost && !scenario.permissions.allow.isEmpty && settings.policy.file != nil
    return isAsked ? settings.policy.record : nil
  }

  var person: (any PersonPort)? { settings.person }
}

/// Encodes only what changed since the frame before.
private struct PNGFrames: FrameEncoder {
  var strips: PNGStrips

  mutating func encode(_ frame: Frame) throws -> (png: [UInt8], base64Parts: [[UInt8]]) {
    let picture = try strips.encode(frame)
    return (picture.bytes, picture.base64Parts)
  }
}

/// The text readers, one for each choice of languages: making one takes 50 ms a language, so they are used
/// again.
actor ReaderPool {
  private var readers: [[String]: TextReader] = [:]

  /// A reader of some languages; of the usual ones when none is named.
  func reader(of languages: [String]) async throws(Fault) -> TextReader {
    let languages =
      languages.isEmpty ? UsualLanguages.languages(for: nil).languages : languages
    if let reader = readers[languages] { return reader }
    do throws(PerceptionError) {
      let reader = try await TextReader(languages: languages)
      readers[languages] = reader
      return reader
    } catch {
      throw Fault(.perception, error.description)
    }
  }
}

/// File names from case ids.
enum LogName {
  /// The file of an attempt, relative to the folder of the run.
  static func path(_ id: String, attempt: Int) -> String {
    "recording/logs/\(make(id, attempt: attempt))"
  }

  /// A name that is safe in any file system: `sign-in.1.log`.
  static func make(_ id: String, attempt: Int) -> String {
    safe(id).prefix(100) + ".\(attempt).log"
  }

  /// The id with `_` for what a file system may refuse.
  static func safe(_ id: String) -> String {
    String(id.map { $0.isLetter && $0.isASCII || $0.isNumber || "-_.=".contains($0) ? $0 : "_" })
  }
}

/// Addresses of VNC servers as people write them.
enum VNCAddress {
  /// Reads `vnc://host:5901`, `host:1` (a display) or `unix:/path`.
  static func parse(_ text: String, password: String?) throws(Fault) -> VNCEndpoint {
    if text.hasPrefix("unix:") {
      return VNCEndpoint(address: .unix(path: String(text.dropFirst(5))), password: password)
    }
    var rest = text[...]
    if rest.hasPrefix("vnc://") { rest = rest.dropFirst(6) }
    if rest.hasSuffix("/") { rest = rest.dropLast() }
    let (host, portText) = split(rest)
    guard !host.isEmpty else { throw wrong(text) }
    guard let portText else {
      return VNCEndpoint(address: .tcp(host: host, port: 5900), password: password)
    }
    guard let number = Int(portText), (0...65_535).contains(number) else { throw wrong(text) }
    let port = number < 100 ? 5900 + number : number
    return VNCEndpoint(address: .tcp(host: host, port: port), password: password)
  }

  private static func split(_ text: Substring) -> (host: String, port: String?) {
    if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
      let host = String(text[text.index(after: text.startIndex)..<end])
      let rest = text[text.index(after: end)...]
      return (host, rest.hasPrefix(":") ? String(rest.dropFirst()) : nil)
    }
    guard let colon = text.lastIndex(of: ":") else { return (String(text), nil) }
    return (String(text[..<colon]), String(text[text.index(after: colon)...]))
  }

  private static func wrong(_ text: String) -> Fault {
    Fault(
      .scenario,
      "“\(text)” is no address of a VNC server; write vnc://host:5901, host:1 for display 1, or"
        + " unix:/path/of/socket")
  }
}
