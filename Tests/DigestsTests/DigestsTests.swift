import Digests
import Testing

struct DigestsTests {
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
  ])
  func `SHA-256 gives the digests of FIPS 180-4`(_ text: String, _ digest: String) {
    #expect(SHA256(of: Array(text.utf8)).description == digest)
  }

  @Test(arguments: [
    ([UInt8](repeating: 0x0B, count: 20), "Hi There", "b617318655057264e28bc0b6fb378c8ef146be00"),
    (
      Array("Jefe".utf8), "what do ya want for nothing?",
      "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"
    ),
    (
      [UInt8](repeating: 0xAA, count: 80),
      "Test Using Larger Than Block-Size Key - Hash Key First",
      "aa4ae5e15272d00e95705637ce8a3b55ed402112"
    ),
    ([], "", "fbdb1d1b18aa6c08324b7d64b71fb76370690e1d"),
  ])
  func `HMAC-SHA1 gives the digests of RFC 2202`(_ key: [UInt8], _ text: String, _ digest: String) {
    let digits = KeyedSHA1.digest(of: Array(text.utf8), key: key).map { byte in
      (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }
    #expect(digits.joined() == digest)
  }
}
