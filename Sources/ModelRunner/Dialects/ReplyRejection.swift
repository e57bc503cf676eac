public import JSONCoding

/// A call that was understood: a tool that was offered, with arguments that fit its schema.
public struct DecodedCall: Hashable, Sendable {
  /// The id to answer; nil when the model called by text, which has none.
  public var id: String?
  /// The tool.
  public var name: String
  /// The arguments.
  public var arguments: JSONObject
  /// What had to be put right to read them; none of it changes what they mean.
  var repairs: Set<Repair>

  /// A call.
  public init(
    id: String? = nil, name: String, arguments: JSONObject, repairs: Set<Repair> = []
  ) {
    self.id = id
    self.name = name
    self.arguments = arguments
    self.repairs = repairs
  }

  /// Something about the form of a call that was put right.
  public enum Repair: String, Hashable, Sendable, CaseIterable {
    /// It stood in a code fence.
    case fence
    /// Something was said before it.
    case prose
    /// The mark that closes it was missing at the very end.
    case unclosedTag
    /// A comma stood before a closing bracket.
    case trailingComma
    /// A line break or another control character stood bare in a string.
    case bareControl
    /// Words or quotes of Python: `True`, `None`, `'…'`.
    case python
    /// The arguments were JSON inside a string.
    case doubleEncoded
    /// The arguments were left out of a call that needs none.
    case noArguments
    /// A number or truth value was written as a string.
    case stringified
    /// A whole number stood where a string is wanted.
    case unquoted
    /// An optional argument was `null`.
    case null
    /// The name stood under another key than the one asked for.
    case key
    /// A box stood where a point is wanted; its middle is meant.
    case box
    /// A place was written in another form than a list: as a text, by names, or one list too deep.
    case place
  }
}

/// What a reply says once it was understood.
public struct DecodedReply: Hashable, Sendable {
  /// The calls, in order; at least one.
  public var calls: [DecodedCall]
  /// What the model said besides.
  public var text: String

  /// A reply.
  public init(calls: [DecodedCall], text: String = "") {
    self.calls = calls
    self.text = text
  }
}

/// Why a reply is no call that can be acted on.
public struct ReplyRejection: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong.
  public enum Reason: Hashable, Sendable {
    /// Nothing was said at all.
    case empty
    /// The limit of tokens cut it.
    case truncated
    /// Something was said, but nothing called.
    case noCall
    /// A tool that was not offered.
    case unknownTool(String)
    /// The form cannot be read.
    case malformed
    /// The arguments do not fit the tool's schema; the path leads to the one that does not.
    case badArgument(tool: String, path: String)
  }

  /// What is wrong.
  public let reason: Reason
  /// One sentence for the model, so that it can do better.
  public let message: String

  init(_ reason: Reason, _ message: String) {
    self.reason = reason
    self.message = message
  }

  /// The sentence.
  public var description: String { message }
}
