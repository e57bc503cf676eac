/// Whom to trust, and who we are, when an endpoint speaks TLS.
///
/// Plain HTTP and unix sockets ignore it.
public struct ModelTLS: Hashable, Sendable {
  /// The PEM file of the authorities to trust in place of the machine's; nil trusts the machine's.
  public let caFile: String?
  /// The PEM file of our certificate, for servers that ask for one.
  public let clientCertificate: String?
  /// The PEM file of our certificate's key; nil when it is in the certificate's file.
  public let clientKey: String?

  /// The machine's authorities and no certificate of ours.
  public init() {
    (caFile, clientCertificate, clientKey) = (nil, nil, nil)
  }

  /// The files; they are read when a connection is made, and must not want a passphrase.
  ///
  /// - Throws: `ModelError` of the kind `badEndpoint` for a key without a certificate.
  public init(
    caFile: String?, clientCertificate: String? = nil, clientKey: String? = nil
  ) throws(ModelError) {
    guard clientKey == nil || clientCertificate != nil else {
      throw ModelError(
        .badEndpoint,
        "the client key \"\((clientKey ?? "").excerpt(200))\" has no certificate; set client_certificate too"
      )
    }
    self.caFile = caFile
    self.clientCertificate = clientCertificate
    self.clientKey = clientKey
  }
}

/// What was wrong with a TLS connection.
enum TLSProblem: Hashable, Sendable {
  /// The other side does not speak TLS, or none that we do.
  case handshake
  /// The server's certificate has ended or has not begun.
  case expired
  /// The server's certificate is for another name.
  case wrongName
  /// Nobody we trust signed the server's certificate.
  case untrusted
  /// A file of ours could not be used.
  case ownFile
  /// The server wants a certificate of ours, or another one.
  case clientCertificate
}

extension TLSProblem {
  /// Reads OpenSSL's words, which libcurl passes on, for a certificate that was not accepted.
  init(refusal text: String) {
    let text = text.lowercased()
    if text.contains("expired") || text.contains("not yet valid") {
      self = .expired
    } else if text.contains("subject name") || text.contains("host name")
      || text.contains("hostname") || text.contains("ip address")
    {
      self = .wrongName
    } else {
      self = .untrusted
    }
  }

  /// Whether OpenSSL's words say that the server would not go on with what we showed of ourselves.
  ///
  /// TLS 1.3 says so after the handshake, as an error of reading or writing.
  static func isClientRefused(_ text: String) -> Bool {
    let text = text.lowercased()
    return text.contains("alert")
      && ["certificate", "unknown ca", "access denied"].contains { text.contains($0) }
  }
}
