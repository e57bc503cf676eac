internal import Scenario
internal import Story
internal import VNC

// Texts: by keys, by the clipboard, or by a command on the SSH host.
extension VNCScreen {
  func type(
    _ text: Template, _ clear: Bool, _ enter: Bool, isPasted: Bool
  ) async throws(Fault) {
    let secrets = self.secrets
    guard let plain = text.resolved(secret: { secrets[$0] }, result: { _ in nil }) else {
      throw Fault(
        .scenario,
        "a secret of “\(text)” has no value: set its environment variable, or put it into .env")
    }
    if clear {
      try await press(["ctrl", "a"])
      try await press(["backspace"])
    }
    if !plain.isEmpty {
      if isPasted { try await paste(plain) } else { try await type(plain) }
    }
    if enter { try await press(["enter"]) }
  }

  private func type(_ plain: String) async throws(Fault) {
    try await noteLostSigns(in: plain)
    guard let host, host.canType else {
      return try await withConnection { (connection) async throws(VNCError) in
        _ = try await connection.type(plain)
      }
    }
    if !host.typesAll, try await typeByKeys(plain) { return }
    hasHostActed = true
    try await host.type(plain)
  }

  /// Pastes all of a text by the chord that is known to paste there.
  private func paste(_ plain: String) async throws(Fault) {
    try await withConnection { (connection) async throws(VNCError) in
      _ = try await connection.paste(plain)
    }
  }

  /// Takes no sign for one that has a key where the application has loaded another layout meanwhile.
  private func noteLostSigns(in plain: String) async throws(Fault) {
    let scalars = plain.unicodeScalars
    guard scalars.contains(where: { !$0.isASCII && source.signs.contains($0) }) else { return }
    guard await !source.hasSigns() else { return }
    try await withConnection { (connection) async throws(VNCError) in
      await connection.forgetSigns()
    }
  }

  /// Types a text by keys alone; false, and nothing is typed, where they cannot type all of it.
  private func typeByKeys(_ plain: String) async throws(Fault) -> Bool {
    try await withConnection { (connection) async throws(VNCError) in
      do throws(VNCError) {
        _ = try await connection.type(plain, through: .keys)
        return true
      } catch  where error.code == .unsupportedInput {
        return false
      } catch {
        throw error
      }
    }
  }
}
