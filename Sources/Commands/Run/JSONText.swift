internal import JSONCoding

/// JSON in messages for people.
enum JSONText {
  /// An object on one line, cut where it is too long to be read.
  static func of(_ object: JSONObject) -> String {
    let text = JSON.object(object).text
    return text.count > 600 ? text.prefix(600) + "…" : text
  }
}
