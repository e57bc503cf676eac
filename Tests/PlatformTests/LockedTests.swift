import Platform
import Testing

@Suite(.timeLimit(.minutes(5)))
struct LockedValueTests {
  private struct Refusal: Error, Equatable {}

  @Test func `loses no change, however many tasks make one`() async {
    let counter = Locked(0)
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<16 {
        group.addTask { for _ in 0..<5_000 { counter.withLock { $0 += 1 } } }
      }
    }
    #expect(counter.withLock { $0 } == 80_000)
  }

  @Test func `never shows a change half made`() async {
    let pair = Locked((left: 0, right: 0))
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<4 {
        group.addTask {
          for _ in 0..<5_000 {
            pair.withLock { pair in
              pair.left += 1
              pair.right += 1
            }
          }
        }
        group.addTask {
          for _ in 0..<5_000 { pair.withLock { #expect($0.left == $0.right) } }
        }
      }
    }
    #expect(pair.withLock { $0.right } == 20_000)
  }

  @Test func `is free again after an error`() {
    let value = Locked(1)
    #expect(throws: Refusal()) {
      try value.withLock { (value: inout Int) throws(Refusal) in
        value = 2
        throw Refusal()
      }
    }
    #expect(value.withLock { $0 } == 2)
  }

  @Test func `gives back what the body gives`() {
    let words = Locked(["a", "b"])
    #expect(words.withLock { $0.removeLast() } == "b")
    #expect(words.withLock { $0 } == ["a"])
  }

  @Test func `lets go of its value with itself`() {
    final class Token {}
    weak var held: Token?
    do {
      let token = Token()
      held = token
      let box = Locked([ObjectIdentifier: Token]())
      _ = box
      withExtendedLifetime(token) { #expect(held != nil) }
    }
    #expect(held == nil)
  }
}
