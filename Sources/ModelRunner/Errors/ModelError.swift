/// Why a model gave no usable answer.
public struct ModelError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What kind of thing went wrong; what to do next depends on it.
  public enum Kind: Hashable, Sendable {
    /// The endpoint's address or the model's name cannot be used at all.
    case badEndpoint
    /// Nothing answers at the address.
    case connection
    /// A certificate of TLS, the server's or ours, does not do.
    case untrusted
    /// A phase took too long.
    case timeout(ModelPhase)
    /// The caller gave up.
    case cancelled
    /// The endpoint wants a key, or another one.
    case unauthorised
    /// Something answers that is no model endpoint, or one without this route.
    case notAnEndpoint
    /// The model is not there; it has to be pulled.
    case modelNotFound
    /// The model is being loaded.
    case modelLoading
    /// The model cannot be loaded.
    case loadFailed
    /// Loading was cut short by somebody else or took too long.
    case loadInterrupted
    /// The inference engine for this model is not installed.
    case backendMissing
    /// The inference engine ended while it worked.
    case engineCrashed
    /// Too many requests, or the model is in use.
    case capacity
    /// The conversation is longer than the model's context, in tokens as far as they are known.
    case contextExceeded(prompt: Int?, limit: Int?)
    /// The request is larger than this many bytes, as far as the limit is known.
    case payloadTooLarge(limit: Int?)
    /// The request has more pictures than the server takes; how many it takes, if it said.
    case tooManyPictures(limit: Int?)
    /// The model, as it was packaged, cannot see.
    case noVision
    /// The model, as it is served, cannot be given tools.
    case noTools
    /// A picture could not be decoded.
    case badImage
    /// A tool's schema, or the answer's, could not be used.
    case badSchema
    /// The engine could not parse what the model wrote.
    case toolFormat
    /// The request is wrong in some other way.
    case badRequest
    /// The model declined to answer.
    case refused
    /// The answer is not what the protocol says.
    case malformedReply
    /// The answer ended before it was complete.
    case truncatedReply
    /// The server failed for a reason of its own.
    case server
    /// The endpoint failed so often that it is left alone for a while.
    case circuitOpen
  }

  /// What kind of thing went wrong.
  public internal(set) var kind: Kind
  /// What happened, why, and what to do about it; no secret is in it.
  public internal(set) var message: String
  /// The HTTP status, when there was one.
  public internal(set) var status: Int?
  /// How long the server asked to be left alone.
  var retryAfter: Duration?
  /// What the server said of a request that it did not take.
  var refusal: ErrorBody?
  /// The call that failed; nil when it was no chat.
  public internal(set) var requestID: RequestID?
  /// The beginning of what the server answered, at most `bodyLimit` bytes, without any key; nil when
  /// it answered nothing.
  ///
  /// Untrusted.
  public internal(set) var body: String?

  /// The most bytes kept in `body`.
  public static let bodyLimit = 4 << 10

  /// An error.
  public init(
    _ kind: Kind, _ message: String, status: Int? = nil, retryAfter: Duration? = nil,
    requestID: RequestID? = nil, body: String? = nil
  ) {
    self.kind = kind
    self.message = message
    self.status = status
    self.retryAfter = retryAfter
    self.requestID = requestID
    self.body = body
  }

  /// The message.
  public var description: String { message }

  /// The same error in other words.
  func saying(_ message: String) -> ModelError {
    var error = self
    error.message = message
    return error
  }
}
