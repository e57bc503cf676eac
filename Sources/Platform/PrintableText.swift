/// Text from outside without control characters and cut, so that it can go into a message.
///
/// - Parameter bytes: UTF-8; what is none becomes replacement characters. At most 512 characters are kept.
public func printable(_ bytes: some Sequence<UInt8>) -> String {
  var result = ""
  for scalar in String(decoding: Array(bytes), as: UTF8.self).unicodeScalars.prefix(512) {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse: continue
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result
}
