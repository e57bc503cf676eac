public import Pixels
public import Policy
public import Scenario

/// Everything that is fixed before an attempt begins: the first input of the machine.
public struct SessionPlan: Hashable, Codable, Sendable {
  /// The case.
  public var testCase: Case
  /// Which attempt this is, from 1.
  public var attempt: Int
  /// What the model lane can do; nil when there is none, with `modelReason` saying why.
  public var model: ModelProfile?
  /// Whether a quicker model is asked first.
  public var hasFastModel: Bool
  /// Why there is no model.
  public var modelReason: String
  /// Whether unchecked passes fail.
  public var isStrict: Bool
  /// Default limit of a check or of the search for a target.
  public var patience: Duration
  /// Whether a person is asked before each step and each action.
  public var isSupervised: Bool
  /// Whether fields are read after something was typed into them.
  public var readsBack: Bool
  /// Whether it is proved that a text arrives in its field, and that a field is empty when it is cleared.
  public var provesTyping: Bool
  /// The names of the secrets whose values are taken out of every event.
  public var secretNames: [String]
  /// What an operator permits a model to run on hosts; nil where there is no policy, or no host.
  public var policy: PolicyRecord?
  /// Whether a person can be asked about what the policy leaves to one.
  public var hasPerson: Bool
  /// Which rules decide: those that are newer than a recording are not applied to it.
  public var rules: Rules

  /// A plan.
  public init(
    testCase: Case, attempt: Int = 1, model: ModelProfile? = nil, hasFastModel: Bool = false,
    modelReason: String = "", isStrict: Bool = false, patience: Duration = .seconds(10),
    isSupervised: Bool = false, readsBack: Bool = true,
    provesTyping: Bool = true, secretNames: [String] = [],
    policy: PolicyRecord? = nil, hasPerson: Bool = false, rules: Rules = .current
  ) {
    self.testCase = testCase
    self.attempt = attempt
    self.model = model
    self.hasFastModel = hasFastModel
    self.modelReason = modelReason
    self.isStrict = isStrict
    self.patience = patience
    self.isSupervised = isSupervised
    self.readsBack = readsBack
    self.provesTyping = provesTyping
    self.secretNames = secretNames
    self.policy = policy
    self.hasPerson = hasPerson
    self.rules = rules
  }
}

extension SessionPlan {
  /// Reads a plan; those that were recorded before fields were read back, or typing was proved, are decided
  /// without that, and those that name no rules by the first.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      testCase: try values.decode(Case.self, forKey: .testCase),
      attempt: try values.decode(Int.self, forKey: .attempt),
      model: try values.decodeIfPresent(ModelProfile.self, forKey: .model),
      hasFastModel: try values.decode(Bool.self, forKey: .hasFastModel),
      modelReason: try values.decode(String.self, forKey: .modelReason),
      isStrict: try values.decode(Bool.self, forKey: .isStrict),
      patience: try values.decode(Duration.self, forKey: .patience),
      isSupervised: try values.decode(Bool.self, forKey: .isSupervised),
      readsBack: try values.decodeIfPresent(Bool.self, forKey: .readsBack) ?? false,
      provesTyping: try values.decodeIfPresent(Bool.self, forKey: .provesTyping) ?? false,
      secretNames: try values.decodeIfPresent([String].self, forKey: .secretNames) ?? [],
      policy: try values.decodeIfPresent(PolicyRecord.self, forKey: .policy),
      hasPerson: try values.decodeIfPresent(Bool.self, forKey: .hasPerson) ?? false,
      rules: try values.decodeIfPresent(Rules.self, forKey: .rules) ?? .first)
  }

  /// Rules by which the machine decides, oldest first.
  public enum Rules: Int, Hashable, Codable, Sendable, CaseIterable, Comparable {
    /// Of several calls in a reply the first alone is done, all votes of a judge are one question, values
    /// are compared with the names of secrets, and a case may end before its last action was answered.
    case first = 1
    /// Each of these otherwise; who reads a check waits for what it watches, and decides what was seen.
    case second
    /// That, too, is decided by the machine; commands on a host are refused.
    case third
    /// Commands on a host are run; what a field shows of a date, or of what was left in it, decides more.
    case fourth
    /// Coordinates that are counted in another space are refused, and none is brought to an edge; what a model or
    /// a screen takes too long for, and a spent budget, is an error.
    case fifth
    /// Keys that change nothing are told, and what a model's call says beyond its action is done or refused.
    case sixth
    /// Why a command probably failed is part of the reason.
    case seventh
    /// What a field surely shows instead of what was typed, and a date, a time or a number that cannot be told there,
    /// end the step.
    case eighth
    /// A toggle that was pressed is looked at again.
    case ninth
    /// How a step ended is a result.
    case tenth
    /// That nothing changed is said only where nothing comes late either.
    case eleventh
    /// What the screen shows of an application that is stopped is not believed.
    case twelfth

    /// What a new recording is decided by.
    public static let current = Rules.twelfth

    /// Whether the left ones are older.
    public static func < (left: Rules, right: Rules) -> Bool { left.rawValue < right.rawValue }
  }
}

/// What the machine must know of a model to read answers that do not say how they count.
public struct ModelProfile: Hashable, Codable, Sendable {
  /// What its coordinates are counted in.
  public var unit: ModelSpace.Unit
  /// Which number comes first.
  public var order: ModelSpace.Order
  /// The sizes of the pictures that it is sent.
  public var image: ImageRule
  /// Whether it is asked for several calls in one reply.
  public var makesSeveralCalls: Bool

  /// A profile.
  public init(
    unit: ModelSpace.Unit = .pixels, order: ModelSpace.Order = .xy,
    image: ImageRule = ImageRule(factor: 1, maximumArea: 1_300_000, longEdge: 1568),
    makesSeveralCalls: Bool = false
  ) {
    self.unit = unit
    self.order = order
    self.image = image
    self.makesSeveralCalls = makesSeveralCalls
  }
}

extension ModelProfile {
  /// Reads a profile; older ones know of one call a reply.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      unit: try values.decode(ModelSpace.Unit.self, forKey: .unit),
      order: try values.decode(ModelSpace.Order.self, forKey: .order),
      image: try values.decode(ImageRule.self, forKey: .image),
      makesSeveralCalls: try values.decodeIfPresent(Bool.self, forKey: .makesSeveralCalls) ?? false)
  }
}
