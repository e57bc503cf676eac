internal import Durations
internal import Diagnostics
public import Scenario

/// What wins over what a scenario says; nil leaves the scenario's own.
public struct ScenarioOverrides: Hashable, Sendable {
  /// The screen; the scenario's SSH host stays.
  public var screen: TargetSpec.Screen?
  /// The limit of one attempt.
  public var time: Duration?
  /// The limit of actions.
  public var steps: Int?
  /// The limit of calls to a model.
  public var modelCalls: Int?
  /// The limit of tokens.
  public var tokens: Int?
  /// How long nothing at all may happen.
  public var idle: Duration?
  /// Attempts after the first.
  public var retries: Int?
  /// The model role.
  public var model: String?

  /// Overrides; none as long as none is set.
  public init() {}

  func apply(to limits: inout Limits) {
    limits.time = time ?? limits.time
    limits.steps = steps ?? limits.steps
    limits.modelCalls = modelCalls ?? limits.modelCalls
    limits.tokens = tokens ?? limits.tokens
    limits.idle = idle ?? limits.idle
  }
}

extension TargetSpec.Screen {
  /// Reads what `--target` takes: `vnc://host:5901`, `demo:NAME`, `desktop` or `desktop:1280x800`.
  ///
  /// A password for VNC is asked for under the name `VNC_PASSWORD` when `password` says that it is there.
  /// Nil for anything else, also for an address with a password in it.
  public init?(parsing text: String, hasPassword: Bool = false) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let rest = parts.count == 2 ? String(parts[1]) : ""
    switch parts.first {
    case "vnc" where rest.hasPrefix("//") && rest.count > 2 && !rest.contains("@"):
      self = .vnc(
        address: Template(text),
        password: hasPassword ? Template([.secret("VNC_PASSWORD")]) : nil)
    case "demo" where !rest.isEmpty: self = .demo(rest)
    case "desktop" where parts.count == 1: self = .desktop(TargetSpec.Desktop())
    case "desktop":
      guard let size = Units.size(rest) else { return nil }
      self = .desktop(TargetSpec.Desktop(width: size.width, height: size.height))
    default: return nil
    }
  }
}
