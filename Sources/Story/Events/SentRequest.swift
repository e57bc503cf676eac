/// What a model was really sent for an answer: for people; no decision depends on it.
public struct SentRequest: Hashable, Codable, Sendable {
  /// The model, as it was asked for.
  public var model: String
  /// Which build of the model that is, where its server tells.
  public var modelDigest: String?
  /// How much chance there is in the answer; nil leaves that to the server.
  public var temperature: Double?
  /// What the chance starts from; nil leaves that to the server.
  public var seed: Int?
  /// The most tokens of the answer.
  public var maximumTokens: Int
  /// How many earlier pictures of the conversation were left out.
  public var picturesLeftOut: Int
  /// How many earlier messages of the conversation were left out.
  public var messagesLeftOut: Int
  /// The SHA-256 of the body, with pictures and secrets as names, whether or not it is kept.
  public var digest: String
  /// The same where that body is kept; empty where it is not.
  public var blob: String

  /// What was sent.
  public init(
    model: String, modelDigest: String? = nil, temperature: Double? = nil, seed: Int? = nil,
    maximumTokens: Int, picturesLeftOut: Int = 0, messagesLeftOut: Int = 0, digest: String,
    blob: String = ""
  ) {
    self.model = model
    self.modelDigest = modelDigest
    self.temperature = temperature
    self.seed = seed
    self.maximumTokens = maximumTokens
    self.picturesLeftOut = picturesLeftOut
    self.messagesLeftOut = messagesLeftOut
    self.digest = digest
    self.blob = blob
  }
}
