extension ModelClient {
  /// What came of asking for a model to be run in a certain way.
  public enum Settlement: Hashable, Sendable {
    /// It is run so already.
    case unchanged
    /// It is run so from now on.
    case changed
    /// Somebody uses it with other settings.
    case busy
    /// The server has no such settings, as any but Docker Model Runner.
    case unsupported
    /// The server took the settings and does not show them: another program may have replaced them.
    case lost
  }

  /// Has the model run with a context, without taking it from anybody who uses it.
  ///
  /// The sequence that survives the runner's races: look, unload, configure, read back. Settings are kept
  /// in the runner's memory only, so each run asks again; the same settings cost one small request.
  public func settle(
    _ configuration: ModelConfiguration
  ) async throws(ModelError) -> Settlement {
    guard let wanted = configuration.contextSize else { return .unchanged }
    do {
      if try await configuredContext() == wanted { return .unchanged }
    } catch {
      guard error.status == 404 || error.kind == .notAnEndpoint else { throw error }
      return .unsupported
    }
    do {
      try await unload()
      try await configure(configuration)
    } catch {
      guard error.kind == .capacity else { throw error }
      return .busy
    }
    for attempt in 0..<Self.readings {
      if try await configuredContext() == wanted { return .changed }
      guard attempt + 1 < Self.readings else { break }
      do { try await clock.sleep(.milliseconds(500)) } catch {
        throw ModelError(.cancelled, "the settings of \(endpoint.model) were not waited for")
      }
    }
    return .lost
  }

  /// How often settings are read back before they count as lost.
  private static let readings = 5
}
