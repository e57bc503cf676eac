internal import Platform

/// What all clients of one model at one address have learned of its server, for as long as they are there.
///
/// Safe to use from any thread.
final class MannersBook: Sendable {
  private let state: Locked<ServerManners>

  /// A book that begins with what is set.
  init(_ manners: ServerManners) { state = Locked(manners) }

  /// What is known now.
  var manners: ServerManners { state.withLock { $0 } }

  /// Does as a refusal asked; nil when nothing is left to be done.
  ///
  /// - Parameters:
  ///   - sent: the fields of the body that was refused.
  ///   - used: what was known when it was sent: another request may have learned the same since.
  func yield(to demand: Demand, sent: [String], used: ServerManners) -> String? {
    state.withLock { manners in
      if manners != used { return "what another request was told" }
      return manners.yield(to: demand, sent: sent)
    }
  }

  /// Notes what was learned in another way.
  func note(_ change: (inout ServerManners) -> Void) { state.withLock { change(&$0) } }
}
