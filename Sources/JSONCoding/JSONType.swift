extension JSON {
  /// Whether it is of a type of JSON Schema; nil where there is no type of that name.
  ///
  /// An integer is a number, too.
  public func isOfType(_ name: String) -> Bool? {
    switch name {
    case "object": object != nil
    case "array": array != nil
    case "string": string != nil
    case "boolean": bool != nil
    case "integer": integer != nil
    case "number": double != nil
    case "null": isNull
    default: nil
    }
  }
}
