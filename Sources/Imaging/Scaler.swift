public import Pixels

/// Makes pictures smaller (or larger) so that every source pixel counts by the area it covers.
public enum Scaler {
  /// The frame at another size, each target pixel being the mean of what it covers.
  ///
  /// Right within one level of 255; text stays readable down to about half its size. The frame keeps
  /// its sequence number.
  public static func areaAverage(_ frame: Frame, to size: PixelSize) -> Frame {
    if size == frame.size { return frame }
    let columns = Spans(from: frame.size.width, to: size.width, total: 1 << 16)
    let rows = Spans(from: frame.size.height, to: size.height, total: 1 << 8)
    let pixels = [UInt8](unsafeUninitializedCapacity: size.area * 4) { target, count in
      frame.pixels.withUnsafeBufferPointer { source in
        var sums = [UInt16](repeating: 0, count: frame.stride)
        sums.withUnsafeMutableBufferPointer { sums in
          for y in 0..<size.height {
            sum(rows, y, of: source, stride: frame.stride, into: sums)
            shrink(sums, columns, into: target, at: y * size.width * 4, width: size.width)
          }
        }
      }
      count = size.area * 4
    }
    return Frame(size: size, pixels: pixels, sequence: frame.sequence) ?? frame
  }

  /// The largest size with the same proportions that fits into `limit` on its longer side and has at
  /// most `area` pixels; never larger than `size` itself.
  public static func fitting(_ size: PixelSize, longestSide limit: Int, area: Int) -> PixelSize {
    let longest = Double(max(size.width, size.height))
    let factor = min(
      1, Double(max(limit, 1)) / longest,
      (Double(max(area, 1)) / Double(size.area)).squareRoot())
    return PixelSize(
      clampingWidth: Int((Double(size.width) * factor).rounded(.down)),
      height: Int((Double(size.height) * factor).rounded(.down)))
  }

  /// Weighs the source rows of one target row; weights add up to 256, so a sum fits 16 bits.
  private static func sum(
    _ rows: Spans, _ row: Int, of source: UnsafeBufferPointer<UInt8>, stride: Int,
    into sums: UnsafeMutableBufferPointer<UInt16>
  ) {
    for index in rows.starts[row]..<rows.starts[row + 1] {
      let weight = UInt16(truncatingIfNeeded: rows.weights[index])
      let line = UnsafeBufferPointer(rebasing: source[(rows.sources[index] * stride)...])
      if index == rows.starts[row] {
        for x in 0..<stride { sums[x] = UInt16(line[x]) &* weight }
      } else {
        for x in 0..<stride { sums[x] &+= UInt16(line[x]) &* weight }
      }
    }
  }

  /// Weighs the columns; weights add up to 65536, and 255 * 256 * 65536 fits 32 bits.
  private static func shrink(
    _ sums: UnsafeMutableBufferPointer<UInt16>, _ columns: Spans,
    into target: UnsafeMutableBufferPointer<UInt8>, at offset: Int, width: Int
  ) {
    columns.starts.withUnsafeBufferPointer { starts in
      columns.sources.withUnsafeBufferPointer { sources in
        columns.weights.withUnsafeBufferPointer { weights in
          for x in 0..<width {
            var total = SIMD4<UInt32>(repeating: 0)
            for index in starts[x]..<starts[x + 1] {
              let at = sources[index] * 4
              let pixel = SIMD4<UInt32>(
                UInt32(sums[at]), UInt32(sums[at + 1]), UInt32(sums[at + 2]), 0)
              total &+= pixel &* SIMD4(repeating: weights[index])
            }
            total = (total &>> 16 &+ 128) &>> 8
            let to = offset + x * 4
            target[to] = UInt8(truncatingIfNeeded: total.x)
            target[to + 1] = UInt8(truncatingIfNeeded: total.y)
            target[to + 2] = UInt8(truncatingIfNeeded: total.z)
            target[to + 3] = 0
          }
        }
      }
    }
  }
}

/// Which source cells each target cell covers, and by how much; the weights of each add up to `total`.
private struct Spans {
  var starts: [Int] = [0]
  var sources: [Int] = []
  var weights: [UInt32] = []

  init(from source: Int, to target: Int, total: Int) {
    for cell in 0..<target {
      // Exact in integers: a cell reaches from cell * source / target to (cell + 1) * source / target.
      let begin = cell * source
      let end = begin + source
      var given = 0
      var index = begin / target
      while index * target < end {
        let covered = min(end, (index + 1) * target) - begin
        let upTo = (covered * total + source / 2) / source
        if upTo > given {
          sources.append(index)
          weights.append(UInt32(upTo - given))
          given = upTo
        }
        index += 1
      }
      starts.append(sources.count)
    }
  }
}
