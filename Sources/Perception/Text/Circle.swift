import Glibc

/// Places on a circle.
enum Circle {
  /// The cosine of an angle in radians.
  static func cosine(_ angle: Double) -> Double { cos(angle) }
}
