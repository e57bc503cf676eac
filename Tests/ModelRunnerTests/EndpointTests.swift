import Testing

@testable import ModelRunner

struct EndpointTests {
  struct Address: Sendable, CustomTestStringConvertible {
    let text: String
    let server: String
    let root: String
    let inference: String
    var testDescription: String { text }
  }

  static let addresses: [Address] = [
    Address(
      text: "http://localhost:12434", server: "http://localhost:12434", root: "",
      inference: "/engines/v1"),
    Address(
      text: "http://localhost:12434/", server: "http://localhost:12434", root: "",
      inference: "/engines/v1"),
    Address(text: "http://h/engines/v1/", server: "http://h", root: "", inference: "/engines/v1"),
    Address(text: "http://h/engines", server: "http://h", root: "", inference: "/engines/v1"),
    Address(text: "http://h//engines//v1", server: "http://h", root: "", inference: "/engines/v1"),
    Address(
      text: "http://h/engines/llama.cpp/v1", server: "http://h", root: "",
      inference: "/engines/llama.cpp/v1"),
    Address(text: "http://h/v1/chat/completions", server: "http://h", root: "", inference: "/v1"),
    Address(
      text: "https://H.example:8443/v1", server: "https://H.example:8443", root: "",
      inference: "/v1"),
    Address(text: "http://[::1]:8080/v1", server: "http://[::1]:8080", root: "", inference: "/v1"),
    Address(
      text: "http://h/proxy/engines/v1", server: "http://h", root: "/proxy",
      inference: "/proxy/engines/v1"),
    Address(
      text: "unix:///var/run/docker.sock:/exp/vDD4.40", server: "http://localhost",
      root: "/exp/vDD4.40",
      inference: "/exp/vDD4.40/engines/v1"),
    Address(
      text: "unix:///var/run/docker.sock/exp/vDD4.40/engines/v1", server: "http://localhost",
      root: "/exp/vDD4.40", inference: "/exp/vDD4.40/engines/v1"),
    Address(
      text: "unix:///tmp/runner", server: "http://localhost", root: "", inference: "/engines/v1"),
  ]

  @Test(arguments: addresses) func `takes an address apart`(address: Address) throws {
    let parsed = try EndpointAddress(address.text)
    #expect(parsed.server.address("") == address.server)
    #expect(parsed.root == address.root)
    #expect(parsed.inference == address.inference)
  }

  @Test func `finds the socket's path`() throws {
    let server = try EndpointAddress("unix:///var/run/docker.sock:/exp").server
    #expect(server.kind == .unix(path: "/var/run/docker.sock"))
    #expect(server.isLocal)
  }

  @Test(arguments: [
    ("localhost:12434", "did you mean http://localhost:12434"), ("ftp://h/", "\"ftp\" is none of"),
    ("http://", "names no host"), ("http://:80", "names no host"),
    ("http://user:pw@h/", "user name or password"), ("http://h:0/", "1…65535"),
    ("http://h:99999/", "1…65535"), ("http://h:x/", "1…65535"), ("http://h/v1?key=1", "query"),
    ("http://h/ v1", "space"), ("http://[::1", "not closed"), ("unix://relative", "absolute"),
    ("unix:///" + String(repeating: "a", count: 120), "107"), ("", "no scheme"),
    ("http://h\r\nX: y/", "control"),
  ]) func `says what is wrong with an address`(text: String, reason: String) {
    let error = #expect(throws: ModelError.self) { try ModelEndpoint(url: text, model: "ai/x") }
    #expect(error?.kind == .badEndpoint)
    #expect(error?.message.contains(reason) == true)
    #expect(error?.message.contains("http://localhost:12434/engines/v1") == true)
  }

  @Test(arguments: [
    "localhost", "127.0.0.1", "127.9.9.9", "model-runner.docker.internal", "x.localhost",
  ])
  func `uses no proxy for what is near`(host: String) throws {
    #expect(try EndpointAddress("http://\(host)/v1").server.isLocal)
    #expect(try !EndpointAddress("http://\(host).example.com/v1").server.isLocal)
  }

  @Test func `a key shows its name only`() {
    let key = APIKey(name: "MODEL_KEY", value: "s3cret-value")
    var dumped = ""
    dump(key, to: &dumped)
    for text in ["\(key)", String(reflecting: key), dumped, "\([key])", "\(Optional(key) as Any)"] {
      #expect(!text.contains("s3cret"))
      #expect(text.contains("MODEL_KEY"))
    }
    #expect(Redactor(key: key).text("you sent s3cret-value!") == "you sent ‹MODEL_KEY›!")
  }

  @Test func `a server that repeats the key in an error does not leak it`() throws {
    let key = APIKey(name: "MODEL_KEY", value: "s3cret-value")
    let endpoint = try ModelEndpoint(url: "http://h/v1", model: "x", apiKey: key)
    let error = ErrorClassifier(endpoint: endpoint).error(
      status: 401, body: ErrorBody(Array(#"{"error":{"message":"bad key s3cret-value"}}"#.utf8)))
    #expect(error.message.contains("‹MODEL_KEY›"))
    #expect(!error.message.contains("s3cret"))
  }

  @Test func `what a server says is shown on one line without control characters`() throws {
    let endpoint = try ModelEndpoint(url: "http://h/v1", model: "x")
    let text = "bad\u{1B}[2J\u{7}\n::error::x\u{202E}y" + String(repeating: "z", count: 5000)
    let message = ErrorClassifier(endpoint: endpoint).error(
      status: 400, body: ErrorBody(Array(text.utf8))
    ).message
    #expect(message.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x202E })
    #expect(message.count < 1000)
  }
}
