/// Times of one thing, taken many times.
struct Times {
  /// In seconds, the shortest first.
  let sorted: [Double]

  init(_ seconds: [Double]) { sorted = seconds.sorted() }

  /// The middle one.
  var median: Double { quantile(0.5) }

  /// The time that this share of all do not exceed; 0 when there are none.
  func quantile(_ share: Double) -> Double {
    guard !sorted.isEmpty else { return 0 }
    return sorted[min(Int(Double(sorted.count) * share), sorted.count - 1)]
  }
}

/// Runs a body many times, after one run that is not counted.
func measure(_ runs: Int, _ body: () throws -> Void) rethrows -> Times {
  try body()
  var seconds: [Double] = []
  for _ in 0..<max(runs, 1) {
    let start = ContinuousClock.now
    try body()
    seconds.append((ContinuousClock.now - start) / .seconds(1))
  }
  return Times(seconds)
}

/// The same for what waits.
func measure(_ runs: Int, _ body: () async throws -> Void) async rethrows -> Times {
  try await body()
  var seconds: [Double] = []
  for _ in 0..<max(runs, 1) {
    let start = ContinuousClock.now
    try await body()
    seconds.append((ContinuousClock.now - start) / .seconds(1))
  }
  return Times(seconds)
}
