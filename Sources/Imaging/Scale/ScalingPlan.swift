import Pixels

/// Which source pixels each target pixel covers, and by how much.
struct ScalingPlan: Sendable {
  private let target: PixelSize
  private let columns: Spans
  private let rows: Spans
  /// Whether so many rows become one that eight bits for their weights are too few.
  private let isSteep: Bool

  init(from source: PixelSize, to target: PixelSize) {
    self.target = target
    columns = Spans(from: source.width, to: target.width, total: 1 << 16)
    isSteep = source.height > target.height * 2
    rows = Spans(from: source.height, to: target.height, total: isSteep ? 1 << 16 : 1 << 8)
  }

  /// Writes the target row by row: first weighs the source rows of each, then the columns.
  func fill(_ output: UnsafeMutableBufferPointer<UInt8>, from frame: Frame) {
    var sums = [UInt16](repeating: 0, count: frame.stride)
    var wide = [UInt32](repeating: 0, count: isSteep ? frame.stride : 0)
    frame.pixels.withUnsafeBufferPointer { pixels in
      sums.withUnsafeMutableBufferPointer { sums in
        wide.withUnsafeMutableBufferPointer { wide in
          for y in 0..<target.height {
            if isSteep {
              weighManyRows(y, of: pixels, into: sums, by: wide)
            } else {
              weighRows(y, of: pixels, into: sums)
            }
            let row = output[(y * target.width * 4)...].prefix(target.width * 4)
            weighColumns(UnsafeRawBufferPointer(sums), into: .init(rebasing: row))
          }
        }
      }
    }
  }

  /// Sums in 256ths; the weights add up to 256, so they fit 16 bits.
  private func weighRows(
    _ y: Int, of pixels: UnsafeBufferPointer<UInt8>, into sums: UnsafeMutableBufferPointer<UInt16>
  ) {
    for (step, (line, weight)) in rows[y].enumerated() {
      let line = UnsafeBufferPointer(rebasing: pixels[(line * sums.count)...].prefix(sums.count))
      let weight = UInt16(truncatingIfNeeded: weight)
      if step == 0 {
        for x in sums.indices { sums[x] = UInt16(line[x]) &* weight }
      } else {
        for x in sums.indices { sums[x] &+= UInt16(line[x]) &* weight }
      }
    }
  }

  /// The same with weights that add up to 65536, for sums of many rows.
  private func weighManyRows(
    _ y: Int, of pixels: UnsafeBufferPointer<UInt8>, into sums: UnsafeMutableBufferPointer<UInt16>,
    by wide: UnsafeMutableBufferPointer<UInt32>
  ) {
    wide.update(repeating: 0)
    for (line, weight) in rows[y] {
      let line = UnsafeBufferPointer(rebasing: pixels[(line * sums.count)...].prefix(sums.count))
      for x in wide.indices { wide[x] &+= UInt32(line[x]) &* weight }
    }
    for x in wide.indices { sums[x] = UInt16(truncatingIfNeeded: (wide[x] &+ 127) &>> 8) }
  }

  /// Weighs two channels with each multiplication: 65280 times weights that add up to 65536 fit 32 bits.
  private func weighColumns(
    _ sums: UnsafeRawBufferPointer, into output: UnsafeMutableBufferPointer<UInt8>
  ) {
    let target = UnsafeMutableRawBufferPointer(output)
    let mask: UInt64 = 0x0000_FFFF_0000_FFFF
    let half: UInt64 = 0x0080_0000_0080_0000
    columns.withUnsafe { starts, cells, weights in
      for x in 0..<starts.count - 1 {
        var even = half
        var odd = half
        for index in starts[x]..<starts[x + 1] {
          let pixel = sums.loadUnaligned(fromByteOffset: cells[index] &* 8, as: UInt64.self)
          let weight = UInt64(weights[index])
          even &+= (pixel & mask) &* weight
          odd &+= (pixel &>> 16 & mask) &* weight
        }
        let blueAndRed = even &>> 24 & 0xFF | even &>> 40 & 0xFF_0000
        let pixel = UInt32(truncatingIfNeeded: blueAndRed | odd &>> 16 & 0xFF00)
        target.storeBytes(of: pixel, toByteOffset: x &* 4, as: UInt32.self)
      }
    }
  }
}

/// The source cells under each target cell of one direction, and their weights.
private struct Spans: Sendable {
  private var starts: [Int] = [0]
  private var cells: [Int] = []
  private var weights: [UInt32] = []

  /// Weights of each target cell add up to `total`; a source cell without weight is left out.
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
          cells.append(index)
          weights.append(UInt32(upTo - given))
          given = upTo
        }
        index += 1
      }
      starts.append(cells.count)
    }
  }

  subscript(_ cell: Int) -> Zip2Sequence<ArraySlice<Int>, ArraySlice<UInt32>> {
    let range = starts[cell]..<starts[cell + 1]
    return zip(cells[range], weights[range])
  }

  func withUnsafe(
    _ body: (
      UnsafeBufferPointer<Int>, UnsafeBufferPointer<Int>, UnsafeBufferPointer<UInt32>
    ) -> Void
  ) {
    starts.withUnsafeBufferPointer { starts in
      cells.withUnsafeBufferPointer { cells in
        weights.withUnsafeBufferPointer { weights in body(starts, cells, weights) }
      }
    }
  }
}
