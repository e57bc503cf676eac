// swift-tools-version: 6.2
import PackageDescription

// One rule for every Swift target: Swift 6 mode, explicit existentials, imports that stay private, and
// no warning that is not an error. ARCHITECTURE.md says which room may import which.
let strict: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .unsafeFlags(["-cross-module-optimization"], .when(configuration: .release)),
]

/// A room: a Swift target with the house settings.
func room(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

/// A C library with the shims it needs; exactly one Swift target imports it.
func library(_ name: String, links: [String] = [], flags: [String] = []) -> Target {
  .target(
    name: name,
    cSettings: [.unsafeFlags(["-Wall", "-Werror", "-D_GNU_SOURCE"] + flags)],
    linkerSettings: links.map { .linkedLibrary($0) })
}

/// The tests of one room.
func tests(
  _ name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = []
) -> Target {
  .testTarget(
    name: "\(name)Tests", dependencies: [.init(stringLiteral: name)] + dependencies,
    exclude: exclude, swiftSettings: strict)
}

let package = Package(
  name: "qa-agent",
  products: [.executable(name: "qa-agent", targets: ["qa-agent"])],
  targets: [
    // C libraries.
    library("CAllocations"),
    library("CCrypto", links: ["crypto"]),
    library("CCurl", links: ["curl"]),
    library("CFreeType", links: ["freetype"], flags: ["-I/usr/include/freetype2"]),
    library("CGnuTLS", links: ["gnutls"]),
    library("CISAL", links: ["isal"]),
    library("CMicroHTTPD", links: ["microhttpd"]),
    library("CPCRE2", links: ["pcre2-8"]),
    library("CPNG", links: ["png16"]),
    library("CSSH2", links: ["ssh2"]),
    library("CSystem"),
    library("CTesseract"),
    library("CVNCClient", links: ["vncclient", "vncserver"]),
    library("CVNCServer", links: ["vncserver"]),
    library("CYAML", links: ["yaml"]),
    library("CZlib", links: ["z"]),

    // Leaves: values and the machine we run on.
    room("Digests", ["CCrypto"]),
    room("JSONCoding"),
    room("Hands"),
    .target(
      name: "Languages", dependencies: ["Hands"],
      resources: [
        .embedInCode("Data/de.language"), .embedInCode("Data/en.language"),
        .embedInCode("Data/gherkin.keywords"),
      ],
      swiftSettings: strict),
    room("Numbers"),
    room("Pattern", ["CPCRE2"]),
    room("Pixels"),
    room("Platform", ["CSystem"]),
    room("Diagnostics"),
    room("Durations"),
    room("YAML", ["CYAML", "Diagnostics"]),

    // What to do.
    room("Scenario", ["Hands"]),
    room("PlainSteps", ["Hands", "Languages", "Scenario"]),
    room(
      "ScenarioFiles",
      [
        "Diagnostics", "Durations", "Hands", "JSONCoding", "Languages", "Pattern", "PlainSteps",
        "Scenario", "YAML",
      ]),
    room("Configuration", ["Diagnostics", "Durations", "JSONCoding", "YAML"]),
    .target(
      name: "Policy", dependencies: ["Diagnostics", "Scenario"],
      resources: [.embedInCode("Classes/Data/programs.table")], swiftSettings: strict),
    room("PolicyFiles", ["Diagnostics", "Durations", "Policy", "YAML"]),
    .target(
      name: "Story",
      dependencies: ["Durations", "Hands", "JSONCoding", "Pixels", "Policy", "Scenario"],
      resources: [.embedInCode("Data/causes.table")], swiftSettings: strict),
    room(
      "Session",
      [
        "Durations", "Hands", "JSONCoding", "Numbers", "Pattern", "Pixels", "Policy", "Scenario",
        "Story",
      ]),
    room(
      "Driving", ["Durations", "JSONCoding", "Pixels", "Platform", "Scenario", "Session", "Story"]),

    // Eyes, hands and mind.
    room("Imaging", ["CISAL", "CPNG", "Pixels"]),
    room("Perception", ["CTesseract", "Hands", "Imaging", "Numbers", "Pixels", "Platform"]),
    room("VNC", ["CGnuTLS", "CVNCClient", "CZlib", "Hands", "Pixels", "Platform"]),
    room("DemoScreens", ["CFreeType", "CVNCServer", "Durations", "Pixels", "Platform", "VNC"]),
    room("Desktops", ["Pixels", "Platform", "VNC"]),
    room("SSH", ["CSSH2", "Digests", "Platform"]),
    room("ModelRunner", ["CCurl", "Durations", "JSONCoding", "Pixels", "Platform"]),

    // What happened.
    room("Recording", ["Digests", "Durations", "JSONCoding", "Platform"]),
    room(
      "Reports",
      ["Digests", "Durations", "Hands", "JSONCoding", "Pixels", "Recording", "Scenario", "Story"]),

    // Putting it to work.
    room(
      "Runner",
      [
        "Digests", "Driving", "Durations", "JSONCoding", "Pattern", "Pixels", "Platform",
        "Policy", "Recording", "Reports", "Scenario", "Session", "Story",
      ]),
    room(
      "Adapters",
      [
        "DemoScreens", "Desktops", "Digests", "Driving", "Hands", "Imaging", "JSONCoding",
        "Languages", "ModelRunner", "Numbers", "Pattern", "Perception", "Pixels", "PlainSteps",
        "Platform", "Policy", "Recording", "Runner", "SSH", "Scenario", "ScenarioFiles", "Session",
        "Story", "VNC",
      ]),
    room(
      "Debugging",
      ["Durations", "JSONCoding", "Policy", "Recording", "Scenario", "Session", "Story"]),
    room(
      "Commands",
      [
        "Adapters", "Configuration", "Debugging", "DemoScreens", "Diagnostics", "Driving",
        "Durations", "JSONCoding", "Pattern", "Pixels", "Platform", "Policy", "PolicyFiles",
        "Recording", "Reports",
        "Runner", "Scenario", "ScenarioFiles", "Session", "Story",
      ]),
    .executableTarget(name: "qa-agent", dependencies: ["Commands"], swiftSettings: strict),

    // Figures: script/bench.
    .executableTarget(
      name: "Benchmarks",
      dependencies: [
        "CAllocations", "Desktops", "Imaging", "JSONCoding", "ModelRunner", "Perception", "Pixels",
        "Platform", "SSH", "SSHServer", "ScreenCorpus", "VNC",
      ],
      swiftSettings: strict),

    // Tests.
    room("JournalShapes", ["JSONCoding", "Platform"]),
    room("Props", ["Platform"]),
    room("SSHServer", ["Platform"]),
    room("ModelDouble", ["CMicroHTTPD", "Durations", "JSONCoding", "Platform"]),
    room("ScreenCorpus", ["Hands", "Imaging", "JSONCoding", "Perception", "Pixels"]),
    tests("Digests"),
    tests("JSONCoding", ["Props"]),
    tests("Languages"),
    tests("Numbers"),
    tests("Pattern"),
    tests("Pixels", ["Props"]),
    tests("Platform", ["Props"]),
    tests("Diagnostics"),
    tests("Durations"),
    tests("YAML", ["Diagnostics"]),
    tests("Policy", ["Diagnostics", "Platform", "PolicyFiles", "Props", "Scenario"]),
    tests("PlainSteps", ["Hands", "Languages", "Scenario"]),
    tests(
      "ScenarioFiles",
      [
        "Diagnostics", "Hands", "JSONCoding", "Languages", "Pattern", "Platform", "Props",
        "Scenario", "YAML",
      ]),
    tests("Configuration", ["Diagnostics", "Props", "YAML"]),
    tests(
      "Session",
      [
        "Driving", "Hands", "JSONCoding", "JournalShapes", "Pixels", "Platform", "Policy", "Props",
        "Scenario", "Story",
      ]),
    tests("Imaging", ["Pixels"]),
    tests(
      "Perception", ["Hands", "Imaging", "Numbers", "Pixels", "ScreenCorpus"],
      exclude: ["Fixtures"]),
    tests("DemoScreens", ["Desktops", "Pixels", "Platform", "VNC"]),
    tests("Desktops", ["Pixels", "Platform", "Props", "VNC"]),
    tests(
      "VNC", ["DemoScreens", "Hands", "Pixels", "Platform", "Props"], exclude: ["Fixtures"]),
    tests(
      "ModelRunner", ["Durations", "Imaging", "JSONCoding", "ModelDouble", "Pixels", "Platform"]),
    tests("SSH", ["Platform", "Props", "SSHServer"], exclude: ["Fixtures"]),
    tests("Recording", ["Digests", "JSONCoding", "Platform"]),
    .testTarget(
      name: "ReportsTests",
      dependencies: [
        "Digests", "Hands", "JSONCoding", "Pixels", "Platform", "Recording", "Reports", "Scenario",
        "Story",
      ],
      exclude: ["Fixtures"], swiftSettings: strict),
    tests(
      "Runner",
      [
        "Digests", "Driving", "JSONCoding", "JournalShapes", "Pattern", "Pixels", "Platform",
        "Props", "Recording", "Reports", "Scenario", "Session", "Story",
      ]),
    tests(
      "Adapters",
      [
        "Configuration", "Imaging", "ModelRunner", "Perception", "Pixels", "Platform", "Props",
        "Scenario", "ScenarioFiles", "Story", "VNC",
      ]),
    tests("Debugging", ["JSONCoding", "Pixels", "Recording", "Scenario", "Session", "Story"]),
    tests(
      "Commands",
      [
        "Driving", "JSONCoding", "Pixels", "Platform", "Policy", "Props", "Recording", "Runner",
        "Scenario", "Story",
      ]),
    .testTarget(
      name: "EndToEndTests",
      dependencies: [
        "qa-agent", "Desktops", "Imaging", "JSONCoding", "ModelDouble", "Perception", "Pixels",
        "Platform", "Props", "SSHServer", "VNC",
      ],
      swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .gnu11
)

// The fuzzer has no main of its own, so that it is there only when script/fuzz builds it.
if Context.environment["QA_FUZZ"] != nil {
  package.targets.append(
    .executableTarget(
      name: "Fuzz",
      dependencies: [
        "Diagnostics", "JSONCoding", "ModelRunner", "Pixels", "Policy", "PolicyFiles", "SSH", "VNC",
        "YAML",
      ],
      swiftSettings: strict))
}

// QA_ONLY=PerceptionTests,SessionTests builds just these targets and what they need: quick while one room
// is worked on.
if let only = Context.environment["QA_ONLY"] {
  var needed: Set<String> = []
  var left = only.split(separator: ",").map(String.init)
  while let name = left.popLast() {
    guard needed.insert(name).inserted else { continue }
    for dependency in package.targets.first(where: { $0.name == name })?.dependencies ?? [] {
      if case .byNameItem(let name, _) = dependency { left.append(name) }
    }
  }
  package.targets.removeAll { !needed.contains($0.name) }
  if !needed.contains("qa-agent") { package.products.removeAll() }
}
