public import Driving
public import Policy
public import Recording
public import Runner

/// What the ports of real runs need to know besides what is to be run.
public struct PortSettings: Sendable {
  /// The models; nil when a run may not use one.
  public var models: ModelSetup?
  /// The environment that applications on private desktops inherit from; it also says where commands are, and
  /// where the user's own files.
  public var environment: [String: String]
  /// What an operator permits on hosts.
  public var policy: Policy
  /// Who is asked what the policy leaves to a person; nil where nobody is there.
  public var person: (any PersonPort)?
  /// Writes the baselines of `unchanged` checks and compares nothing with them.
  public var updatesBaselines: Bool

  /// What they need to know.
  public init(
    models: ModelSetup?, environment: [String: String], policy: Policy = Policy(),
    person: (any PersonPort)? = nil,
    updatesBaselines: Bool = false
  ) {
    self.models = models
    self.environment = environment
    self.policy = policy
    self.person = person
    self.updatesBaselines = updatesBaselines
  }

  /// Looks at the machine and at the model endpoint, and makes the ports of a run.
  ///
  /// - Parameter tell: hears what takes a while.
  public func prepare(
    _ request: RunRequest, in folder: RunFolder, tell: @escaping @Sendable (String) -> Void
  ) async -> any PortFactory {
    await RealPorts.make(request, self, folder: folder, tell: tell)
  }
}
