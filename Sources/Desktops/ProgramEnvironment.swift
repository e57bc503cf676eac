internal import Platform

/// What programs that a case starts are told of the environment that we were started in.
public enum ProgramEnvironment {
  /// How programs, libraries, fonts and certificates are found, who we are, and what time it is.
  ///
  /// All else stays here. Nobody can list the names under which a runner may be given its tokens.
  public static func inherited(from environment: [String: String]) -> [String: String] {
    var variables = environment.filter { names.contains($0.key) }
    if variables["PATH"] == nil { variables["PATH"] = Executables.defaultPath }
    return variables
  }

  private static let names: Set = [
    "PATH", "LD_LIBRARY_PATH", "USER", "LOGNAME", "SHELL", "TZ", "FONTCONFIG_FILE",
    "FONTCONFIG_PATH", "SSL_CERT_FILE", "SSL_CERT_DIR",
  ]
}
