/// What a VNC endpoint must prove, and how we prove ourselves to it.
///
/// Nothing weaker than what is accepted here is ever used, whatever the server offers.
public struct VNCSecurity: Hashable, Sendable {
  /// The security types to use, the best first; nil decides by the rest.
  ///
  /// With a CA file or a fingerprint these are the X509 types, with a user name X509Plain alone; otherwise
  /// VncAuth where a password is set and None where none is.
  public var accepted: [VNCSecurityType]?
  /// A file of certificates in PEM form that the server's certificate must lead to; nil trusts what the
  /// system trusts, or the fingerprint alone.
  public var caFile: String?
  /// The server's own certificate: alone it is enough, together with a CA file both must fit.
  public var fingerprint: CertificateFingerprint?
  /// Who we are, for the Plain types.
  public var userName: String?

  /// Security.
  public init(
    accepted: [VNCSecurityType]? = nil, caFile: String? = nil,
    fingerprint: CertificateFingerprint? = nil, userName: String? = nil
  ) {
    self.accepted = accepted
    self.caFile = caFile
    self.fingerprint = fingerprint
    self.userName = userName
  }
}

/// A way to let a client in: what protects the connection, and what proves who we are.
///
/// The X509 types prove the server by its certificate. The TLS types encrypt without a certificate, so
/// that somebody between us and the server is not noticed. None and VncAuth encrypt nothing.
public enum VNCSecurityType: String, Hashable, Sendable, CaseIterable, CustomStringConvertible {
  /// No password, in the clear.
  case none = "None"
  /// A password of eight bytes at most, in the clear but for the password itself.
  case vnc = "VncAuth"
  /// Encrypted, no password.
  case tlsNone = "TLSNone"
  /// Encrypted, with a VNC password.
  case tlsVnc = "TLSVnc"
  /// Encrypted, with a user name and a password.
  case tlsPlain = "TLSPlain"
  /// Encrypted to a server that proves itself, no password.
  case x509None = "X509None"
  /// Encrypted to a server that proves itself, with a VNC password.
  case x509Vnc = "X509Vnc"
  /// Encrypted to a server that proves itself, with a user name and a password.
  case x509Plain = "X509Plain"

  /// The type of a name, in any case, as servers spell it: `X509Vnc`.
  public init?(named name: String) {
    guard let type = Self.allCases.first(where: { $0.rawValue.lowercased() == name.lowercased() })
    else { return nil }
    self = type
  }

  /// The name.
  public var description: String { rawValue }

  /// Whether the server proves itself by a certificate.
  var isCertified: Bool { [.x509None, .x509Vnc, .x509Plain].contains(self) }

  /// Whether what is sent is encrypted.
  var isEncrypted: Bool { subtype != nil }

  /// Its number in the list of RFB (RFC 6143, 7.1.2), or within VeNCrypt.
  var number: Int { subtype ?? (self == .none ? 1 : 2) }

  /// Its number within VeNCrypt (type 19 of the community's RFB document).
  var subtype: Int? {
    switch self {
    case .none, .vnc: nil
    case .tlsNone: 257
    case .tlsVnc: 258
    case .tlsPlain: 259
    case .x509None: 260
    case .x509Vnc: 261
    case .x509Plain: 262
    }
  }

  /// What proves who we are.
  enum Proof { case none, vnc, plain }

  var proof: Proof {
    switch self {
    case .none, .tlsNone, .x509None: .none
    case .vnc, .tlsVnc, .x509Vnc: .vnc
    case .tlsPlain, .x509Plain: .plain
    }
  }
}

/// The SHA-256 of a certificate.
public struct CertificateFingerprint: Hashable, Sendable, CustomStringConvertible {
  /// Its 32 bytes.
  public let bytes: [UInt8]

  /// The fingerprint of 64 hexadecimal digits, with or without colons, as openssl prints them; nil for any
  /// other text.
  public init?(_ text: String) {
    var digits: [UInt8] = []
    for character in text.utf8.prefix(200) where character != UInt8(ascii: ":") {
      guard let digit = Character(Unicode.Scalar(character)).hexDigitValue else { return nil }
      digits.append(UInt8(digit))
    }
    guard digits.count == 64, text.utf8.count <= 200 else { return nil }
    bytes = stride(from: 0, to: 64, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
  }

  init(bytes: [UInt8]) { self.bytes = bytes }

  /// Pairs of digits with colons between them.
  public var description: String {
    bytes.map { byte in
      let digits = String(byte, radix: 16, uppercase: true)
      return byte < 16 ? "0\(digits)" : digits
    }.joined(separator: ":")
  }
}

extension VNCEndpoint {
  /// What we accept, the best first, when nothing else is said.
  var acceptedTypes: [VNCSecurityType] {
    if let accepted = security.accepted { return accepted }
    if security.userName != nil { return [.x509Plain] }
    if security.caFile != nil || security.fingerprint != nil {
      return password == nil ? [.x509None] : [.x509Vnc]
    }
    return password == nil ? [.none] : [.vnc]
  }
}
