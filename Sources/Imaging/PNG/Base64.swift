/// Base64 (RFC 4648, with padding), written straight into a request that is being put together.
public enum Base64 {
  /// Two letters for each value of twelve bits, so that three bytes take two look-ups.
  private static let pairs: [UInt16] = {
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    return (0..<4096).map { UInt16(letters[$0 >> 6]) | UInt16(letters[$0 & 63]) << 8 }
  }()

  /// Appends the text for `bytes` to `output`.
  public static func append(_ bytes: [UInt8], to output: inout [UInt8]) {
    let whole = bytes.count / 3
    output.reserveCapacity(output.count + (bytes.count + 2) / 3 * 4)
    let text = [UInt8](unsafeUninitializedCapacity: whole * 4) { target, count in
      pairs.withUnsafeBufferPointer { pairs in
        bytes.withUnsafeBufferPointer { source in
          for group in 0..<whole {
            let bits =
              Int(source[group * 3]) << 16 | Int(source[group * 3 + 1]) << 8
              | Int(source[group * 3 + 2])
            let high = pairs[bits >> 12]
            let low = pairs[bits & 0xFFF]
            target[group * 4] = UInt8(truncatingIfNeeded: high)
            target[group * 4 + 1] = UInt8(truncatingIfNeeded: high >> 8)
            target[group * 4 + 2] = UInt8(truncatingIfNeeded: low)
            target[group * 4 + 3] = UInt8(truncatingIfNeeded: low >> 8)
          }
        }
      }
      count = whole * 4
    }
    output.append(contentsOf: text)
    appendRest(bytes[(whole * 3)...], to: &output)
  }

  private static func appendRest(_ rest: ArraySlice<UInt8>, to output: inout [UInt8]) {
    guard let first = rest.first else { return }
    let second = rest.dropFirst().first
    let bits = Int(first) << 16 | Int(second ?? 0) << 8
    let high = pairs[bits >> 12]
    output.append(UInt8(truncatingIfNeeded: high))
    output.append(UInt8(truncatingIfNeeded: high >> 8))
    output.append(
      second == nil ? UInt8(ascii: "=") : UInt8(truncatingIfNeeded: pairs[bits & 0xFFF]))
    output.append(UInt8(ascii: "="))
  }
}
