import JSONCoding
import ModelDouble
import Testing

@testable import ModelRunner

/// The errors that Docker Model Runner, its engines and their like put on the wire, by their numbers in
/// docs/model-endpoint.md.
@Suite(.timeLimit(.minutes(5))) struct WireErrorTests {
  /// An answer that is an error, what it means, and how often the request is sent in all.
  struct ErrorTrace: Sendable, CustomTestStringConvertible {
    let name: String
    let answer: DoubleAnswer
    let kind: ModelError.Kind
    let attempts: Int
    var says = ""
    var testDescription: String { name }
  }

  static let errors: [ErrorTrace] = [
    ErrorTrace(
      name: "C3 origin refused", answer: .status(403, "Origin not allowed\n"), kind: .unauthorised,
      attempts: 1, says: "DMR_ORIGINS"),
    ErrorTrace(
      name: "C30 model not pulled",
      answer: .status(
        404, "error while getting model: get model '\"ai/qwen3-vl\"': model not found\n"),
      kind: .modelNotFound, attempts: 1, says: "docker model pull ai/qwen3-vl"),
    ErrorTrace(
      name: "C31 body too large", answer: .status(400, "request too large\n"),
      kind: .payloadTooLarge(limit: 10 << 20), attempts: 1, says: "smaller pictures"),
    ErrorTrace(
      name: "C32 bad JSON", answer: .status(400, "invalid request\n"), kind: .badRequest,
      attempts: 1),
    ErrorTrace(
      name: "C32 no model", answer: .status(400, "model is required\n"), kind: .badRequest,
      attempts: 1),
    ErrorTrace(
      name: "C33 out of memory",
      answer: .status(
        500,
        """
        unable to load runner: error waiting for runner to be ready: llama.cpp terminated unexpectedly: \
        llama.cpp failed: not enough GPU memory to load the model (CUDA)

        Verbose output:
        error loading model: cudaMalloc failed: out of memory

        """), kind: .loadFailed, attempts: 1, says: "smaller model"),
    ErrorTrace(
      name: "C34 load timed out",
      answer: .status(
        500,
        "unable to load runner: error waiting for runner to be ready: inference backend took too long to "
          + "initialize\n"), kind: .loadInterrupted, attempts: 3, says: "docker model run --detach"),
    ErrorTrace(
      name: "C35 load cancelled", answer: .status(500, "unable to load runner: context canceled\n"),
      kind: .loadInterrupted, attempts: 3),
    ErrorTrace(
      name: "C37 backend missing",
      answer: .status(
        412, "backend \"vllm\" is not installed; run: docker model install-runner --backend vllm\n"),
      kind: .backendMissing, attempts: 1, says: "install-runner"),
    ErrorTrace(
      name: "C37 installation failed",
      answer: .status(503, "backend installation failed: no space left\n"), kind: .backendMissing,
      attempts: 1),
    ErrorTrace(
      name: "C38 crash labelled as text",
      answer: .status(
        500,
        #"{"type":"error","code":null,"message":"llama.cpp terminated unexpectedly: GGML_ASSERT failed","param":null,"sequence_number":1}"#
      ), kind: .engineCrashed, attempts: 2, says: "docker model logs"),
    ErrorTrace(
      name: "C38 empty 500", answer: .status(500, type: "", body: []), kind: .server, attempts: 2),
    ErrorTrace(
      name: "C38 empty 502", answer: .status(502, type: "", body: []), kind: .engineCrashed,
      attempts: 2),
    ErrorTrace(
      name: "C40 no vision",
      answer: .error(
        500,
        "image input is not supported - hint: if this is unexpected, you may need to provide the mmproj"
      ),
      kind: .noVision, attempts: 1, says: "docker model pull ai/qwen3-vl"),
    ErrorTrace(
      name: "C41 undecodable image",
      answer: .error(400, "Failed to load image or audio file", type: "invalid_request_error"),
      kind: .badImage, attempts: 1, says: "PNG or JPEG"),
    ErrorTrace(
      name: "C42 context overflow",
      answer: .status(
        400,
        json: [
          "error": [
            "code": 400,
            "message":
              "request (9216 tokens) exceeds the available context size (4096 tokens), try increasing it",
            "type": "exceed_context_size_error", "n_prompt_tokens": 9216, "n_ctx": 4096,
          ]
        ]), kind: .contextExceeded(prompt: 9216, limit: 4096), attempts: 1, says: "9216"),
    ErrorTrace(
      name: "C43 pool exhausted", answer: .error(500, "Context size has been exceeded."),
      kind: .contextExceeded(prompt: nil, limit: nil), attempts: 1, says: "share the context"),
    ErrorTrace(
      name: "C44 tool format",
      answer: .error(
        500, "The model produced output that does not match the expected peg-native format"),
      kind: .toolFormat, attempts: 2),
    ErrorTrace(
      name: "C45 grammar",
      answer: .error(
        400, "Failed to initialize samplers: failed to parse grammar", type: "invalid_request_error"
      ),
      kind: .badSchema, attempts: 1, says: "schemas"),
    ErrorTrace(
      name: "C45 a schema that is none",
      answer: .error(
        400,
        "Unable to generate parser for this template. Automatic parser generation failed: JSON schema error "
          + "at #/properties/x: unrecognized type nonsense", type: "invalid_request_error"),
      kind: .badSchema, attempts: 1, says: "schemas"),
    ErrorTrace(
      name: "C53 a call in the past is no JSON",
      answer: .error(
        500,
        "Failed to parse tool call arguments as JSON: [json.exception.parse_error.101] parse error at line "
          + "1, column 10: syntax error while parsing object key"), kind: .badRequest, attempts: 1),
    ErrorTrace(
      name: "C46 error event",
      answer: .events([
        #"{"choices":[{"finish_reason":null,"index":0,"delta":{"content":"I wi"}}]}"#,
        #"{"error":{"code":500,"message":"Compute error.","type":"server_error"}}"#,
      ]), kind: .server, attempts: 2),
    ErrorTrace(
      name: "C46 error event after the finish",
      answer: .events([
        #"{"choices":[{"finish_reason":"stop","index":0,"delta":{}}]}"#,
        #"{"error":{"code":500,"message":"Compute error.","type":"server_error"}}"#,
      ]), kind: .server, attempts: 2),
    ErrorTrace(
      name: "C46 old engines",
      answer: .chunks([
        .text(": hi\n\n"),
        .text("error: {\"code\":500,\"message\":\"broken\",\"type\":\"server_error\"}\n\n"),
      ]), kind: .server, attempts: 2, says: "broken"),
    ErrorTrace(
      name: "C44 tool format in a stream",
      answer: .events([
        #"{"choices":[{"finish_reason":null,"index":0,"delta":{"role":"assistant","content":null}}]}"#,
        #"{"error":{"code":500,"message":"The model produced output that does not match the expected peg-native format","type":"server_error"}}"#,
      ]), kind: .toolFormat, attempts: 2),
    ErrorTrace(
      name: "C49 unknown route", answer: .status(404, "not found\n"), kind: .notAnEndpoint,
      attempts: 1, says: "/engines/v1"),
    ErrorTrace(
      name: "C49 unknown route of a bare engine",
      answer: .status(
        404,
        json: ["error": ["message": "File Not Found", "type": "not_found_error", "code": 404]]),
      kind: .notAnEndpoint, attempts: 1, says: "is /v1"),
    ErrorTrace(
      name: "tools need jinja", answer: .error(500, "tools param requires --jinja flag"),
      kind: .noTools, attempts: 1, says: "--jinja"),
    ErrorTrace(
      name: "vLLM without a tool parser",
      answer: .status(
        400,
        json: [
          "object": "error", "type": "BadRequestError", "code": 400,
          "message":
            "\"auto\" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set",
        ]), kind: .noTools, attempts: 1),
    ErrorTrace(
      name: "Ollama's form", answer: .status(404, json: ["error": "model not found"]),
      kind: .modelNotFound, attempts: 1),
    ErrorTrace(
      name: "Anthropic's form",
      answer: .status(
        404,
        json: [
          "type": "error",
          "error": ["type": "not_found_error", "message": "Model not found: ai/x"],
        ]), kind: .modelNotFound, attempts: 1),
    ErrorTrace(
      name: "a key is wanted",
      answer: .error(401, "Invalid API Key", type: "authentication_error"), kind: .unauthorised,
      attempts: 1, says: "set an API key"),
    ErrorTrace(
      name: "200 with plain text", answer: .status(200, "Installing llama.cpp…\nfailed\n"),
      kind: .malformedReply, attempts: 2, says: "Installing"),
    ErrorTrace(
      name: "200 with a login page",
      answer: .status(200, type: "text/html", body: Array("<html>login</html>".utf8)),
      kind: .notAnEndpoint, attempts: 1, says: "proxy"),
    ErrorTrace(
      name: "a redirect",
      answer: DoubleAnswer.status(302, "").with(header: "Location", "http://127.0.0.1:1/"),
      kind: .notAnEndpoint, attempts: 1, says: "redirects"),
    ErrorTrace(
      name: "no choices", answer: .status(200, json: ["choices": []]), kind: .malformedReply,
      attempts: 2),
    ErrorTrace(
      name: "no JSON",
      answer: .status(200, type: "application/json", body: Array("{\"choices\":".utf8)),
      kind: .malformedReply, attempts: 2),
    ErrorTrace(
      name: "an event that is no JSON", answer: .events(["{\"choices\":"]), kind: .malformedReply,
      attempts: 2),
    ErrorTrace(
      name: "a stream of nothing", answer: .chunks([]), kind: .truncatedReply, attempts: 4),
    ErrorTrace(
      name: "not HTTP", answer: .wire([.text("SSH-2.0-OpenSSH_9.2\r\n")]), kind: .notAnEndpoint,
      attempts: 1),
    ErrorTrace(
      name: "429 beyond patience",
      answer: DoubleAnswer.error(429, "Too many requests").with(header: "Retry-After", "86400"),
      kind: .capacity, attempts: 1),
    ErrorTrace(
      name: "a refusal in so many words",
      answer: .status(
        200,
        json: [
          "choices": [
            [
              "index": 0, "finish_reason": "stop",
              "message": ["role": "assistant", "content": .null, "refusal": "I must not."],
            ]
          ]
        ]), kind: .refused, attempts: 1, says: "I must not."),
  ]

  @Test(arguments: errors, [true, false]) func `tells an error by what it says`(
    trace: ErrorTrace, stream: Bool
  ) async throws {
    let double = try ModelDouble.start(
      override: { $0.isChat ? trace.answer : nil }, ModelDouble.plain)
    defer { double.stop() }
    let client = try client(of: double)
    let error = await modelError { () throws(ModelError) in
      try await client.chat(question(stream: stream))
    }
    #expect(error?.kind == trace.kind)
    #expect(double.chats.count == trace.attempts)
    #expect(error?.message.contains(trace.says) != false || trace.says.isEmpty)
    #expect(
      error?.message.contains("ai/qwen3-vl") == true || error?.message.contains(double.url) == true)
    #expect(error?.message.contains(";") == true || error?.kind == .refused)
  }
}
