/// A screen of our own, served over real RFB from inside this process.
public enum DemoScreen {
  /// The screens there are.
  public static let names = ["sign-in"]

  static func check(_ name: String) throws(DemoError) {
    guard names.contains(name) else { throw .unknownName(name, names: names) }
  }
}
