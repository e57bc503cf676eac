import Testing

@testable import SSH

struct AddressTests {
  @Test(arguments: [
    ("ssh://tester@host:2222", "ssh://tester@host:2222"), ("tester@host", "ssh://tester@host:22"),
    ("ssh://tester@host/", "ssh://tester@host:22"),
    ("ssh://tester@[::1]:22", "ssh://tester@[::1]:22"),
    ("ssh://a@b@host", "ssh://a@b@host:22"),
  ])
  func `reads an address`(_ text: String, _ meaning: String) {
    #expect(SSHAddress(parsing: text)?.description == meaning)
  }

  @Test(arguments: [
    "", "host", "ssh://host", "ssh://@host", "ssh://tester@", "ssh://tester:secret@host",
    "ssh://tester@host:0", "ssh://tester@host:65536", "ssh://tester@host:x", "ssh://a@h o",
    "ssh://tester@[::1", "ssh://tester@[::1]x", "ssh://a@host/path",
  ])
  func `refuses what is none`(_ text: String) {
    #expect(SSHAddress(parsing: text) == nil)
  }
}
