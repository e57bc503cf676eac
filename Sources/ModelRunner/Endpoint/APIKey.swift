/// A key for an endpoint that asks for one.
///
/// It prints as its name, never as its value.
public struct APIKey: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible,
  CustomReflectable
{
  /// Where the key came from, such as the name of an environment variable.
  public let name: String
  private let value: String

  /// A key and the name under which it may be shown.
  public init(name: String, value: String) {
    self.name = name
    self.value = value
  }

  /// `‹NAME›`.
  public var description: String { "‹\(name)›" }
  /// `‹NAME›`.
  public var debugDescription: String { description }
  /// Shows the name alone.
  public var customMirror: Mirror { Mirror(self, children: ["name": name]) }

  /// The value; for the `Authorization` header only.
  func reveal() -> String { value }
}
