internal import Platform

/// The HTTP connections of one program: one thread, kept-alive connections, no redirects.
///
/// HTTP/1.1 over TCP, TLS or a unix socket. Share one among all clients. Answers that are being read
/// keep it alive; when the last reference goes, the thread ends.
public final class HTTPTransport: Sendable {
  private let mailbox = CurlMailbox()
  private let driving: Task<Void, Never>

  /// Starts the thread.
  public init() {
    let loop = CurlLoop(mailbox: mailbox)
    driving = Task { await loop.run() }
  }

  deinit { mailbox.close() }

  /// Sends a request and waits for the head of the answer.
  ///
  /// Cancelling the task, or dropping what is returned, closes the connection at once.
  func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPExchange {
    let transfer = Transfer(request)
    let mailbox = self.mailbox
    mailbox.post(.start(transfer))
    let result = await withTaskCancellationHandler {
      await transfer.head()
    } onCancel: {
      mailbox.cancel(transfer)
    }
    let head = try result.get()
    return HTTPExchange(head: head, transfer: transfer, mailbox: mailbox, transport: self)
  }
}

/// An answer whose head is known and whose body comes in pieces; for one reader.
final class HTTPExchange: Sendable {
  let head: HTTPHead
  private let transfer: Transfer
  private let mailbox: CurlMailbox
  // Held so that curl's thread lives as long as anybody reads from it.
  private let transport: HTTPTransport

  fileprivate init(
    head: HTTPHead, transfer: Transfer, mailbox: CurlMailbox, transport: HTTPTransport
  ) {
    self.transport = transport
    self.head = head
    self.transfer = transfer
    self.mailbox = mailbox
  }

  deinit {
    if !transfer.isDraining { mailbox.cancel(transfer) }
  }

  /// Whether the socket is left alone because the reader has not taken what came.
  var isPaused: Bool { transfer.isPaused }

  /// The next piece of the body, never empty; nil at its end.
  func next() async throws(HTTPFailure) -> [UInt8]? {
    let result = await withTaskCancellationHandler {
      await transfer.piece()
    } onCancel: {
      mailbox.cancel(transfer)
    }
    if transfer.isPaused { mailbox.post(.look) }
    return try result.get()
  }

  /// The whole body.
  func body() async throws(HTTPFailure) -> [UInt8] {
    var bytes: [UInt8] = []
    while let piece = try await next() {
      if bytes.isEmpty { bytes = piece } else { bytes.append(contentsOf: piece) }
    }
    return bytes
  }

  /// Gives up the rest of the body, but reads on for a moment so that the connection can be used again.
  func drain() {
    transfer.drain()
    mailbox.post(.look)
  }
}
