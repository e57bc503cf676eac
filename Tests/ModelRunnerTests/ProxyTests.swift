import Glibc
import JSONCoding
import ModelDouble
import Testing

@testable import ModelRunner

/// Which requests go through the proxy of the environment; each test is a process of its own.
@Suite(.timeLimit(.minutes(5))) struct ProxyTests {
  /// Asks an address for its status, with a proxy that answers everything; returns the request lines
  /// that the proxy saw.
  private static func proxied(_ urls: [String], except names: String = "") async throws -> [String]
  {
    let proxy = try ModelDouble.start(
      override: { _ in .status(200, json: ["llama.cpp": "through the proxy"]) }, ModelDouble.plain)
    defer { proxy.stop() }
    for name in ["http_proxy", "https_proxy", "all_proxy", "HTTPS_PROXY", "ALL_PROXY"] {
      setenv(name, "http://127.0.0.1:\(proxy.port)", 1)
    }
    unsetenv("NO_PROXY")
    setenv("no_proxy", names, 1)
    for url in urls {
      var endpoint = try ModelEndpoint(url: url, model: "x")
      endpoint.timeouts.connect = .seconds(2)
      let client = ModelClient(endpoint, transport: HTTPTransport(), clock: TestClock().clock)
      _ = try? await client.status()
    }
    return proxy.requests.map { "\($0.method) \($0.path)" }
  }

  @Test func `a distant name is reached through the proxy`() async {
    await #expect(processExitsWith: .success) {
      let seen = try await ProxyTests.proxied([
        "http://models.invalid/v1", "http://192.0.2.1:8080/v1",
      ])
      #expect(
        seen == [
          "GET http://models.invalid/engines/status",
          "GET http://192.0.2.1:8080/engines/status",
        ])
    }
  }

  @Test func `TLS goes through the proxy in a tunnel`() async {
    await #expect(processExitsWith: .success) {
      let seen = try await ProxyTests.proxied(["https://models.invalid/v1"])
      #expect(seen == ["CONNECT models.invalid:443"])
    }
  }

  @Test func `nothing near is reached through the proxy`() async {
    await #expect(processExitsWith: .success) {
      let seen = try await ProxyTests.proxied([
        "http://localhost:1/v1", "http://127.0.0.1:1/v1", "http://127.8.8.8:1/v1",
        "http://[::1]:1/v1", "http://models.localhost:1/v1",
        "http://model-runner.docker.internal/v1", "http://Model-Runner.Docker.Internal:1/v1",
        "unix:///nonexistent/runner.sock",
      ])
      #expect(seen == [])
    }
  }

  @Test func `a name that the environment excepts is not reached through the proxy`() async {
    await #expect(processExitsWith: .success) {
      let seen = try await ProxyTests.proxied(
        ["http://models.invalid/v1", "http://a.lab.invalid/v1", "http://far.invalid/v1"],
        except: "models.invalid,.lab.invalid")
      #expect(seen == ["GET http://far.invalid/engines/status"])
    }
  }
}
